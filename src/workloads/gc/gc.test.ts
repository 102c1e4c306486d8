import { describe, expect, it } from 'vitest';
import {
  ClusterRoles,
  type ConfigMap,
  ConfigMaps,
  CustomResourceDefinitions,
  Deployments,
  ReplicaSets,
} from '#apis/kubernetes/types.ts';
import type { KubeObject, OwnerReference } from '#kube/meta/object.ts';
import type { DeleteOptions } from '#kube/request/request.ts';
import { deploymentOf, startTestCluster, type TestCluster } from '../workloads.cases.ts';

const configMap = (name: string, owners: readonly OwnerReference[] = []): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default', ...(owners.length > 0 ? { ownerReferences: owners } : {}) },
});

const refersTo = ({ apiVersion, kind, metadata }: KubeObject, more: Partial<OwnerReference> = {}): OwnerReference => ({
  apiVersion,
  kind,
  name: metadata.name!,
  uid: metadata.uid!,
  ...more,
});

describe('the garbage collector', () => {
  const start = () => startTestCluster({ names: ['gc'] });
  const maps = ({ client }: TestCluster) => client.resource(ConfigMaps);
  const make = async (cluster: TestCluster, name: string, owners: readonly OwnerReference[] = []) => {
    const made = await maps(cluster).create(configMap(name, owners));
    await cluster.settle();
    return made;
  };
  const remove = async (cluster: TestCluster, name: string, options?: DeleteOptions) => {
    await maps(cluster).delete({ namespace: 'default', name }, options);
    await cluster.settle();
  };
  const namesOf = async (cluster: TestCluster) =>
    (await maps(cluster).list({ namespace: 'default' })).items.map(({ metadata }) => metadata.name);
  const get = (cluster: TestCluster, name: string) => maps(cluster).get({ namespace: 'default', name });

  it('deletes what is owned, and what that owns, when the owner is gone', async () => {
    const cluster = await start();
    const owner = await make(cluster, 'a');
    const child = await make(cluster, 'b', [refersTo(owner)]);
    await make(cluster, 'c', [refersTo(child)]);
    await make(cluster, 'other');
    await remove(cluster, 'a');
    expect(await namesOf(cluster)).toEqual(['other']);
  });

  it('keeps what has another owner, without the reference to the one that is gone', async () => {
    const cluster = await start();
    const [a, b] = [await make(cluster, 'a'), await make(cluster, 'b')];
    await make(cluster, 'child', [refersTo(a), refersTo(b)]);
    await remove(cluster, 'a');
    expect((await get(cluster, 'child')).metadata.ownerReferences).toEqual([refersTo(b)]);
  });

  it('deletes what refers to nobody, or to another object of the name', async () => {
    const cluster = await start();
    const owner = await make(cluster, 'a');
    await make(cluster, 'absent', [{ ...refersTo(owner), name: 'nobody', uid: 'gone' }]);
    await make(cluster, 'impostor', [{ ...refersTo(owner), uid: 'another' }]);
    expect(await namesOf(cluster)).toEqual(['a']);
  });

  it('leaves alone what refers to a kind that is not served', async () => {
    const cluster = await start();
    await make(cluster, 'a', [{ apiVersion: 'example.com/v1', kind: 'Widget', name: 'w', uid: 'x' }]);
    expect(await namesOf(cluster)).toEqual(['a']);
  });

  it('lets a cluster-scoped owner have namespaced dependents, and not the other way round', async () => {
    const cluster = await start();
    const roles = cluster.client.resource(ClusterRoles);
    const role = await roles.create({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'r' },
    });
    await make(cluster, 'a', [refersTo(role)]);
    const owner = await make(cluster, 'owner');
    await roles.create({ ...role, metadata: { name: 'wrong', ownerReferences: [refersTo(owner)] } });
    await remove(cluster, 'owner');
    await roles.delete({ name: 'r' });
    await cluster.settle();
    expect(await namesOf(cluster)).toEqual([]);
    expect((await roles.get({ name: 'wrong' })).metadata.ownerReferences).toHaveLength(1);
    expect(cluster.events.map(({ text }) => text)[0]).toContain('OwnerRefInvalidNamespace');
  });

  it('orphans: the owner goes when nobody refers to it any more', async () => {
    const cluster = await start();
    const owner = await make(cluster, 'a');
    await make(cluster, 'b', [refersTo(owner)]);
    await remove(cluster, 'a', { propagationPolicy: 'Orphan' });
    expect(await namesOf(cluster)).toEqual(['b']);
    expect((await get(cluster, 'b')).metadata.ownerReferences).toBeUndefined();
  });

  it('in the foreground: the owner goes after those that block it', async () => {
    const cluster = await start();
    const owner = await make(cluster, 'a');
    const blocking = await maps(cluster).create({
      ...configMap('blocking', [refersTo(owner, { blockOwnerDeletion: true })]),
      metadata: {
        ...configMap('blocking', [refersTo(owner, { blockOwnerDeletion: true })]).metadata,
        finalizers: ['example.com/hold'],
      },
    });
    await make(cluster, 'loose', [refersTo(owner)]);
    await remove(cluster, 'a', { propagationPolicy: 'Foreground' });
    expect(await namesOf(cluster)).toEqual(['a', 'blocking']);
    expect((await get(cluster, 'blocking')).metadata.deletionTimestamp).toBeDefined();
    await maps(cluster).patch({ namespace: 'default', name: blocking.metadata.name! }, 'merge', {
      metadata: { finalizers: null },
    });
    await cluster.settle();
    expect(await namesOf(cluster)).toEqual([]);
  });

  it('in the foreground: through three generations', async () => {
    const cluster = await start();
    const block = { blockOwnerDeletion: true };
    const owner = await make(cluster, 'a');
    const child = await make(cluster, 'b', [refersTo(owner, block)]);
    await make(cluster, 'c', [refersTo(child, block)]);
    await remove(cluster, 'a', { propagationPolicy: 'Foreground' });
    expect(await namesOf(cluster)).toEqual([]);
  });

  it('is not held up by a circle', async () => {
    const cluster = await start();
    const block = { blockOwnerDeletion: true };
    const a = await make(cluster, 'a');
    const b = await make(cluster, 'b', [refersTo(a, block)]);
    await maps(cluster).patch({ namespace: 'default', name: 'a' }, 'merge', {
      metadata: { ownerReferences: [refersTo(b, block)] },
    } as never);
    await cluster.settle();
    await remove(cluster, 'a', { propagationPolicy: 'Foreground' });
    expect(await namesOf(cluster)).toEqual([]);
  });

  it('follows resources that come later', async () => {
    const cluster = await start();
    await cluster.client.resource(CustomResourceDefinitions).create({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'widgets.example.com' },
      spec: {
        group: 'example.com',
        scope: 'Namespaced',
        names: { plural: 'widgets', kind: 'Widget' },
        versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
      },
    } as never);
    await cluster.settle();
    const widgets = cluster.client.resource({
      group: 'example.com',
      version: 'v1',
      kind: 'Widget',
      resource: 'widgets',
      namespaced: true,
    });
    const widget = await widgets.create({
      apiVersion: 'example.com/v1',
      kind: 'Widget',
      metadata: { name: 'w', namespace: 'default' },
    });
    await make(cluster, 'owned', [refersTo(widget)]);
    expect(await namesOf(cluster)).toEqual(['owned']);
    await widgets.delete({ namespace: 'default', name: 'w' });
    await cluster.settle();
    expect(await namesOf(cluster)).toEqual([]);
  });

  it('cleans up at its start what was left while nobody looked', async () => {
    const cluster = await start();
    const owner = await make(cluster, 'a');
    await make(cluster, 'b', [refersTo(owner)]);
    const restarting = cluster.restart();
    await maps(cluster).delete({ namespace: 'default', name: 'a' });
    await restarting;
    await cluster.settle();
    expect(await namesOf(cluster)).toEqual([]);
  });

  it('takes Deployments down to their Pods', async () => {
    const cluster = await startTestCluster({ names: ['gc', 'deployment', 'replicaset'], grace: 5 });
    const deployments = cluster.client.resource(Deployments);
    await deployments.create(deploymentOf('web'));
    await cluster.settle();
    await deployments.delete({ namespace: 'default', name: 'web' }, { propagationPolicy: 'Background' });
    await cluster.settle();
    expect((await cluster.client.resource(ReplicaSets).list()).items).toEqual([]);
    expect((await cluster.pods()).map(({ metadata }) => metadata.deletionGracePeriodSeconds)).toEqual([30, 30]);
    await cluster.clock.advance(5_000);
    expect(await cluster.pods()).toEqual([]);
  });
});
