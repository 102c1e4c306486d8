import { describe, expect, it } from 'vitest';
import { builtinKind } from '#apis/kubernetes/kinds.ts';
import { fieldSetOf } from '#kube/apply/typed/field-set.ts';
import {
  emptyFieldSet,
  type FieldSet,
  fieldSet,
  formatPath,
  fromFieldsV1,
  pathsOf,
  union,
} from '#kube/fields/fieldset.ts';
import type { ManagedFieldsEntry, UnstructuredObject } from '#kube/meta/object.ts';
import { deferredAtAdoption, stillDeferred } from './plan/applied.ts';
import { entry } from './plan/entry.fixture.ts';
import { lastWrite, planWrite, type WriteInput, type WritePlan } from './plan.ts';

const kind = builtinKind('apps', 'v1', 'Deployment')!;
const marks = { 'karmada.io/managed': 'true' };
const deployment = (spec: object, labels: object = {}, annotations: object = {}) =>
  ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace: 'default', name: 'web', labels, annotations },
    spec,
  }) as unknown as UnstructuredObject;
const overwrite = { 'work.karmada.io/conflict-resolution': 'overwrite' };
const manifest = deployment({ replicas: 2, paused: false, minReadySeconds: 5 }, marks, overwrite);
const stated = union(
  fieldSet(['spec', 'replicas'], ['spec', 'minReadySeconds']),
  fieldSet(
    ['metadata', 'labels', 'karmada.io/managed'],
    ['metadata', 'annotations', 'work.karmada.io/conflict-resolution'],
  ),
);

const ours = (fields: FieldSet) => entry('flotilla', 'Apply', fields);
const owned = (object: UnstructuredObject, ...managedFields: readonly ManagedFieldsEntry[]) =>
  ({
    ...object,
    metadata: { ...object.metadata, uid: 'u', resourceVersion: '7', managedFields },
  }) as UnstructuredObject;
const without = (object: UnstructuredObject, ...names: readonly string[]) =>
  ({
    ...object,
    spec: Object.fromEntries(Object.entries(object.spec as object).filter(([name]) => !names.includes(name))),
  }) as UnstructuredObject;

const input = (live: UnstructuredObject | undefined, more: Partial<WriteInput> = {}): WriteInput => ({
  cluster: 'member1',
  manifest,
  retained: manifest,
  stated,
  removed: emptyFieldSet,
  live,
  deferred: [],
  kind,
  means: { by: 'apply' },
  last: undefined,
  ...more,
});
const specOf = (object: UnstructuredObject) => object.spec;
const configOf = (plan: WritePlan) => {
  if (plan.action !== 'apply') throw new Error(`the plan is ${plan.action}`);
  return plan.config;
};
const right = without(manifest, 'paused');

describe('creation', () => {
  it('writes what is stated, or the whole where the template asks for replacement', () => {
    expect(planWrite(input(undefined))).toEqual({ action: 'create', object: right });
    expect(planWrite(input(undefined, { means: { by: 'replacement' } }))).toEqual({
      action: 'create',
      object: manifest,
    });
  });
});

describe('an object that we have just created', () => {
  const fields = fieldSetOf(kind.schema, right);
  const defaults = fieldSet(['spec', 'progressDeadlineSeconds']);
  const made = { ...right, spec: { ...(right.spec as object), progressDeadlineSeconds: 600 } } as UnstructuredObject;
  const byCreation = entry('flotilla', 'Update', union(fields, defaults), { time: '2026-01-01T00:00:00Z' });

  it('becomes by one patch what an apply and a hand-over would make of it', () => {
    const plan = planWrite(input(owned(made, byCreation)));
    if (plan.action !== 'own') throw new Error(`the plan is ${plan.action}`);
    expect(plan.config).toEqual(right);
    const owner = entry('flotilla', 'Apply', fields, { time: '2026-01-01T00:00:00Z' });
    expect(plan.patch).toEqual([
      { op: 'test', path: '/metadata/resourceVersion', value: '7' },
      { op: 'replace', path: '/metadata/managedFields', value: [owner] },
    ]);
    const last = lastWrite('apply', plan.config, owned(made, owner), kind);
    expect(planWrite(input(owned(made, owner), { last }))).toEqual({ action: 'none' });
  });

  it('is not asked for again of a member that keeps no account of owners', () => {
    const live = owned(made, byCreation);
    expect(planWrite(input(live, { last: lastWrite('apply', right, live, kind) }))).toEqual({ action: 'none' });
  });

  it.each<[string, UnstructuredObject]>([
    ['has been changed since', owned({ ...made, spec: { replicas: 3, minReadySeconds: 5 } }, byCreation)],
    ['says nothing of its creation', owned(made)],
    ['was created in another version', owned(made, { ...byCreation, apiVersion: 'apps/v1beta1' })],
    ['is another one, made by somebody else', owned(made, { ...byCreation, manager: 'kubectl-create' })],
  ])('is applied where it %s', (_what, live) => {
    expect(configOf(planWrite(input(live)))).toEqual(right);
  });
});

