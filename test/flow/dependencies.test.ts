/** What a template needs reaches the clusters that the template reaches, follows it, and leaves with it. */
import { afterEach, describe, expect, it } from 'vitest';
import { featureGates } from '#app/components/settings.ts';
import { type Flow, startFlow } from '#harness/flow.ts';
import { type Anything, type Kubectl, kubectl } from '#harness/kubectl.ts';
import { eventsOf } from '#harness/migrated.ts';
import { applied, bindingOf, handsOn, named, nginx, onMembers, policyFor, quiet, worksOf } from '#harness/samples.ts';
import { findCondition } from '#kube/conditions/conditions.ts';
import type { ResourceRef } from '#kube/meta/kind.ts';

let flow: Flow;
afterEach(() => flow.stop());

const meta = (name: string) => ({ namespace: 'default', name });
const settings: Anything = { apiVersion: 'v1', kind: 'ConfigMap', metadata: meta('settings'), data: { a: '1' } };
const keys: Anything = { apiVersion: 'v1', kind: 'Secret', metadata: meta('keys'), data: { k: 'a2V5' } };
const robot: Anything = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: meta('robot') };
const data: Anything = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: meta('data'),
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
};

/** A Deployment that needs the ConfigMap, and what `more` of its Pods' spec names. */
const needing = (name: string, more: Anything = {}): Anything => {
  const container = { name: 'nginx', image: 'nginx', envFrom: [{ configMapRef: { name: 'settings' } }] };
  const template = { ...nginx.spec.template, spec: { containers: [container], ...more } };
  return { ...named(nginx, name), spec: { ...nginx.spec, template } };
};
const web = needing('web', {
  serviceAccountName: 'robot',
  volumes: [
    { name: 'keys', secret: { secretName: 'keys' } },
    { name: 'data', persistentVolumeClaim: { claimName: 'data' } },
  ],
});

const both = onMembers('member1', 'member2');
const withDependencies = (name: string, objects: readonly Anything[], spec: Anything = {}) =>
  policyFor(name, objects, { propagateDeps: true, ...spec });

/** The clusters that say that they hold it, once its binding is fully applied. */
const holders = (object: Anything): Promise<readonly string[]> =>
  flow.until(`${object.kind} ${object.metadata.name} is applied`, async () => {
    const binding = await handsOn(flow).control.get(bindingOf(object));
    if (findCondition(binding.status?.conditions, 'FullyApplied')?.status !== 'True') return undefined;
    return binding.status.aggregatedStatus.map((item: Anything) => item.clusterName);
  });

/** Deleted; nobody here takes the finalizer off a claim. */
const isGone = async (member: Kubectl, object: Anything): Promise<boolean> => {
  const found = await member.find(object);
  return found === undefined || found.metadata.deletionTimestamp !== undefined;
};

const requiredBy = async (object: Anything): Promise<Anything> =>
  (await handsOn(flow).control.get(bindingOf(object))).spec.requiredBy;

