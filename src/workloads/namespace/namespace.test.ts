import { describe, expect, it } from 'vitest';
import { ConfigMaps, CustomResourceDefinitions, Deployments, Namespaces } from '#apis/kubernetes/types.ts';
import type { ApiHandler } from '#kube/request/request.ts';
import { isReason } from '#kube/status/status.ts';
import { deploymentOf, startTestCluster, type TestCluster } from '../workloads.cases.ts';

async function withNamespace(options: Parameters<typeof startTestCluster>[0] = {}) {
  const cluster = await startTestCluster(options);
  await cluster.client
    .resource(Namespaces)
    .create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' }, spec: {} });
  await cluster.settle();
  return cluster;
}

const remove = async (cluster: TestCluster) => {
  await cluster.client.resource(Namespaces).delete({ name: 'team' });
  await cluster.settle();
};

const found = async ({ client }: TestCluster) =>
  client
    .resource(Namespaces)
    .get({ name: 'team' })
    .catch((error: unknown) => {
      if (isReason(error, 'NotFound')) return undefined;
      throw error;
    });

const configMap = (name: string, finalizers?: readonly string[]) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'team', ...(finalizers ? { finalizers } : {}) },
});

describe('a namespace that is deleted', () => {
  it('takes with it what is of a kind that nobody has told the controllers of', async () => {
    const through = (handler: ApiHandler): ApiHandler => ({
      ...handler,
      watch: (request, sink) =>
        request.path.resource === 'customresourcedefinitions'
          ? handler.watch(request, { ...sink, event: (event) => event.type === 'BOOKMARK' && sink.event(event) })
          : handler.watch(request, sink),
    });
    const cluster = await withNamespace({ names: ['namespace'], through });
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
    const ref = { group: 'example.com', version: 'v1', kind: 'Widget', resource: 'widgets', namespaced: true };
    const widgets = cluster.client.resource(ref);
    await widgets.create({ apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w', namespace: 'team' } });
    await remove(cluster);
    expect(await found(cluster)).toBeUndefined();
    expect((await widgets.list({})).items).toEqual([]);
  });

  it('is gone when it holds nothing', async () => {
    const cluster = await withNamespace({ names: ['namespace'] });
    await remove(cluster);
    expect(await found(cluster)).toBeUndefined();
  });

  it('takes its workloads with it, and goes when the last Pod has stopped', async () => {
    const cluster = await withNamespace({ grace: 3 });
    const web = deploymentOf('web');
    await cluster.client.resource(Deployments).create({ ...web, metadata: { name: 'web', namespace: 'team' } });
    await cluster.settle();
    expect(await cluster.pods('team')).toHaveLength(2);
    await remove(cluster);
    const leaving = await found(cluster);
    expect(leaving?.status?.phase).toBe('Terminating');
    const remaining = leaving?.status?.conditions?.find(({ type }) => type === 'NamespaceContentRemaining');
    expect(remaining).toMatchObject({
      status: 'True',
      reason: 'SomeResourcesRemain',
      message: 'Some resources are remaining: pods. has 2 resource instances',
    });
    await cluster.clock.advance(3_000);
    expect(await found(cluster)).toBeUndefined();
    expect(await cluster.pods('team')).toEqual([]);
  });

  it('waits for finalizers, and names them', async () => {
    const cluster = await withNamespace({ names: ['namespace'] });
    await cluster.client.resource(ConfigMaps).create(configMap('held', ['example.com/hold']));
    await cluster.client.resource(ConfigMaps).create(configMap('free'));
    await remove(cluster);
    const conditions = (await found(cluster))?.status?.conditions ?? [];
    expect(conditions.map(({ type, status, reason, message }) => [type, status, reason, message])).toEqual([
      ['NamespaceDeletionDiscoveryFailure', 'False', 'ResourcesDiscovered', 'All resources successfully discovered'],
      [
        'NamespaceDeletionGroupVersionParsingFailure',
        'False',
        'ParsedGroupVersions',
        'All legacy kube types successfully parsed',
      ],
      [
        'NamespaceDeletionContentFailure',
        'False',
        'ContentDeleted',
        'All content successfully deleted, may be waiting on finalization',
      ],
      [
        'NamespaceContentRemaining',
        'True',
        'SomeResourcesRemain',
        'Some resources are remaining: configmaps. has 1 resource instances',
      ],
      [
        'NamespaceFinalizersRemaining',
        'True',
        'SomeFinalizersRemain',
        'Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances',
      ],
    ]);
    await cluster.client
      .resource(ConfigMaps)
      .patch({ namespace: 'team', name: 'held' }, 'merge', { metadata: { finalizers: null } });
    await cluster.settle();
    expect(await found(cluster)).toBeUndefined();
  });
});