describe('an object of somebody else', () => {
  const theirs = owned(deployment({ replicas: 3 }), entry('kubectl', 'Apply', fieldSet(['spec', 'replicas'])));
  const aborting = deployment({ replicas: 2 }, marks, { 'work.karmada.io/conflict-resolution': 'abort' });

  it('is refused in the words compatible clients expect', () => {
    expect(planWrite(input(theirs, { manifest: aborting, retained: aborting }))).toEqual({
      action: 'refuse',
      why: 'resource(kind=Deployment, default/web) already exists in the cluster member1 and the work.karmada.io/conflict-resolution strategy value is empty, Karmada will not manage this resource',
    });
  });

  it('is taken over where the Work says so', () => {
    expect(configOf(planWrite(input(theirs)))).toEqual(right);
  });

  it('is ours once it carries our mark, whatever the Work says', () => {
    const marked = owned(deployment({ replicas: 3 }, marks));
    expect(planWrite(input(marked, { manifest: aborting, retained: aborting })).action).toBe('apply');
  });

  it('a namespace that is there serves as it is', () => {
    const place = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } } as UnstructuredObject;
    const namespace = {
      kind: builtinKind('', 'v1', 'Namespace')!,
      manifest: place,
      retained: place,
      stated: emptyFieldSet,
    };
    expect(planWrite(input(place, namespace))).toEqual({ action: 'none' });
  });
});

describe('an object of ours', () => {
  const fields = fieldSetOf(kind.schema, right);

  it('is left alone when it is right', () => {
    expect(planWrite(input(owned(right, ours(fields))))).toEqual({ action: 'none' });
    const grown = owned({ ...right, spec: { ...(right.spec as object), paused: true } }, ours(fields));
    expect(planWrite(input(grown))).toEqual({ action: 'none' });
  });

  it('is put right where a stated field differs; only a field that we had written is a revert', () => {
    const drifted = owned({ ...right, spec: { replicas: 9, minReadySeconds: 5 } }, ours(fields));
    const first = planWrite(input(drifted));
    expect(configOf(first)).toEqual(right);
    expect(first.action === 'apply' && pathsOf(first.reverts)).toEqual([]);
    const last = lastWrite('apply', right, owned(right, ours(fields)), kind);
    const again = planWrite(input(drifted, { last }));
    expect(again.action === 'apply' && pathsOf(again.reverts).map(formatPath)).toEqual(['.spec.replicas']);
  });

  it('a value that the member answers in its own way is right', () => {
    const answered = owned({ ...right, spec: { replicas: 2, minReadySeconds: 7 } }, ours(fields));
    const last = lastWrite('apply', right, answered, kind);
    expect(planWrite(input(answered, { last }))).toEqual({ action: 'none' });
  });

  it('what leaves the template leaves the apply; what is no longer stated but still there does not', () => {
    const smaller = without(manifest, 'minReadySeconds');
    const live = owned(right, ours(fields));
    expect(specOf(configOf(planWrite(input(live, { manifest: smaller, retained: smaller }))))).toEqual({ replicas: 2 });
    const unstated = fieldSet(['metadata', 'labels', 'karmada.io/managed']);
    expect(planWrite(input(live, { stated: unstated }))).toEqual({ action: 'none' });
  });

  it('what a person applied too is handed over to us', () => {
    const both = owned(
      right,
      ours(fields),
      entry('kubectl-client-side-apply', 'Update', fieldSet(['spec', 'replicas'], ['spec', 'paused'])),
    );
    const plan = planWrite(input(both));
    expect(plan.action).toBe('handOver');
    expect(JSON.stringify(plan)).toContain('"op":"test","path":"/metadata/resourceVersion","value":"7"');
    expect(JSON.stringify(plan)).not.toContain('kubectl-client-side-apply');
  });

  it('not what a controller owns', () => {
    const scaler = entry('horizontal-pod-autoscaler', 'Update', fieldSet(['spec', 'replicas']), {
      subresource: 'scale',
    });
    const live = owned({ ...right, spec: { replicas: 8, minReadySeconds: 5 } }, scaler);
    expect(specOf(configOf(planWrite(input(live))))).toEqual({ minReadySeconds: 5 });
    const shared = owned({ ...right, spec: { replicas: 8, minReadySeconds: 5 } }, ours(fields), scaler);
    const plan = planWrite(input(shared));
    // Given up first: left out of an apply it would be deleted.
    expect(plan.action).toBe('release');
    expect(JSON.stringify(plan)).toContain('horizontal-pod-autoscaler');
  });

  it('what the interpreter retains is left to the member', () => {
    const retained = { ...manifest, spec: { ...(manifest.spec as object), replicas: 6 } } as UnstructuredObject;
    const live = owned({ ...right, spec: { replicas: 6 } }, entry('x', 'Update', fieldSet(['spec', 'replicas'])));
    expect(specOf(configOf(planWrite(input(live, { retained }))))).toEqual({ minReadySeconds: 5 });
  });
});

