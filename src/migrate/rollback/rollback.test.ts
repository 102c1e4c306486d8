/** The pure parts of a rollback: what it is about and in which order, what is left in policies and on objects. */
import { describe, expect, test } from 'vitest';
import type { Policy } from '#apis/policy/matching.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { type MigrationPlan, type PlannedObject, planApiVersion } from '../model.ts';
import { withoutObjects } from './policies.ts';
import { claimsOf } from './preview.ts';
import { ownedOtherwise, remains } from './proof.ts';
import { batchesOf, NotInPlan, wavesOf } from './scope.ts';
import { isCopy, isMarkedBy, workOf } from './seen.ts';

const planned = (kind: string, name: string, wave: number, more: Partial<PlannedObject> = {}): PlannedObject => ({
  apiVersion: 'v1',
  kind,
  namespace: 'shop',
  name,
  uid: `uid-${name}`,
  resourceVersion: '1',
  verdict: { is: 'adopt' },
  wave,
  ...more,
});

const { wave: _none, ...skipped } = planned('Pod', 'own', 2, {
  verdict: { is: 'skip', reason: 'owned by ReplicaSet' },
});
const objects = [planned('ConfigMap', 'a', 1), planned('Secret', 'b', 1), planned('Service', 'c', 2), skipped];
const plan: MigrationPlan = {
  apiVersion: planApiVersion,
  kind: 'MigrationPlan',
  metadata: { name: 'shop', creationTimestamp: '2026-01-01T00:00:00Z' },
  spec: { from: { cluster: 'member1', id: 'id' }, to: ['member1', 'member2'], scope: {} },
  waves: [
    { number: 1, title: 'configuration', objects: 2 },
    { number: 2, title: 'services', objects: 1 },
  ],
  objects,
};
const names = (waves: ReturnType<typeof wavesOf>) => waves.map((wave) => wave.objects.map(({ name }) => name));

describe('what is rolled back', () => {
  test('is all that was taken over, last first', () => {
    expect(names(wavesOf(plan, {}))).toEqual([['c'], ['a', 'b']]);
    expect(names(wavesOf(plan, { wave: 1 }))).toEqual([['a', 'b']]);
    expect(names(wavesOf(plan, { object: 'Secret/shop/b' }))).toEqual([['b']]);
  });

  test.each([
    [{ wave: 3 }, 'the plan has no wave 3; it has 1, 2'],
    [{ object: 'Secret/b' }, 'the plan takes over no Secret/b; write KIND/NAMESPACE/NAME, as in Deployment/shop/web'],
    [
      { object: 'Pod/shop/own' },
      'the plan takes over no Pod/shop/own; write KIND/NAMESPACE/NAME, as in Deployment/shop/web',
    ],
  ])('is nothing that the plan does not have: %j', (scope, message) => {
    expect(() => wavesOf(plan, scope)).toThrow(new NotInPlan(message));
  });

  test('goes in batches that hold every object once', () => {
    const many = Array.from({ length: 250 }, (_, i) => planned('ConfigMap', String(i), 1));
    const batches = batchesOf({ number: 1, title: 'configuration', objects: many });
    expect(batches.map(({ length }) => length)).toEqual([100, 100, 50]);
    expect(batches.flat()).toEqual(many);
  });
});

describe('a policy of the plan', () => {
  const selectors = [
    { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'a' },
    { apiVersion: 'v1', kind: 'Secret', name: 'b' },
  ];
  const policy = (resourceSelectors: readonly object[]) =>
    ({
      kind: 'PropagationPolicy',
      metadata: { namespace: 'shop', name: 'p' },
      spec: { resourceSelectors },
    }) as unknown as Policy;

  test.each([
    ['names what is left', ['v1/ConfigMap/shop/a'], selectors, selectors.slice(1)],
    ['finds a name without a namespace in its own', ['v1/Secret/shop/b'], selectors, selectors.slice(0, 1)],
    ['goes when it names nothing more', ['v1/ConfigMap/shop/a', 'v1/Secret/shop/b'], selectors, undefined],
    [
      'keeps what somebody has added for a whole kind',
      ['v1/Secret/shop/b'],
      [{ apiVersion: 'v1', kind: 'Secret' }],
      [{ apiVersion: 'v1', kind: 'Secret' }],
    ],
  ])('%s', (_, identities, before, left) => {
    expect(withoutObjects(policy(before), new Set(identities))?.spec.resourceSelectors).toEqual(left);
  });

  test('is the same where it names none of them', () => {
    const same = policy(selectors);
    expect(withoutObjects(same, new Set(['v1/Secret/other/b']))).toBe(same);
  });
});

