import { describe, expect, it } from 'vitest';
import type { Policy } from '#apis/policy/matching.ts';
import type { Binding } from '#apis/work/binding.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { bindingFor } from './binding.ts';
import { changeOf } from './changes.ts';
import { isActive } from './lazy.ts';
import { isTemplate, isTemplateResource, parseSkippedApis } from './propagated.ts';
import { hasSeen, hasSeenUsersPart, stampOf } from './stamp.ts';

const template = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    namespace: 'default',
    name: 'web',
    uid: 'u1',
    resourceVersion: '7',
    generation: 1,
    creationTimestamp: '2026-01-01T00:00:05Z',
  },
  spec: { replicas: 2 },
} as unknown as KubeObject;
const withMetadata = (object: KubeObject, metadata: object) =>
  ({ ...object, metadata: { ...object.metadata, ...metadata } }) as KubeObject;

const policy = {
  kind: 'PropagationPolicy',
  metadata: {
    namespace: 'default',
    name: 'pp',
    creationTimestamp: '2026-01-01T00:00:00Z',
    labels: { 'propagationpolicy.karmada.io/permanent-id': 'p1' },
  },
  spec: {
    conflictResolution: 'Overwrite',
    placement: { clusterAffinity: { clusterNames: ['member1'] } },
    preemption: 'Never',
    priority: 0,
    propagateDeps: false,
    resourceSelectors: [],
    schedulerName: 'default-scheduler',
  },
} as unknown as Policy;

describe('bindingFor', () => {
  const make = (more: object = {}) =>
    bindingFor({
      template,
      policy,
      replicas: { replicas: 2 },
      existing: undefined,
      stamp: stampOf(template),
      newId: 'new-id',
      ...more,
    });

  it('is the one golden 02 has', () => {
    expect(make()).toEqual({
      apiVersion: 'work.karmada.io/v1alpha2',
      kind: 'ResourceBinding',
      metadata: {
        namespace: 'default',
        name: 'web-deployment',
        labels: {
          'propagationpolicy.karmada.io/permanent-id': 'p1',
          'resourcebinding.karmada.io/permanent-id': 'new-id',
        },
        annotations: {
          'propagationpolicy.karmada.io/name': 'pp',
          'propagationpolicy.karmada.io/namespace': 'default',
          'resourcetemplate.flotilla.io/seen': stampOf(template),
        },
        finalizers: ['karmada.io/binding-controller'],
        ownerReferences: [
          {
            apiVersion: 'apps/v1',
            kind: 'Deployment',
            name: 'web',
            uid: 'u1',
            controller: true,
            blockOwnerDeletion: true,
          },
        ],
      },
      spec: {
        conflictResolution: 'Overwrite',
        placement: { clusterAffinity: { clusterNames: ['member1'] } },
        replicas: 2,
        resource: {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          name: 'web',
          namespace: 'default',
          resourceVersion: '7',
          uid: 'u1',
        },
        schedulerName: 'default-scheduler',
      },
    });
  });

  it('keeps what other controllers wrote, and the reference when nothing changes', () => {
    const placed = {
      ...make(),
      spec: {
        ...make().spec,
        clusters: [{ name: 'member1', replicas: 2 }],
        requiredBy: [{ name: 'other' }],
        suspension: { scheduling: true },
      },
    } as Binding;
    const wanted = make({ existing: placed });
    expect(wanted).toEqual(placed);
    expect(make({ existing: wanted })).toBe(wanted);
    const suspended = make({
      existing: placed,
      policy: { ...policy, spec: { ...policy.spec, suspension: { dispatching: true } } },
    });
    expect(suspended.spec.suspension).toEqual({ dispatching: true, scheduling: true });
    expect(suspended.spec.clusters).toEqual(placed.spec.clusters);
  });

  it('follows the template’s version only when the template has changed', () => {
    const existing = make();
    const later = withMetadata(template, { resourceVersion: '9' });
    expect(make({ existing, template: later, stamp: stampOf(later) })).toBe(existing);
    const edited = { ...later, spec: { replicas: 3 } } as KubeObject;
    expect(make({ existing, template: edited, stamp: stampOf(edited) }).spec.resource.resourceVersion).toBe('9');
  });

  it('hands on how the policy wants it written', () => {
    const replacing = withMetadata(policy, { annotations: { 'work.flotilla.io/write': 'replace' } }) as Policy;
    const existing = make({ policy: replacing });
    expect(existing.metadata.annotations?.['work.flotilla.io/write']).toBe('replace');
    expect(make({ existing }).metadata.annotations).not.toHaveProperty('work.flotilla.io/write');
  });

  it('asks for components instead of replicas where a template has several kinds of Pods', () => {
    const components = [{ name: 'jobmanager', replicas: 1 }];
    const { spec } = make({ replicas: undefined, components });
    expect(spec).toMatchObject({ components });
    expect(spec).not.toHaveProperty('replicas');
    expect(make({ existing: make({ replicas: undefined, components }) }).spec).not.toHaveProperty('components');
  });

  describe('with groups', () => {
    const grouping = (affinity?: string, antiAffinity?: string) => ({
      ...policy,
      spec: {
        ...policy.spec,
        placement: {
          workloadAffinity: {
            ...(affinity ? { affinity: { groupByLabelKey: affinity } } : {}),
            ...(antiAffinity ? { antiAffinity: { groupByLabelKey: antiAffinity } } : {}),
          },
        },
      },
    });
    const labelled = withMetadata(template, { labels: { app: 'web', team: '' } });

    it.each([
      ['app', undefined, { affinityGroup: 'app=web' }],
      [undefined, 'team', { antiAffinityGroup: 'team=' }],
      ['app', 'team', { affinityGroup: 'app=web', antiAffinityGroup: 'team=' }],
      ['app', 'region', { affinityGroup: 'app=web' }],
      ['region', undefined, undefined],
    ])('by %s, apart by %s', (affinity, antiAffinity, groups) => {
      const given = { template: labelled, policy: grouping(affinity, antiAffinity) };
      expect(make({ ...given, workloadAffinity: true }).spec.workloadAffinityGroups).toEqual(groups);
      expect(make(given).spec).not.toHaveProperty('workloadAffinityGroups');
    });
  });

  it('has the priority of its class until there is none', () => {
    const urgent = make({ priority: 1000 });
    expect(urgent.spec.schedulePriority).toEqual({ priority: 1000 });
    expect(make({ priority: 0 }).spec.schedulePriority).toEqual({ priority: 0 });
    expect(make({ existing: urgent }).spec).not.toHaveProperty('schedulePriority');
  });

  it('means all clusters where the policy names none', () => {
    const { placement: _, ...spec } = policy.spec;
    expect(make({ policy: { ...policy, spec } }).spec.placement).toEqual({});
  });

  it('of the whole cluster takes propagateDeps when it is made, and never after', () => {
    const cluster = withMetadata(template, { namespace: undefined });
    const deps = { ...policy, spec: { ...policy.spec, propagateDeps: true } };
    const made = make({ template: cluster, policy: deps, priority: 7, workloadAffinity: true });
    expect(made.spec).toMatchObject({ propagateDeps: true });
    expect(made.spec).not.toHaveProperty('schedulePriority');
    expect(make({ template: cluster, existing: made }).spec.propagateDeps).toBe(true);
    expect(make({ existing: make({ policy: deps }) }).spec).not.toHaveProperty('propagateDeps');
  });

  it('does not take the binding of an earlier template of its name', () => {
    const other = withMetadata(template, { uid: 'u2' });
    expect(() => make({ existing: make(), template: other })).toThrow(
      'still belongs to an earlier Deployment web (uid u1)',
    );
  });
});

