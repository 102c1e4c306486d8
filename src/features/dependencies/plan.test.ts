import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bindingReferenceKey } from '#apis/names/objects.ts';
import type { Binding } from '#apis/work/binding.ts';
import type { ResourceBinding } from '#apis/work/resource-binding.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { attachedBinding, conflictAmong, withReferrers } from './plan.ts';

type Spec = Partial<ResourceBinding['spec']>;

const settings: KubeObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { namespace: 'default', name: 'settings', uid: 'u1', resourceVersion: '7' },
};

const resource = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default' };

const referrer = (name: string, spec: Spec = {}): Binding =>
  ({
    apiVersion: 'work.karmada.io/v1alpha2',
    kind: 'ResourceBinding',
    metadata: {
      namespace: 'default',
      name,
      labels: { 'resourcebinding.karmada.io/permanent-id': `id of ${name}` },
    },
    spec: {
      resource: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name },
      propagateDeps: true,
      clusters: [{ name: 'member1', replicas: 2 }],
      ...spec,
    },
  }) as unknown as Binding;

const attached = (referrers: readonly Binding[], existing?: Binding): Binding =>
  attachedBinding({ object: settings, existing, referrers, newId: 'new id' })!;

describe('the binding of a dependency', () => {
  it('is made for the first that needs the object', () => {
    expect(attached([referrer('web', { conflictResolution: 'Overwrite' })])).toEqual({
      apiVersion: 'work.karmada.io/v1alpha2',
      kind: 'ResourceBinding',
      metadata: {
        namespace: 'default',
        name: 'settings-configmap',
        labels: {
          'resourcebinding.karmada.io/permanent-id': 'new id',
          [`resourcebinding.karmada.io/depended-by-${bindingReferenceKey('default', 'web')}`]: 'id of web',
        },
        finalizers: ['karmada.io/binding-controller'],
        ownerReferences: [
          {
            apiVersion: 'v1',
            kind: 'ConfigMap',
            name: 'settings',
            uid: 'u1',
            controller: true,
            blockOwnerDeletion: true,
          },
        ],
      },
      spec: {
        resource: {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          namespace: 'default',
          name: 'settings',
          uid: 'u1',
          resourceVersion: '7',
        },
        requiredBy: [{ namespace: 'default', name: 'web', clusters: [{ name: 'member1', replicas: 2 }] }],
        conflictResolution: 'Overwrite',
        preserveResourcesOnDeletion: false,
      },
    });
  });

  it('is a ClusterResourceBinding for what lives in no namespace', () => {
    const object = { ...settings, kind: 'ClusterRole', metadata: { name: 'system:reader', uid: 'u' } };
    const binding = attachedBinding({ object, existing: undefined, referrers: [referrer('web')], newId: 'i' })!;
    expect(binding).toMatchObject({
      kind: 'ClusterResourceBinding',
      metadata: {
        name: 'system.reader-clusterrole',
        finalizers: ['karmada.io/cluster-resource-binding-controller'],
        labels: { 'clusterresourcebinding.karmada.io/permanent-id': 'i' },
      },
    });
    expect(binding.metadata.namespace).toBeUndefined();
  });

  it('is none where nobody needs the object', () => {
    expect(attachedBinding({ object: settings, existing: undefined, referrers: [], newId: 'i' })).toBeUndefined();
  });

  const [overwrite, abort, silent] = [
    referrer('o', { conflictResolution: 'Overwrite' }),
    referrer('a', { conflictResolution: 'Abort', preserveResourcesOnDeletion: false }),
    referrer('s'),
  ];
  const keeping = referrer('k', { preserveResourcesOnDeletion: true });
  const both = 'ConflictResolution conflicted (Overwrite vs Abort)';
  const kept = 'PreserveResourcesOnDeletion conflicted (true vs false)';
  const told = (...words: readonly string[]) => `Dependency policy conflict detected: ${words.join('; ')}.`;

  it.each<[string, readonly Binding[], string, boolean, string | undefined]>([
    ['Overwrite alone', [overwrite], 'Overwrite', false, undefined],
    ['Abort alone', [abort], 'Abort', false, undefined],
    ['none said is Abort', [silent], 'Abort', false, undefined],
    ['none said and Abort agree', [silent, abort], 'Abort', false, undefined],
    ['any Overwrite wins', [abort, overwrite, silent], 'Overwrite', false, told(both)],
    ['preservation alone', [keeping], 'Abort', true, undefined],
    ['any preservation wins', [silent, keeping], 'Abort', true, told(kept)],
    ['both may differ', [overwrite, keeping], 'Overwrite', true, told(both, kept)],
  ])('has the strategy of those who need it: %s', (_what, referrers, conflictResolution, preserve, conflict) => {
    expect(attached(referrers).spec).toMatchObject({ conflictResolution, preserveResourcesOnDeletion: preserve });
    expect(conflictAmong(resource, referrers)).toBe(conflict);
  });

  it('overwrites nothing outside the namespace of a PropagationPolicy, unlike that of a ClusterPropagationPolicy', () => {
    const elsewhere = { ...settings, metadata: { ...settings.metadata, namespace: 'other' } };
    const labels = { 'clusterpropagationpolicy.karmada.io/permanent-id': 'id' };
    const clusterWide = { ...overwrite, metadata: { ...overwrite.metadata, labels } } as Binding;
    const strategy = (object: KubeObject, by: Binding) =>
      attachedBinding({ object, existing: undefined, referrers: [by], newId: '' })!.spec.conflictResolution;
    expect(strategy(settings, overwrite)).toBe('Overwrite');
    expect(strategy(elsewhere, overwrite)).toBe('Abort');
    expect(strategy(elsewhere, clusterWide)).toBe('Overwrite');
  });

  it('leaves a definition where it was brought: every object of its kind would go with it', () => {
    const definition = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'things.example.org', uid: 'u' },
    };
    const binding = attachedBinding({ object: definition, existing: undefined, referrers: [silent], newId: '' })!;
    expect(binding.spec.preserveResourcesOnDeletion).toBe(true);
    expect(withReferrers(binding, []).spec.preserveResourcesOnDeletion).toBe(true);
  });

  it('has neither referrers nor a strategy once nobody needs it', () => {
    const binding = attached([overwrite, keeping]);
    const left = withReferrers(binding, []);
    expect(left.spec).toEqual({ resource: binding.spec.resource, conflictResolution: 'Abort' });
    expect(left.metadata.labels).toEqual({ 'resourcebinding.karmada.io/permanent-id': 'new id' });
    expect(withReferrers(left, [])).toBe(left);
  });

  it.each<[string, { metadata?: object; spec?: object }]>([
    ['a placement', { spec: { placement: {} } }],
    ['detection', { metadata: { annotations: { 'resourcetemplate.flotilla.io/seen': '1' } } }],
    ['another controller', { metadata: { labels: { 'binding.karmada.io/managed-by': 'MultiClusterService' } } }],
  ])('keeps its own strategy where it is there by %s', (_what, { metadata = {}, spec = {} }) => {
    const made = referrer('settings-configmap', {
      conflictResolution: 'Abort',
      preserveResourcesOnDeletion: true,
      ...spec,
    });
    const own = { ...made, metadata: { ...made.metadata, ...metadata } } as Binding;
    const binding = attached([overwrite], own);
    expect(binding.spec).toMatchObject({ ...own.spec, resource: { uid: 'u1' }, requiredBy: [{ name: 'o' }] });
    expect(withReferrers(binding, []).spec).toEqual({ ...own.spec, resource: binding.spec.resource });
  });

  it('is left alone where it was made by hand and nobody needs the object', () => {
    const byHand = referrer('settings-configmap', { preserveResourcesOnDeletion: true });
    expect(withReferrers(byHand, [])).toBe(byHand);
  });

  it('is the same where all is as it should be, and is put right where half of it was lost', () => {
    const binding = attached([silent]);
    expect(attached([silent], binding)).toBe(binding);
    const { [Object.keys(binding.metadata.labels!).at(-1)!]: _, ...labels } = binding.metadata.labels!;
    const { requiredBy: __, ...spec } = binding.spec;
    const unlabelled = { ...binding, metadata: { ...binding.metadata, labels } } as Binding;
    const unlisted = { ...binding, spec } as Binding;
    for (const half of [unlabelled, unlisted]) {
      expect(attached([silent], half)).toEqual(binding);
      expect(withReferrers(half, [])).toEqual(withReferrers(binding, []));
    }
  });

  it('follows the object in its version alone, and has an owner again where that alone was lost', () => {
    const binding = attached([silent]);
    const object = { ...settings, metadata: { ...settings.metadata, resourceVersion: '8' } };
    const after = attachedBinding({ object, existing: binding, referrers: [silent], newId: '' })!;
    expect(after.spec.resource.resourceVersion).toBe('8');
    const orphan = { ...binding, metadata: { ...binding.metadata, ownerReferences: [] } } as Binding;
    expect(attached([silent], orphan)).toEqual(binding);
  });

  it('follows the object: its version, and its owner where the last one went without it', () => {
    const binding = attached([silent]);
    const newer = { ...settings, metadata: { ...settings.metadata, uid: 'u2', resourceVersion: '9' } };
    const orphan = { ...binding, metadata: { ...binding.metadata, ownerReferences: [] } } as Binding;
    const after = attachedBinding({ object: newer, existing: orphan, referrers: [silent], newId: '' })!;
    expect(after.spec.resource).toMatchObject({ uid: 'u2', resourceVersion: '9' });
    expect(after.metadata.ownerReferences).toMatchObject([{ uid: 'u2', controller: true }]);
  });

  it('stays where the template still runs, until a graceful eviction is over', () => {
    const task = { fromCluster: 'member2', reason: 'r', producer: 'p' };
    const moved = referrer('web', { gracefulEvictionTasks: [{ ...task, purgeMode: 'Gracefully' }] });
    const clustersOf = (binding: Binding) => attached([binding]).spec.requiredBy![0]!.clusters;
    expect(clustersOf(moved)).toEqual([{ name: 'member1', replicas: 2 }, { name: 'member2' }]);
    const direct = referrer('web', { gracefulEvictionTasks: [{ ...task, purgeMode: 'Directly' }] });
    const back = referrer('web', { gracefulEvictionTasks: [{ ...task, fromCluster: 'member1' }] });
    for (const binding of [direct, back]) expect(clustersOf(binding)).toEqual([{ name: 'member1', replicas: 2 }]);
    expect(attached([referrer('web', { clusters: [] })]).spec.requiredBy).toEqual([
      { namespace: 'default', name: 'web' },
    ]);
  });
});