describe('dependencies', () => {
  it('reach every cluster of the template, and are let go when it does not need them any more', async () => {
    flow = await startFlow();
    const { control, member1, member2 } = handsOn(flow);
    await control.apply(web);
    await control.apply(withDependencies('pp', [web], { placement: both }));
    for (const object of [settings, keys, robot]) await control.apply(object);
    await quiet(flow);
    expect(await member1.find(data)).toBeUndefined();
    await control.apply(data);
    for (const object of [settings, keys, robot, data]) {
      expect(await holders(object)).toEqual(['member1', 'member2']);
      for (const member of [member1, member2]) await member.get(object);
    }
    const binding = await control.get(bindingOf(web));
    expect(binding.metadata.finalizers).toContain('karmada.io/binding-dependencies-distributor');
    expect(JSON.parse(binding.metadata.annotations['resourcebinding.karmada.io/dependencies'])).toEqual(
      [settings, keys, robot, data].map(({ apiVersion, kind, metadata }) => ({ apiVersion, kind, ...metadata })),
    );
    const attached = await control.get(bindingOf(settings));
    const live = await control.get(settings);
    expect(attached.metadata).toMatchObject({
      finalizers: ['karmada.io/binding-controller'],
      ownerReferences: [{ kind: 'ConfigMap', name: 'settings', uid: live.metadata.uid, controller: true }],
    });
    const id = binding.metadata.labels['resourcebinding.karmada.io/permanent-id'];
    const depended = Object.entries(attached.metadata.labels).filter(([key]) => key.includes('/depended-by-'));
    expect(depended.map(([, value]) => value)).toEqual([id]);
    expect(attached.spec).toMatchObject({
      conflictResolution: 'Overwrite',
      preserveResourcesOnDeletion: false,
      requiredBy: [{ namespace: 'default', name: 'web-deployment', clusters: binding.spec.clusters }],
      resource: { uid: live.metadata.uid, resourceVersion: live.metadata.resourceVersion },
    });
    expect(attached.spec.placement).toBeUndefined();

    // What is edited follows; a cluster that is left is left by all.
    await control.patch(settings, { data: { a: '2' } });
    await control.patch(policyFor('pp', []), { spec: { placement: onMembers('member2') } });
    await quiet(flow);
    expect((await member2.get(settings)).data).toEqual({ a: '2' });
    for (const object of [web, settings, keys, robot, data]) expect(await isGone(member1, object)).toBe(true);

    await control.patch(web, { spec: { template: { spec: { volumes: null } } } });
    await quiet(flow);
    for (const object of [keys, data]) {
      expect(await isGone(member2, object)).toBe(true);
      const { metadata, spec } = await control.get(bindingOf(object));
      expect(spec).toEqual({ resource: spec.resource, conflictResolution: 'Abort' });
      expect(Object.keys(metadata.labels)).toEqual(['resourcebinding.karmada.io/permanent-id']);
    }
    await control.patch(policyFor('pp', []), { spec: { propagateDeps: false } });
    await quiet(flow);
    for (const object of [settings, robot]) expect(await member2.find(object)).toBeUndefined();
    await member2.get(web);
    const free = await control.get(bindingOf(web));
    expect(free.metadata.finalizers).toEqual(['karmada.io/binding-controller']);
    expect(free.metadata.annotations['resourcebinding.karmada.io/dependencies']).toBeUndefined();
    expect(await eventsOf(flow, 'web-deployment')).toContain(
      'ResourceBinding Normal SyncScheduleResultToDependenciesSucceed dependencies-distributor: Sync schedule results to dependencies succeed.',
    );
    expect(await eventsOf(flow, 'web')).toContain(
      'Deployment Normal GetDependenciesSucceed dependencies-distributor: Get dependencies([{APIVersion:v1 Kind:ConfigMap Namespace:default Name:settings LabelSelector:nil} {APIVersion:v1 Kind:ServiceAccount Namespace:default Name:robot LabelSelector:nil}]) succeed.',
    );
  });

  it('are taken over like their template: any Overwrite wins among several, and a disagreement is told once', async () => {
    flow = await startFlow();
    const { control, member1 } = handsOn(flow);
    await member1.apply({ ...settings, data: { a: 'old', own: 'kept' } });
    const [a, b] = [needing('a'), needing('b')];
    for (const object of [settings, a, b]) await control.apply(object);
    await control.apply(withDependencies('abort', [a], { conflictResolution: 'Abort', placement: both }));
    await applied(flow, a);
    await quiet(flow);
    expect((await member1.get(settings)).data.a).toBe('old');
    await control.apply(withDependencies('overwrite', [b]));
    expect(await holders(settings)).toEqual(['member1', 'member2']);
    expect((await member1.get(settings)).data).toMatchObject({ a: '1' });
    expect((await requiredBy(settings)).map((each: Anything) => each.name)).toEqual(['a-deployment', 'b-deployment']);
    await control.scale(a, 3);
    await quiet(flow);
    const conflict =
      'ResourceBinding Warning DependencyPolicyConflict dependencies-distributor: Dependency policy conflict detected: ConflictResolution conflicted (Overwrite vs Abort).';
    expect((await eventsOf(flow, 'settings-configmap')).filter((line) => line === conflict)).toHaveLength(1);

    await control.delete(a);
    await quiet(flow);
    expect(await requiredBy(settings)).toEqual([
      { namespace: 'default', name: 'b-deployment', clusters: [{ name: 'member1', replicas: 2 }] },
    ]);
    expect((await worksOf(flow, settings)).map(({ metadata }) => metadata.namespace)).toEqual(['karmada-es-member1']);
    expect(await control.find(bindingOf(a))).toBeUndefined();
  });

  it('keep the placement and the strategy of a policy of their own', async () => {
    flow = await startFlow();
    const { control, member1, member2 } = handsOn(flow);
    const own = { conflictResolution: 'Abort', placement: onMembers('member2') };
    await control.apply(settings);
    await control.apply(policyFor('own', [settings], own));
    await applied(flow, settings);
    const a = needing('a');
    await control.apply(a);
    await control.apply(withDependencies('pp', [a], { preserveResourcesOnDeletion: true }));
    expect(await holders(a)).toEqual(['member1']);
    await quiet(flow);
    await member1.get(settings);
    const binding = await control.get(bindingOf(settings));
    expect(binding.spec).toMatchObject({ ...own, clusters: [{ name: 'member2' }] });
    expect(binding.spec.preserveResourcesOnDeletion).toBeUndefined();
    await control.patch(policyFor('pp', []), { spec: { propagateDeps: false, preserveResourcesOnDeletion: false } });
    await quiet(flow);
    expect(await member1.find(settings)).toBeUndefined();
    await member2.get(settings);
  });

  it.each(['with it', 'before it', 'not at all'])('stay after a rollback, their templates deleted %s', async (when) => {
    flow = await startFlow();
    const { control, member1 } = handsOn(flow);
    const before = await member1.apply(settings);
    const a = needing('a');
    await control.apply(settings);
    await control.apply(a);
    await control.apply(withDependencies('pp', [a]));
    await holders(settings);
    // Nothing is waited for between the flag and the deletions.
    await control.patch(policyFor('pp', []), { spec: { preserveResourcesOnDeletion: true } });
    if (when === 'before it') await control.delete(settings);
    await control.delete(a);
    if (when === 'with it') await control.delete(settings);
    await quiet(flow);
    for (const object of [a, settings]) expect(await worksOf(flow, object)).toEqual([]);
    await member1.get(a);
    const after = await member1.get(settings);
    expect(after.metadata.uid).toBe(before.metadata.uid);
    expect(after.metadata.labels).toBeUndefined();
  });

  it('come back when they are deleted and made again, and when the distributor was away meanwhile', async () => {
    flow = await startFlow();
    const { control, member1 } = handsOn(flow);
    const a = needing('a');
    await control.apply(settings);
    await control.apply(a);
    await control.apply(withDependencies('pp', [a]));
    await holders(settings);
    await control.delete(settings);
    await control.apply({ ...settings, data: { a: 'new' } });
    await flow.until('the new one is there', async () => (await member1.find(settings))?.data.a === 'new');
    flow.killComponent('karmada-controller-manager');
    await control.delete(a);
    await flow.pass(1_000);
    await flow.startComponents();
    await quiet(flow);
    expect(await member1.find(a)).toBeUndefined();
    expect(await member1.find(settings)).toBeUndefined();
    await control.get(bindingOf(settings));
    expect(await requiredBy(settings)).toBeUndefined();
  });
});

