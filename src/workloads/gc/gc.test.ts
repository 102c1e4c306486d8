import { describe, expect, it } from 'vitest';
import {
  ClusterRoles,
  type ConfigMap,
  ConfigMaps,
  CustomResourceDefinitions,
  Deployments,
  ReplicaSets,
  type Secret,
  Secrets,
} from '#apis/kubernetes/types.ts';
import type { KubeObject, OwnerReference } from '#kube/meta/object.ts';
import type { ApiHandler, DeleteOptions } from '#kube/request/request.ts';
import { expired } from '#kube/status/errors.ts';
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

  it('is not held up by a circle of which each was deleted', async () => {
    const cluster = await start();
    const block = { blockOwnerDeletion: true };
    const a = await make(cluster, 'a');
    const b = await make(cluster, 'b', [refersTo(a, block)]);
    const c = await make(cluster, 'c', [refersTo(b, block)]);
    await maps(cluster).patch({ namespace: 'default', name: 'a' }, 'merge', {
      metadata: { ownerReferences: [refersTo(c, block)] },
    } as never);
    const foreground = { propagationPolicy: 'Foreground' } as const;
    await Promise.all(['a', 'b', 'c'].map((name) => maps(cluster).delete({ namespace: 'default', name }, foreground)));
    await cluster.settle();
    expect(await namesOf(cluster)).toEqual([]);
  });

  it('in the foreground: is not held up by references that cannot mean it', async () => {
    const cluster = await start();
    const owner = await make(cluster, 'a');
    const block = { blockOwnerDeletion: true };
    const held = configMap('misnamed', [{ ...refersTo(owner, block), name: 'b' }]);
    await maps(cluster).create({ ...held, metadata: { ...held.metadata, finalizers: ['example.com/hold'] } });
    await cluster.client.resource(ClusterRoles).create({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'wide', ownerReferences: [refersTo(owner, block)] },
    });
    await remove(cluster, 'a', { propagationPolicy: 'Foreground' });
    expect(await namesOf(cluster)).toEqual(['misnamed']);
  });

  it('takes nobody for gone because somebody looked for it elsewhere', async () => {
    const cluster = await start();
    const owner = await make(cluster, 'a');
    const elsewhere = configMap('wrong', [refersTo(owner)]);
    await maps(cluster).create({ ...elsewhere, metadata: { ...elsewhere.metadata, namespace: 'kube-public' } });
    await make(cluster, 'misnamed', [{ ...refersTo(owner), name: 'b' }]);
    await make(cluster, 'right', [refersTo(owner), { ...refersTo(owner), name: 'nobody', uid: 'gone' }]);
    expect(await namesOf(cluster)).toEqual(['a', 'right']);
    expect((await get(cluster, 'right')).metadata.ownerReferences).toEqual([refersTo(owner)]);
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

/** Changes of a resource that reach the controllers late, or never. */
function lagging(resource: string) {
  const waiting: (() => void)[] = [];
  let lags = false;
  let breakOff = () => {};
  const through = (handler: ApiHandler): ApiHandler => ({
    ...handler,
    watch: (request, sink) => {
      if (request.path.resource !== resource) return handler.watch(request, sink);
      breakOff = () => sink.end(expired('the revision has been compacted'));
      return handler.watch(request, {
        ...sink,
        event: (event) => (lags ? waiting.push(() => sink.event(event)) : sink.event(event)),
      });
    },
  });
  return {
    through,
    start: () => {
      lags = true;
    },
    catchUp: () => {
      lags = false;
      for (const tell of waiting.splice(0)) tell();
    },
    /** What has happened meanwhile is not told; a list is taken instead. */
    skip: () => {
      lags = false;
      waiting.length = 0;
      breakOff();
    },
  };
}

describe('the garbage collector behind the times', () => {
  const named = (name: string) => ({ namespace: 'default', name });
  const secret = (name: string, owner: KubeObject): Secret => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { ...named(name), ownerReferences: [refersTo(owner)] },
  });

  it('hears of the end of an owner whose whole life its cache has missed', async () => {
    const owners = lagging('configmaps');
    const { client, settle } = await startTestCluster({ names: ['gc'], through: owners.through });
    owners.start();
    const owner = await client.resource(ConfigMaps).create(configMap('a'));
    await client.resource(Secrets).create(secret('b', owner));
    await settle();
    await client.resource(ConfigMaps).delete(named('a'));
    await settle();
    owners.skip();
    await settle();
    expect((await client.resource(Secrets).list({ namespace: 'default' })).items).toEqual([]);
  });

  it('orphans what its cache has not come to yet', async () => {
    const owned = lagging('secrets');
    const { client, settle } = await startTestCluster({ names: ['gc'], through: owned.through });
    const owner = await client.resource(ConfigMaps).create(configMap('a'));
    await settle();
    owned.start();
    await client.resource(Secrets).create(secret('b', owner));
    await client.resource(ConfigMaps).delete(named('a'), { propagationPolicy: 'Orphan' });
    await settle();
    owned.catchUp();
    await settle();
    expect((await client.resource(ConfigMaps).list({ namespace: 'default' })).items).toEqual([]);
    expect((await client.resource(Secrets).get(named('b'))).metadata.ownerReferences).toBeUndefined();
  });
});
