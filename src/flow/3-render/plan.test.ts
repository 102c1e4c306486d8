import { describe, expect, it } from 'vitest';
import { claimFor, withClaim } from '#apis/policy/claim.ts';
import type { Policy } from '#apis/policy/matching.ts';
import type { Binding } from '#apis/work/binding.ts';
import type { Work } from '#apis/work/work.ts';
import { type FieldSet, fieldSet, fromFieldsText, has } from '#kube/fields/fieldset.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { plain } from './plan/rendered.ts';
import { render, stamped } from './plan.ts';

const template = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace: 'default', name: 'web', uid: 'u1', generation: 3 },
  spec: { replicas: 2 },
} as unknown as UnstructuredObject;
const manifest = {
  ...template,
  metadata: { namespace: 'default', name: 'web', labels: { app: 'web' } },
} as UnstructuredObject;

const policy = {
  kind: 'PropagationPolicy',
  metadata: { namespace: 'default', name: 'pp', labels: { 'propagationpolicy.karmada.io/permanent-id': 'p1' } },
} as unknown as Policy;
const bare = {
  apiVersion: 'work.karmada.io/v1alpha2',
  kind: 'ResourceBinding',
  metadata: {
    namespace: 'default',
    name: 'web-deployment',
    labels: { 'resourcebinding.karmada.io/permanent-id': 'b1' },
    annotations: { 'resourcetemplate.flotilla.io/seen': '3.a.b' },
  },
  spec: {
    resource: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' },
    conflictResolution: 'Overwrite',
    replicas: 2,
    clusters: [
      { name: 'a', replicas: 2 },
      { name: 'b', replicas: 2 },
    ],
  },
} as unknown as Binding;
const binding = (more: object = {}): Binding =>
  withClaim({ ...bare, spec: { ...bare.spec, ...more } } as Binding, claimFor(policy));

const input = (
  given: Binding,
  existing: readonly Work[] = [],
  stated: FieldSet | 'whole' = fieldSet(['spec', 'replicas']),
) => ({
  binding: given,
  template,
  rendered: new Map(['a', 'b', 'c'].map((name) => [name, plain(manifest, stated)])),
  existing,
  newId: () => 'w1',
});
const clustersOf = (works: readonly Work[]) =>
  works.map((work) => work.metadata.namespace!.slice('karmada-es-'.length));
const ending = (work: Work): Work => ({ ...work, metadata: { ...work.metadata, deletionTimestamp: 'now' } });
const [first, second] = render(input(binding())).write as [Work, Work];