const rbac = 'rbac.authorization.k8s.io';
const service: Anything = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: meta('web'),
  spec: { selector: { app: 'nginx' }, ports: [{ port: 80 }] },
};
const ingress: Anything = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: meta('web'),
  spec: {
    defaultBackend: { service: { name: 'web', port: { number: 80 } } },
    tls: [{ secretName: 'keys', hosts: ['example.org'] }],
  },
};
const clusterRole: Anything = {
  apiVersion: `${rbac}/v1`,
  kind: 'ClusterRole',
  metadata: { name: 'reader' },
  rules: [{ apiGroups: [''], resources: ['nodes'], verbs: ['get'] }],
};
const grant: Anything = {
  apiVersion: `${rbac}/v1`,
  kind: 'ClusterRoleBinding',
  metadata: { name: 'robots-read' },
  roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'reader' },
  subjects: [{ kind: 'ServiceAccount', namespace: 'default', name: 'robot' }],
};

const custom = (group: string, kind: string, resource: string) => ({
  group,
  version: 'v1',
  kind,
  resource,
  namespaced: true,
});
const rollouts = custom('example.org', 'Rollout', 'rollouts');
const routes = custom('gateway.networking.k8s.io', 'HTTPRoute', 'httproutes');
const definitionOf = ({ group, kind, resource }: ResourceRef): Anything => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: {
    name: `${resource}.${group}`,
    annotations: { 'api-approved.kubernetes.io': 'unapproved, a test' },
  },
  spec: {
    group,
    scope: 'Namespaced',
    names: { plural: resource, singular: kind.toLowerCase(), kind, listKind: `${kind}List` },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
});