describe('an object in a member', () => {
  const entry = (manager: string, fields: readonly string[], time = 't') => ({
    manager,
    operation: 'Apply' as const,
    apiVersion: 'v1',
    time,
    fieldsType: 'FieldsV1' as const,
    fieldsV1: { 'f:data': Object.fromEntries(fields.map((field) => [`f:${field}`, {}])) },
  });
  const object = (metadata: UnstructuredObject['metadata']): UnstructuredObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata,
  });
  const marks = {
    labels: { app: 'web', 'karmada.io/managed': 'true' },
    annotations: {
      'work.karmada.io/namespace': 'karmada-es-member1',
      'work.karmada.io/name': 'a-7b86f9cb9',
      'propagationpolicy.karmada.io/name': 'shop-1',
    },
  };

  test('tells what of ours is left, but for what it had before', () => {
    const live = object({ ...marks, managedFields: [entry('flotilla', ['x'])] });
    expect(remains(live)).toEqual([
      'label karmada.io/managed',
      'annotation propagationpolicy.karmada.io/name',
      'annotation work.karmada.io/namespace',
      'annotation work.karmada.io/name',
      'a managedFields entry of flotilla',
    ]);
    expect(remains(live, live)).toEqual([]);
    expect(remains(object({ labels: { app: 'web' } }))).toEqual([]);
  });

  test('tells managers whose fields are others than before, and not when it was written', () => {
    const before = object({ managedFields: [entry('helm', ['a', 'b'])] });
    expect(ownedOtherwise(before, object({ managedFields: [entry('helm', ['a', 'b'], 'later')] }))).toEqual([]);
    const after = object({ managedFields: [entry('helm', ['a']), entry('kubectl', ['b'])] });
    expect(ownedOtherwise(before, after)).toEqual(['helm', 'kubectl']);
  });

  test('is this plan’s by the policy and the Work it names, and by nothing less', () => {
    const own = planned('ConfigMap', 'a', 1);
    const work = { ...marks.annotations, 'work.karmada.io/name': workOf(own, 'member1').name };
    const live = object({ annotations: work });
    expect(isMarkedBy(live, own, 'shop', 'member1')).toBe(true);
    expect(isMarkedBy(live, own, 'blog', 'member1')).toBe(false);
    expect(isMarkedBy(live, own, 'shop', 'member2')).toBe(false);
    expect(isMarkedBy(object({}), own, 'shop', 'member1')).toBe(false);
  });

  test('is a copy only where this plan made it, and never in the running cluster', () => {
    const own = planned('ConfigMap', 'a', 1);
    const work = workOf(own, 'member2');
    const annotations = {
      ...marks.annotations,
      'work.karmada.io/namespace': work.namespace,
      'work.karmada.io/name': work.name,
    };
    const place = {
      cluster: 'member2',
      standing: 'ready' as const,
      original: undefined,
      live: object({ annotations }),
    };
    expect(isCopy(place, own, plan)).toBe(true);
    const here = { ...plan, spec: { ...plan.spec, from: { cluster: 'member2', id: 'id' } } };
    expect(isCopy(place, own, here)).toBe(false);
    expect(isCopy({ ...place, original: object({}) }, own, plan)).toBe(false);
    expect(isCopy({ ...place, live: object(marks) }, own, plan)).toBe(false);
    // Somebody's own, whose kept original is lost: it must not be deleted for a copy.
    const made = (creationTimestamp: string) => ({ ...place, live: object({ annotations, creationTimestamp }) });
    expect(isCopy(made('2025-12-31T22:00:00Z'), own, plan)).toBe(false);
    expect(isCopy(made('2026-01-01T00:00:30Z'), own, plan)).toBe(true);
  });

  test.each([
    ['PersistentVolumeClaim', {}, ['a']],
    ['StatefulSet', { volumeClaimTemplates: [{ metadata: { name: 'data' } }] }, []],
    [
      'StatefulSet',
      {
        volumeClaimTemplates: [{ metadata: { name: 'data' } }],
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete' },
      },
      ['data-a-*'],
    ],
    ['Deployment', {}, []],
  ])('tells the data that goes with a copy: %s %j', (kind, spec, claims) => {
    expect(claimsOf({ apiVersion: 'v1', kind, metadata: { name: 'a' }, spec } as UnstructuredObject)).toEqual(claims);
  });
});
