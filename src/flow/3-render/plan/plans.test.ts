import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtinKind } from '#apis/kubernetes/kinds.ts';
import type { BindingSpec } from '#apis/work/binding-spec.ts';
import { fieldSetOf } from '#kube/apply/typed/field-set.ts';
import { equalSets, fieldSet, formatPath, has, pathsOf, toFieldsV1 } from '#kube/fields/fieldset.ts';
import type { ManagedFieldsEntry, UnstructuredObject } from '#kube/meta/object.ts';
import { divideCompletions } from './completions.ts';
import { prune } from './prune.ts';
import { statedFields } from './stated.ts';
import { isWorkload } from './targets.ts';

it.each<[string, object, boolean]>([
  ['with replicas', { replicas: 1 }, true],
  ['scaled to none', { replicas: 0, replicaRequirements: {} }, true],
  ['of one kind of Pods', { components: [{ name: 'a', replicas: 1 }] }, true],
  ['without Pods', { replicas: 0, components: [] }, false],
  ['that says nothing', {}, false],
])('replicas are the word of a binding %s', (_what, spec, expected) => {
  expect(isWorkload(spec as BindingSpec)).toBe(expected);
});

describe('divideCompletions', () => {
  const targets = (...replicas: readonly number[]) =>
    replicas.map((count, index) => ({ name: `m${index}`, replicas: count }));

  it.each<[number, readonly number[], readonly number[]]>([
    [6, [2, 1], [4, 2]],
    [5, [1, 1], [3, 2]],
    [1, [1, 5], [0, 1]],
    [0, [1, 1], [0, 0]],
    [7, [0, 3], [0, 7]],
  ])('%i over %j', (completions, replicas, expected) => {
    expect([...divideCompletions(completions, targets(...replicas)).values()]).toEqual(expected);
  });

  it('says nothing where nothing is assigned', () => {
    expect(divideCompletions(3, targets(0, 0)).size).toBe(0);
  });

  it('loses and makes none, and nobody is off by one or more', () => {
    fc.assert(
      fc.property(fc.nat(100), fc.array(fc.nat(20), { minLength: 1, maxLength: 6 }), (completions, replicas) => {
        const total = replicas.reduce((sum, count) => sum + count, 0);
        fc.pre(total > 0);
        const shares = [...divideCompletions(completions, targets(...replicas)).values()];
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(completions);
        shares.forEach((share, index) => {
          expect(Math.abs(share - (completions * replicas[index]!) / total)).toBeLessThan(1);
        });
      }),
    );
  });
});