describe('a closure', () => {
  it('comes along where the policy asks for it, as it appears, and leaves again', async () => {
    flow = await startFlow();
    const { control, member1 } = handsOn(flow);
    const a = needing('a', { serviceAccountName: 'robot' });
    const policy = withDependencies('pp', [a]);
    for (const object of [a, settings, keys, robot, service, policy]) await control.apply(object);
    await applied(flow, a);
    await quiet(flow);
    expect(await member1.find(service)).toBeUndefined();
    await control.annotate(policy, 'policy.flotilla.io/propagate-closure', 'true');
    expect(await holders(service)).toEqual(['member1']);
    for (const object of [ingress, grant]) await control.apply(object);
    expect(await holders(grant)).toEqual(['member1']);
    await control.apply(clusterRole);
    for (const object of [ingress, keys, clusterRole, grant]) expect(await holders(object)).toEqual(['member1']);
    for (const object of [service, ingress, keys, robot, clusterRole, grant]) await member1.get(object);
    const binding = await control.get(bindingOf(a));
    const closure = JSON.parse(binding.metadata.annotations['resourcebinding.flotilla.io/closure']);
    expect(closure.map((each: Anything) => `${each.kind} ${each.name} ${each.because}`)).toEqual([
      'ClusterRole reader is given by ClusterRoleBinding robots-read',
      'ClusterRoleBinding robots-read names ServiceAccount default/robot',
      'ConfigMap settings is used by Pods of Deployment default/a',
      'Ingress web sends requests to Service default/web',
      'Secret keys holds a certificate of Ingress default/web',
      'Service web selects Pods of Deployment default/a',
      'ServiceAccount robot is the account of Pods of Deployment default/a',
    ]);
    expect(JSON.parse(binding.metadata.annotations['resourcebinding.karmada.io/dependencies'])).toHaveLength(2);

    await control.patch(service, { spec: { selector: { app: 'other' } } });
    await quiet(flow);
    for (const object of [service, ingress, keys]) expect(await member1.find(object)).toBeUndefined();
    await control.annotate(policy, 'policy.flotilla.io/propagate-closure', null);
    await quiet(flow);
    for (const object of [clusterRole, grant]) expect(await member1.find(object)).toBeUndefined();
    await member1.get(robot);
  });

  it('has the definition of a custom kind, and routes once there are any', async () => {
    flow = await startFlow();
    const refs = [rollouts, routes];
    const [control, member1] = [kubectl(flow.control, refs), kubectl(flow.member('member1'), refs)];
    await control.create(definitionOf(rollouts));
    const { spec } = nginx;
    const rollout = { apiVersion: 'example.org/v1', kind: 'Rollout', metadata: meta('web'), spec };
    const policy = withDependencies('pp', [rollout]);
    const annotations = { 'policy.flotilla.io/propagate-closure': 'true' };
    for (const object of [service, { ...policy, metadata: { ...policy.metadata, annotations } }])
      await control.apply(object);
    await flow.until('Rollouts are served', () => control.create(rollout));
    expect(await holders(service)).toEqual(['member1']);
    expect(await holders(definitionOf(rollouts))).toEqual(['member1']);
    expect((await member1.get(rollout)).spec).toMatchObject({ replicas: 2 });

    await control.create(definitionOf(routes));
    const rules = [{ backendRefs: [{ name: 'web', port: 80 }] }];
    const route = { apiVersion: `${routes.group}/v1`, kind: 'HTTPRoute', metadata: meta('web'), spec: { rules } };
    await flow.until('HTTPRoutes are served', () => control.create(route));
    await control.find(route);
    const { metadata } = await flow.until('the route is known', async () => {
      const binding = await control.get(bindingOf(rollout));
      return binding.metadata.annotations['resourcebinding.flotilla.io/closure'].includes('HTTPRoute') && binding;
    });
    expect(JSON.parse(metadata.annotations['resourcebinding.flotilla.io/closure'])).toContainEqual({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      namespace: 'default',
      name: 'web',
      because: 'sends requests to Service default/web',
    });
    await control.delete(rollout);
    await quiet(flow);
    expect(await member1.find(service)).toBeUndefined();
    await member1.get(definitionOf(rollouts));
  });
});

it('nothing but the template itself is propagated without the gate', async () => {
  flow = await startFlow({ settings: { gates: { ...featureGates, PropagateDeps: false } } });
  const { control } = handsOn(flow);
  const a = needing('a');
  for (const object of [settings, a, withDependencies('pp', [a])]) await control.apply(object);
  await applied(flow, a);
  await quiet(flow);
  expect(await control.find(bindingOf(settings))).toBeUndefined();
});