describe('a Work', () => {
  it('is the one golden 02 has', () => {
    expect(first).toEqual({
      apiVersion: 'work.karmada.io/v1alpha1',
      kind: 'Work',
      metadata: {
        name: 'web-7b7cc5b9ff',
        namespace: 'karmada-es-a',
        finalizers: ['karmada.io/execution-controller'],
        labels: { 'resourcebinding.karmada.io/permanent-id': 'b1', 'work.karmada.io/permanent-id': 'w1' },
        annotations: {
          'resourcebinding.karmada.io/name': 'web-deployment',
          'resourcebinding.karmada.io/namespace': 'default',
          'work.karmada.io/conflict-resolution': 'overwrite',
          'work.flotilla.io/stated-fields': expect.any(String),
        },
      },
      spec: {
        preserveResourcesOnDeletion: false,
        suspendDispatching: false,
        workload: {
          manifests: [
            {
              ...manifest,
              metadata: {
                namespace: 'default',
                name: 'web',
                labels: {
                  app: 'web',
                  'karmada.io/managed': 'true',
                  'resourcebinding.karmada.io/permanent-id': 'b1',
                  'work.karmada.io/permanent-id': 'w1',
                },
                annotations: {
                  'resourcebinding.karmada.io/name': 'web-deployment',
                  'resourcebinding.karmada.io/namespace': 'default',
                  'resourcetemplate.karmada.io/generation': '3',
                  'resourcetemplate.karmada.io/managed-annotations': [
                    'resourcebinding.karmada.io/name',
                    'resourcebinding.karmada.io/namespace',
                    'resourcetemplate.karmada.io/generation',
                    'resourcetemplate.karmada.io/managed-annotations',
                    'resourcetemplate.karmada.io/managed-labels',
                    'resourcetemplate.karmada.io/uid',
                    'work.karmada.io/conflict-resolution',
                    'work.karmada.io/name',
                    'work.karmada.io/namespace',
                  ].join(),
                  'resourcetemplate.karmada.io/managed-labels': [
                    'app',
                    'karmada.io/managed',
                    'resourcebinding.karmada.io/permanent-id',
                    'work.karmada.io/permanent-id',
                  ].join(),
                  'resourcetemplate.karmada.io/uid': 'u1',
                  'work.karmada.io/conflict-resolution': 'overwrite',
                  'work.karmada.io/name': 'web-7b7cc5b9ff',
                  'work.karmada.io/namespace': 'karmada-es-a',
                },
              },
            },
          ],
        },
      },
    });
  });

  it('of a kind without generations says none, and one of a cluster-wide kind names its own binding', () => {
    const clusterWide = {
      ...binding(),
      metadata: { name: 'web-clusterrole', labels: { 'clusterresourcebinding.karmada.io/permanent-id': 'b2' } },
    } as Binding;
    const ungenerated = {
      ...template,
      metadata: { ...template.metadata, generation: undefined },
    } as UnstructuredObject;
    const [work] = render({ ...input(clusterWide), template: ungenerated }).write;
    const made = work!.spec.workload!.manifests![0] as unknown as UnstructuredObject;
    expect(made.metadata.annotations).not.toHaveProperty('resourcetemplate.karmada.io/generation');
    expect(made.metadata.annotations).toHaveProperty('clusterresourcebinding.karmada.io/name', 'web-clusterrole');
    expect(work!.metadata.labels).toHaveProperty('clusterresourcebinding.karmada.io/permanent-id', 'b2');
  });

  it.each<[string, object, string | undefined, string]>([
    ['the policy', { conflictResolution: 'Overwrite' }, undefined, 'overwrite'],
    ['by default', { conflictResolution: undefined }, undefined, 'abort'],
    ['the template’s own word goes first', { conflictResolution: 'Overwrite' }, 'abort', 'abort'],
    ['and either way', { conflictResolution: 'Abort' }, 'overwrite', 'overwrite'],
    ['a word nobody knows is none', { conflictResolution: 'Abort' }, 'yes', 'abort'],
  ])('conflict resolution: %s', (_what, spec, own, expected) => {
    const annotations = own ? { 'work.karmada.io/conflict-resolution': own } : {};
    const asked = { ...template, metadata: { ...template.metadata, annotations } } as UnstructuredObject;
    const [work] = render({ ...input(binding(spec)), template: asked }).write;
    expect(work!.metadata.annotations).toHaveProperty('work.karmada.io/conflict-resolution', expected);
  });

  it.each<[string, object, readonly boolean[]]>([
    ['not', {}, [false, false]],
    ['whole', { suspension: { dispatching: true } }, [true, true]],
    ['in one cluster', { suspension: { dispatchingOnClusters: { clusterNames: ['b'] } } }, [false, true]],
    ['its scheduling alone', { suspension: { scheduling: true } }, [false, false]],
  ])('suspended: %s', (_what, spec, expected) => {
    expect(render(input(binding(spec))).write.map((work) => work.spec.suspendDispatching)).toEqual(expected);
  });

  it('says how it is to be written: the template’s word before the policy’s', () => {
    const asking = (object: { readonly metadata: object }, mode: string) =>
      ({ ...object, metadata: { ...object.metadata, annotations: { 'work.flotilla.io/write': mode } } }) as never;
    const modeOf = (works: readonly Work[]) => works[0]!.metadata.annotations!['work.flotilla.io/write'];
    expect(modeOf(render(input(asking(binding(), 'replace'))).write)).toBe('replace');
    expect(modeOf(render({ ...input(asking(binding(), 'replace')), template: asking(template, 'apply') }).write)).toBe(
      'apply',
    );
  });
});

describe('what is stated', () => {
  const statedIn = (work: Work | undefined) => {
    const text = work!.metadata.annotations!['work.flotilla.io/stated-fields'];
    return text === undefined ? undefined : fromFieldsText(text);
  };
  const divided = { placement: { replicaScheduling: { replicaSchedulingType: 'Divided' } } };
  const image = fieldSet(['spec', 'image']);

  it('is the template’s, and our marks', () => {
    const set = statedIn(render(input(binding(), [], image)).write[0])!;
    expect(has(set, ['spec', 'image'])).toBe(true);
    expect(has(set, ['spec', 'replicas'])).toBe(false);
    expect(has(set, ['metadata', 'labels', 'karmada.io/managed'])).toBe(true);
    expect(has(set, ['metadata', 'annotations', 'work.karmada.io/name'])).toBe(true);
  });

  it('divided replicas are our own statement', () => {
    expect(has(statedIn(render(input(binding(divided), [], image)).write[0])!, ['spec', 'replicas'])).toBe(true);
    const job = { ...divided, resource: { ...bare.spec.resource, kind: 'Job' } };
    const set = statedIn(render(input(binding(job), [], image)).write[0])!;
    expect(has(set, ['spec', 'parallelism']) && has(set, ['spec', 'completions'])).toBe(true);
  });

  it('is the whole manifest where it cannot be told, or would be too long to say', () => {
    expect(statedIn(render(input(binding(divided), [], 'whole')).write[0])).toBeUndefined();
    const long = fieldSet(...Array.from({ length: 5_000 }, (_, index) => ['data', `a-long-key-of-the-data-${index}`]));
    expect(statedIn(render(input(binding(), [], long)).write[0])).toBeUndefined();
  });
});