describe('prune', () => {
  const object = (type: string, body: object = {}, metadata: object = {}) => {
    const cut = type.lastIndexOf('/');
    const identity = { apiVersion: type.slice(0, cut), kind: type.slice(cut + 1) };
    return { ...identity, metadata: { name: 'web', ...metadata }, ...body } as UnstructuredObject;
  };
  const served = {
    creationTimestamp: 't',
    deletionTimestamp: 't',
    deletionGracePeriodSeconds: 0,
    generation: 1,
    managedFields: [],
    resourceVersion: '1',
    selfLink: '/',
    uid: 'u',
    ownerReferences: [],
    finalizers: ['x'],
  };
  const generated = { 'controller-uid': 'u', 'job-name': 'web', 'batch.kubernetes.io/controller-uid': 'u' };
  const podTemplate = (labels: object) => ({ template: { metadata: { labels } } });
  const token = { type: 'kubernetes.io/service-account-token' };

  it.each<[string, UnstructuredObject, UnstructuredObject]>([
    [
      'what the server keeps of any object',
      object('v1/ConfigMap', { data: { a: 'b' }, status: {} }, { ...served, labels: { a: 'b' } }),
      object('v1/ConfigMap', { data: { a: 'b' } }, { labels: { a: 'b' } }),
    ],
    [
      'a Deployment’s revision',
      object('apps/v1/Deployment', {}, { annotations: { 'deployment.kubernetes.io/revision': '3', note: 'x' } }),
      object('apps/v1/Deployment', {}, { annotations: { note: 'x' } }),
    ],
    [
      'a Job’s selector, labels and time to live',
      object('batch/v1/Job', {
        spec: { completions: 1, ttlSecondsAfterFinished: 1, selector: {}, ...podTemplate({ ...generated, app: 'a' }) },
      }),
      object('batch/v1/Job', { spec: { completions: 1, ...podTemplate({ app: 'a' }) } }),
    ],
    [
      'not those a user manages',
      object('batch/v1/Job', {
        spec: { manualSelector: true, ttlSecondsAfterFinished: 1, selector: { a: 1 }, ...podTemplate(generated) },
      }),
      object('batch/v1/Job', { spec: { manualSelector: true, selector: { a: 1 }, ...podTemplate(generated) } }),
    ],
    [
      'a token',
      object(
        'v1/Secret',
        { ...token, data: { token: 'x' } },
        { annotations: { 'kubernetes.io/service-account.uid': 'u', 'kubernetes.io/service-account.name': 'a' } },
      ),
      object('v1/Secret', token, { annotations: { 'kubernetes.io/service-account.name': 'a' } }),
    ],
    [
      'no other Secret',
      object('v1/Secret', { type: 'Opaque', data: { a: 'x' } }),
      object('v1/Secret', { type: 'Opaque', data: { a: 'x' } }),
    ],
    [
      'tokens a cluster made for an account',
      object('v1/ServiceAccount', { secrets: [{ name: 'web-token-x' }, { name: 'mine' }] }),
      object('v1/ServiceAccount', { secrets: [{ name: 'mine' }] }),
    ],
    ['all of them', object('v1/ServiceAccount', { secrets: [{ name: 'web-token-x' }] }), object('v1/ServiceAccount')],
    [
      'a Service’s addresses',
      object('v1/Service', { spec: { clusterIP: '10.0.0.1', clusterIPs: ['10.0.0.1'], ports: [] } }),
      object('v1/Service', { spec: { ports: [] } }),
    ],
    [
      'a headless one has none',
      object('v1/Service', { spec: { clusterIP: 'None', clusterIPs: ['None'] } }),
      object('v1/Service', { spec: { clusterIP: 'None', clusterIPs: ['None'] } }),
    ],
    [
      'the node a claim was made for',
      object('v1/PersistentVolumeClaim', {}, { annotations: { 'volume.kubernetes.io/selected-node': 'n' } }),
      object('v1/PersistentVolumeClaim'),
    ],
  ])('%s', (_what, given, expected) => {
    expect(prune(given)).toEqual(expected);
    expect(prune(prune(given))).toEqual(expected);
  });
});