describe('what an override took', () => {
  const minReady = ['spec', 'minReadySeconds'];
  const removed = fieldSet(minReady, ['metadata', 'labels', 'team']);
  const smaller = without(manifest, 'minReadySeconds');
  const own = ours(fieldSetOf(kind.schema, without(right, 'minReadySeconds')));
  const theirs = entry('kubectl', 'Update', fieldSet(minReady, ['metadata', 'labels', 'team'], ['spec', 'paused']));
  const live = owned(
    deployment({ replicas: 2, minReadySeconds: 9, paused: true }, { ...marks, team: 'a' }, overwrite),
    own,
    theirs,
  );
  const taking = (object: UnstructuredObject, more: Partial<WriteInput> = {}) =>
    planWrite(input(object, { manifest: smaller, retained: smaller, removed, ...more }));
  const entriesOf = (plan: WritePlan): readonly ManagedFieldsEntry[] => {
    if (plan.action !== 'claim') throw new Error(`the plan is ${plan.action}`);
    const [, { value }] = plan.patch as unknown as readonly [unknown, { value: readonly ManagedFieldsEntry[] }];
    return value;
  };
  const fieldsOf = (entries: readonly ManagedFieldsEntry[], manager: string) =>
    pathsOf(fromFieldsV1(entries.find((each) => each.manager === manager)!.fieldsV1)).map(formatPath);

  it('is handed over from people’s tools first, and then pruned by the apply that lacks it', () => {
    const entries = entriesOf(taking(live));
    expect(fieldsOf(entries, 'kubectl')).toEqual(['.spec.paused']);
    expect(fieldsOf(entries, 'flotilla')).toEqual(
      expect.arrayContaining(['.metadata.labels.team', '.spec.minReadySeconds', '.spec.replicas']),
    );
    expect(new Set(entries.map(({ manager }) => manager))).toEqual(new Set(['flotilla', 'kubectl']));
    const next = configOf(taking(owned(live, ...entries)));
    expect(next.spec).toEqual({ replicas: 2 });
    expect(next.metadata.labels).toEqual(marks);
  });

  it('goes in one apply with an adoption: what is claimed before it makes our entry', () => {
    const foreign = owned(deployment({ replicas: 2, minReadySeconds: 9 }, { team: 'a' }), theirs);
    expect(fieldsOf(entriesOf(taking(foreign)), 'flotilla')).toEqual([
      '.metadata.labels.team',
      '.spec.minReadySeconds',
    ]);
  });

  it('is left where a controller has it, the interpreter retains it, or nobody owns it', () => {
    const controllers = entry('horizontal-pod-autoscaler', 'Update', fieldSet(minReady));
    expect(taking(owned(live, own, controllers)).action).toBe('none');
    expect(taking(owned(live, own)).action).toBe('none');
    const retained = { ...smaller, spec: { ...(smaller.spec as object), minReadySeconds: 9 } } as UnstructuredObject;
    expect(fieldsOf(entriesOf(taking(live, { retained })), 'kubectl')).toContain('.spec.minReadySeconds');
  });

  it('and set again after we had taken it is a revert', () => {
    const config = configOf(taking(owned(live, ...entriesOf(taking(live)))));
    const last = lastWrite('apply', config, config, kind);
    const plan = taking(live, { last });
    expect(plan.action === 'claim' && pathsOf(plan.reverts).map(formatPath)).toEqual([
      '.metadata.labels.team',
      '.spec.minReadySeconds',
    ]);
  });

  it('goes by update too, where apply cannot work', () => {
    const plan = taking(live, { means: { by: 'update', why: 'keys occur twice' } });
    expect(plan.action === 'update' && plan.object.spec).toEqual({ replicas: 2, paused: true });
    expect(plan.action === 'update' && plan.object.metadata.labels).toEqual(marks);
  });
});