describe('render', () => {
  it('writes nothing that is right already, and keeps what others put on a Work', () => {
    expect(render(input(binding(), [first, second]))).toEqual({ write: [], remove: [] });
    const noted = {
      ...first,
      metadata: {
        ...first.metadata,
        labels: { ...first.metadata.labels, team: 'x' },
        annotations: { ...first.metadata.annotations, note: 'y' },
      },
      status: { conditions: [] },
    } as Work;
    expect(render(input(binding(), [noted, second])).write).toEqual([]);
    const [again] = render(input(binding({ preserveResourcesOnDeletion: true }), [noted, second])).write;
    expect(again).toMatchObject({
      metadata: { labels: { team: 'x' }, annotations: { note: 'y' } },
      status: { conditions: [] },
    });
  });

  it.each<[string, Binding, readonly Work[], readonly string[], readonly string[]]>([
    ['a cluster more', binding(), [first], ['b'], []],
    ['a cluster less', binding({ clusters: [{ name: 'a' }] }), [first, second], [], ['b']],
    ['no cluster', binding({ clusters: undefined }), [first, second], [], ['a', 'b']],
    ['only dependents ask', binding({ clusters: [], requiredBy: [{ clusters: [{ name: 'b' }] }] }), [], ['b'], []],
    ['none of what is going already', binding({ clusters: [{ name: 'a' }] }), [first, ending(second)], [], []],
    ['a Work that is going comes back once it is gone', binding(), [first, ending(second)], [], []],
    [
      'left gracefully it stays',
      binding({ clusters: [{ name: 'a' }], gracefulEvictionTasks: [{ fromCluster: 'b', purgeMode: 'Gracefully' }] }),
      [first, second],
      [],
      [],
    ],
    [
      'left directly it goes before anything else is written',
      binding({
        clusters: [{ name: 'a' }, { name: 'c' }],
        gracefulEvictionTasks: [{ fromCluster: 'b', purgeMode: 'Directly' }],
      }),
      [first, second],
      [],
      ['b'],
    ],
    [
      'until it is gone',
      binding({ clusters: [{ name: 'c' }], gracefulEvictionTasks: [{ fromCluster: 'b', purgeMode: 'Immediately' }] }),
      [ending(second)],
      [],
      [],
    ],
    [
      'then the others follow',
      binding({
        clusters: [{ name: 'a' }, { name: 'c' }],
        gracefulEvictionTasks: [{ fromCluster: 'b', purgeMode: 'Directly' }],
      }),
      [first],
      ['c'],
      [],
    ],
  ])('%s', (_what, given, existing, written, removed) => {
    const { write, remove } = render(input(given, existing));
    expect([clustersOf(write), clustersOf(remove)]).toEqual([written, removed]);
  });

  it('leaves Works alone that no policy claims any more, whatever becomes of the template', () => {
    const freed = withClaim(binding({ preserveResourcesOnDeletion: true }), undefined);
    expect(render(input(freed, [first, second])).write).toEqual([]);
    const byHand = { ...freed, metadata: { ...freed.metadata, annotations: {} } } as Binding;
    expect(clustersOf(render(input(byHand, [first, second])).write)).toEqual(['a', 'b']);
  });

  it('writes nothing where no manifest could be made', () => {
    expect(
      clustersOf(render({ ...input(binding()), rendered: new Map([['b', plain(manifest, 'whole')]]) }).write),
    ).toEqual(['b']);
  });
});

it('stamped: the flag, on those that lack it', () => {
  const flagged = { ...second, spec: { ...second.spec, preserveResourcesOnDeletion: true } };
  expect(stamped([first, flagged])).toEqual([{ ...first, spec: { ...first.spec, preserveResourcesOnDeletion: true } }]);
});