describe('statedFields', () => {
  const kind = builtinKind('apps', 'v1', 'Deployment')!;
  const config = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace: 'default', name: 'web', labels: { app: 'web' } },
    spec: {
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'a', image: 'a:1' }] } },
    },
  } as unknown as UnstructuredObject;
  const live = {
    ...config,
    spec: {
      ...(config.spec as object),
      replicas: 1,
      revisionHistoryLimit: 10,
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'a', image: 'a:1', imagePullPolicy: 'IfNotPresent' }], restartPolicy: 'Always' },
      },
    },
  } as unknown as UnstructuredObject;
  const entry = (operation: 'Apply' | 'Update', object: UnstructuredObject, more: object = {}): ManagedFieldsEntry => ({
    manager: 'm',
    operation,
    apiVersion: 'apps/v1',
    fieldsType: 'FieldsV1',
    fieldsV1: toFieldsV1(fieldSetOf(kind.schema, object)),
    ...more,
  });
  const owned = (...managedFields: readonly ManagedFieldsEntry[]) =>
    ({ ...live, metadata: { ...live.metadata, managedFields } }) as UnstructuredObject;
  const of = (object: UnstructuredObject) => {
    const stated = statedFields(object, kind);
    if (stated === 'whole') throw new Error('whole');
    return stated;
  };
  const container = '.spec.template.spec.containers[name="a"]';
  const textsOf = (object: UnstructuredObject) => pathsOf(of(object)).map(formatPath);

  it('an apply’s fields are stated, defaults are not', () => {
    expect(new Set(textsOf(owned(entry('Apply', config))))).toEqual(
      new Set([
        '.metadata.labels.app',
        '.spec.selector',
        '.spec.template.metadata.labels.app',
        `${container}.image`,
        `${container}.name`,
      ]),
    );
  });

  it('an update’s defaults are not stated, what it changed is', () => {
    const texts = textsOf(owned(entry('Update', live)));
    expect(texts).toContain(`${container}.image`);
    expect(texts).not.toContain('.spec.replicas');
    expect(texts).not.toContain(`${container}.imagePullPolicy`);
    const scaled = { ...live, spec: { ...(live.spec as object), replicas: 3 } } as UnstructuredObject;
    const managedFields = [entry('Update', scaled)];
    const object = { ...scaled, metadata: { ...scaled.metadata, managedFields } } as UnstructuredObject;
    expect(textsOf(object)).toContain('.spec.replicas');
  });

  it('a list item is stated though it says no more than its key', () => {
    expect(textsOf(owned(entry('Update', live)))).toContain(container);
  });

  it('what was applied on the client’s side is stated, also where it is a default', () => {
    const explicit = { ...config, spec: { ...(config.spec as object), replicas: 1 } };
    const object = owned(entry('Update', live));
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(explicit) };
    const set = of({ ...object, metadata: { ...object.metadata, annotations } } as UnstructuredObject);
    expect(has(set, ['spec', 'replicas'])).toBe(true);
  });

  it('neither status nor our claim is', () => {
    const claim = ['metadata', 'labels', 'propagationpolicy.karmada.io/permanent-id'];
    const fieldsV1 = toFieldsV1(fieldSet(claim, ['metadata', 'labels', 'app'], ['status', 'replicas']));
    const set = of(owned({ ...entry('Apply', config), fieldsV1 }));
    expect(equalSets(set, fieldSet(['metadata', 'labels', 'app']))).toBe(true);
    const status = entry('Update', live, { subresource: 'status', fieldsV1: toFieldsV1(fieldSet(['spec', 'paused'])) });
    expect(has(of(owned(entry('Apply', config), status)), ['spec', 'paused'])).toBe(false);
  });

  it('a scale is a statement, in whatever version', () => {
    const scaled = { ...live, spec: { ...(live.spec as object), replicas: 5 } } as UnstructuredObject;
    const scale = entry('Update', config, {
      subresource: 'scale',
      apiVersion: 'apps/v1',
      fieldsV1: toFieldsV1(fieldSet(['spec', 'replicas'])),
    });
    const managedFields = [entry('Apply', config), scale];
    expect(
      has(of({ ...scaled, metadata: { ...scaled.metadata, managedFields } } as UnstructuredObject), [
        'spec',
        'replicas',
      ]),
    ).toBe(true);
  });

  it.each<[string, UnstructuredObject]>([
    ['nobody is known to own anything', live],
    ['an entry is of another version', owned(entry('Update', live, { apiVersion: 'apps/v1beta1' }))],
    [
      'the record is of another version',
      {
        ...owned(entry('Update', live)),
        metadata: {
          ...owned(entry('Update', live)).metadata,
          annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"apiVersion":"apps/v1beta1"}' },
        },
      } as UnstructuredObject,
    ],
    [
      'the record cannot be read',
      {
        ...owned(entry('Update', live)),
        metadata: {
          ...owned(entry('Update', live)).metadata,
          annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{' },
        },
      } as UnstructuredObject,
    ],
  ])('whole: %s', (_what, object) => {
    expect(statedFields(object, kind)).toBe('whole');
  });

  it('an entry of another version that holds only our claim does not count', () => {
    const claim = toFieldsV1(fieldSet(['metadata', 'labels', 'propagationpolicy.karmada.io/permanent-id']));
    const set = of(
      owned(entry('Apply', config), entry('Update', live, { apiVersion: 'apps/v1beta1', fieldsV1: claim })),
    );
    expect(equalSets(set, of(owned(entry('Apply', config))))).toBe(true);
  });
});