describe('what a person had set before the adoption', () => {
  const scale = entry('kubectl', 'Update', fieldSet(['spec', 'replicas']), { subresource: 'scale' });
  const restarted = (at: string) => ({
    template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': at } } },
  });
  const scaled = owned(deployment({ replicas: 5, ...restarted('t') }), scale);

  it('is a scale and a restart, with what the manifest said then', () => {
    expect(deferredAtAdoption(scaled, manifest)).toEqual([
      { path: ['spec', 'replicas'], value: 2 },
      { path: ['spec', 'template', 'metadata', 'annotations', 'kubectl.kubernetes.io/restartedAt'], value: null },
    ]);
    expect(deferredAtAdoption(owned(deployment({ replicas: 5 })), manifest)).toEqual([]);
    const byController = { ...scale, manager: 'horizontal-pod-autoscaler' };
    expect(deferredAtAdoption(owned(deployment({ replicas: 5 }), byController), manifest)).toEqual([]);
  });

  it('stays until the manifest says another value', () => {
    const deferred = deferredAtAdoption(scaled, manifest);
    expect(stillDeferred(deferred, manifest, scaled)).toBe(deferred);
    expect(specOf(configOf(planWrite(input(scaled, { deferred }))))).toEqual({ minReadySeconds: 5 });
    const edited = { ...manifest, spec: { ...(manifest.spec as object), replicas: 3 } } as UnstructuredObject;
    const left = stillDeferred(deferred, edited, scaled);
    expect(left.map(({ path }) => path[1])).toEqual(['template']);
    expect(specOf(configOf(planWrite(input(scaled, { deferred: left, manifest: edited, retained: edited }))))).toEqual({
      replicas: 3,
      minReadySeconds: 5,
    });
  });

  it('and is ours for good once we have applied it', () => {
    const deferred = deferredAtAdoption(scaled, manifest);
    const applied = owned(deployment({ replicas: 2 }), ours(fieldSet(['spec', 'replicas'])));
    expect(stillDeferred(deferred, manifest, applied).map(({ path }) => path[1])).toEqual(['template']);
  });
});

describe('writing by update', () => {
  const means = { by: 'update', why: 'keys occur twice' } as const;

  it('puts what is stated onto the live object, notes it, and is then at rest', () => {
    const live = owned(deployment({ replicas: 9, paused: true }, marks));
    const plan = planWrite(input(live, { means }));
    if (plan.action !== 'update') throw new Error(plan.action);
    expect(plan.object.spec).toEqual({ replicas: 2, paused: true, minReadySeconds: 5 });
    expect(plan.object.metadata.resourceVersion).toBe('7');
    expect(plan.object.metadata.annotations).toHaveProperty(['work.flotilla.io/written-fields']);
    expect(planWrite(input(plan.object, { means }))).toEqual({ action: 'none' });
    // What leaves the template later leaves the member, by that note.
    const smaller = without(manifest, 'minReadySeconds');
    const next = planWrite(input(plan.object, { means, manifest: smaller, retained: smaller }));
    expect(next.action === 'update' && next.object.spec).toEqual({ replicas: 2, paused: true });
  });

  it('replaces the whole, less what is the member’s own, where the template asks for it', () => {
    const before = { 'resourcetemplate.karmada.io/managed-labels': 'gone,karmada.io/managed' };
    const live = owned({
      ...deployment({ replicas: 9, paused: true }, { ...marks, gone: 'x', kept: 'y' }, before),
      status: { replicas: 9 },
    } as never);
    const plan = planWrite(input(live, { means: { by: 'replacement' } }));
    if (plan.action !== 'update') throw new Error(plan.action);
    expect(plan.object).toMatchObject({ spec: manifest.spec, status: { replicas: 9 } });
    expect(plan.object.spec).toEqual(manifest.spec);
    expect(plan.object.metadata.labels).toEqual({ ...marks, kept: 'y' });
    expect(planWrite(input(plan.object, { means: { by: 'replacement' } }))).toEqual({ action: 'none' });
  });
});