describe('changes and stamps', () => {
  const status = { ...template, status: { replicas: 2 } } as KubeObject;
  const claimed = withMetadata(template, { labels: { 'propagationpolicy.karmada.io/permanent-id': 'p1' } });
  const labelled = withMetadata(template, { labels: { team: 'a' } });
  const skipped = withMetadata(template, { labels: { 'namespace.karmada.io/skip-auto-propagation': 'true' } });

  it.each([
    ['a status', status, 'none'],
    ['bookkeeping', withMetadata(template, { resourceVersion: '9', managedFields: [] }), 'none'],
    ['a claim', claimed, 'ours'],
    ['a label', labelled, 'user'],
    ['the mark that keeps a namespace back', skipped, 'user'],
    ['a spec', { ...template, spec: {} } as KubeObject, 'user'],
  ])('%s', (_what, object, change) => {
    expect(changeOf(template, object)).toBe(change);
    const binding = {
      metadata: { annotations: { 'resourcetemplate.flotilla.io/seen': stampOf(template) } },
    } as unknown as KubeObject;
    expect(hasSeen(binding, stampOf(object))).toBe(change === 'none');
    expect(hasSeenUsersPart(binding, stampOf(object))).toBe(change !== 'user');
  });

  it('a stamp does not depend on the order of keys', () => {
    const turned = Object.fromEntries(Object.entries(template).reverse()) as unknown as KubeObject;
    expect(stampOf(turned)).toBe(stampOf(template));
  });
});