describe('whatever order they come and go in', () => {
  const strategies = fc.record({
    conflictResolution: fc.constantFrom('Abort' as const, 'Overwrite' as const),
    preserveResourcesOnDeletion: fc.boolean(),
    clusters: fc.subarray(['member1', 'member2', 'member3']).map((names) => names.map((name) => ({ name }))),
  });
  const fleet = fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), strategies), {
    selector: ([name]) => name,
    minLength: 1,
  });

  it('the binding is what those who are left ask for, and nothing else', () => {
    const steps = fc.array(fc.tuple(fc.nat(9), fc.boolean(), fc.nat(4)), { maxLength: 20 });
    fc.assert(
      fc.property(fleet, steps, (all, moves) => {
        let binding: Binding | undefined;
        const present = new Map<string, Binding>();
        for (const [at, comes, turn] of moves) {
          const [name, spec] = all[at % all.length]!;
          if (comes) present.set(name, referrer(name, spec));
          else present.delete(name);
          const listed = [...present.values()];
          const referrers = [...listed.slice(turn), ...listed.slice(0, turn)];
          binding = attachedBinding({ object: settings, existing: binding, referrers, newId: 'new id' });
        }
        const left = [...present.values()];
        if (left.length > 0) expect(binding).toEqual(attached(left));
        else if (binding) {
          expect(binding.spec).toEqual({ resource: binding.spec.resource, conflictResolution: 'Abort' });
          expect(Object.keys(binding.metadata.labels!)).toEqual(['resourcebinding.karmada.io/permanent-id']);
        }
      }),
    );
  });
});