describe('isActive', () => {
  const lazy = { ...policy, spec: { ...policy.spec, activationPreference: 'Lazy' } } as Policy;
  const input = { template, policy: lazy, existing: undefined, stamp: stampOf(template), touched: false };
  const before = withMetadata(template, { creationTimestamp: '2025-12-31T00:00:00Z' });

  it('acts on templates that come after it, or are changed', () => {
    expect(isActive({ ...input, template: before })).toBe(false);
    expect(isActive({ ...input, template: before, touched: true })).toBe(true);
    expect(isActive(input)).toBe(true);
    const { creationTimestamp } = policy.metadata;
    // In one second nobody can tell which was first: only who has seen it come knows.
    expect(isActive({ ...input, template: withMetadata(template, { creationTimestamp }) })).toBe(false);
    expect(isActive({ ...input, template: before, policy })).toBe(true);
  });

  it('once it has acted, only the user’s part of the template counts', () => {
    const existing = {
      metadata: { annotations: { 'resourcetemplate.flotilla.io/seen': stampOf(template) } },
    } as unknown as Binding;
    expect(isActive({ ...input, existing })).toBe(false);
    const edited = { ...template, spec: {} } as KubeObject;
    expect(isActive({ ...input, template: edited, stamp: stampOf(edited), existing })).toBe(true);
  });
});

describe('what is a template', () => {
  const object = (kind: string, metadata: object, apiVersion = 'v1') => ({ apiVersion, kind, metadata }) as KubeObject;
  const skipped = [/^(?:kube-.*)$/];

  it.each([
    ['an ordinary one', object('ConfigMap', { namespace: 'default', name: 'a' }), true],
    ['one of a skipped namespace', object('ConfigMap', { namespace: 'kube-system', name: 'a' }), false],
    ['one of a namespace of ours', object('ConfigMap', { namespace: 'karmada-es-member1', name: 'a' }), false],
    [
      'one that another controller propagates',
      object('Service', {
        namespace: 'default',
        name: 'a',
        labels: { 'resourcetemplate.karmada.io/claimed-by': 'MultiClusterService' },
      }),
      false,
    ],
    ['default/kubernetes', object('Service', { namespace: 'default', name: 'kubernetes' }), false],
    [
      'its EndpointSlice',
      object(
        'EndpointSlice',
        { namespace: 'default', name: 'kubernetes', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
        'discovery.k8s.io/v1',
      ),
      false,
    ],
    ['kubernetes of another namespace', object('Service', { namespace: 'shop', name: 'kubernetes' }), true],
    [
      'what nobody has',
      object('Service', { namespace: 'shop', name: 'a', labels: { 'resourcetemplate.karmada.io/claimed-by': '' } }),
      true,
    ],
    [
      'whom an API server lets speak for users',
      object('ConfigMap', { namespace: 'kube-system', name: 'extension-apiserver-authentication' }),
      false,
    ],
    ['a cluster’s root certificate', object('ConfigMap', { namespace: 'shop', name: 'kube-root-ca.crt' }), false],
    [
      'a role every cluster makes',
      object(
        'ClusterRole',
        { name: 'view', labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' } },
        'rbac.authorization.k8s.io/v1',
      ),
      false,
    ],
    ['the default namespace', object('Namespace', { name: 'default' }), false],
    ['a skipped namespace', object('Namespace', { name: 'kube-system' }), false],
    ['another namespace', object('Namespace', { name: 'shop' }), true],
  ])('%s', (_what, given, expected) => {
    expect(isTemplate(given, skipped)).toBe(expected);
  });

  const resource = (group: string, name: string, kind: string, verbs = ['delete', 'list', 'watch']) => ({
    group,
    version: 'v1',
    kind,
    resource: name,
    verbs,
  });
  it.each([
    ['Deployments', resource('apps', 'deployments', 'Deployment'), '', true],
    ['our own kinds', resource('work.karmada.io', 'works', 'Work'), '', false],
    ['kinds that cannot be watched', resource('', 'componentstatuses', 'ComponentStatus', ['list']), '', false],
    ['events', resource('events.k8s.io', 'events', 'Event'), '', false],
    ['a skipped group', resource('apps', 'deployments', 'Deployment'), 'batch;apps', false],
    ['a skipped version', resource('apps', 'deployments', 'Deployment'), 'apps/v1beta1', true],
    ['a skipped kind', resource('apps', 'deployments', 'Deployment'), 'apps/v1/StatefulSet,Deployment', false],
    ['a skipped core kind', resource('', 'secrets', 'Secret'), 'v1/Secret', false],
    ['another core kind', resource('', 'configmaps', 'ConfigMap'), 'v1/Secret', true],
  ])('%s', (_what, given, flag, expected) => {
    expect(isTemplateResource(given, parseSkippedApis(flag))).toBe(expected);
  });
});
