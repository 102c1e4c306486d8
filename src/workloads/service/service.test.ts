import { describe, expect, it } from 'vitest';
import { Deployments, EndpointSlices, EndpointsObjects, type Service, Services } from '#apis/kubernetes/types.ts';
import { deploymentOf, startTestCluster, type TestCluster } from '../workloads.cases.ts';

const serviceOf = (name: string, spec: Partial<Service['spec']> = {}): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'default', labels: { team: 'a' } },
  spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }], ...spec },
});

const slicesOf = async ({ client }: TestCluster) =>
  (await client.resource(EndpointSlices).list({ namespace: 'default' })).items;
const endpointsOf = async ({ client }: TestCluster, name = 'web') =>
  client.resource(EndpointsObjects).get({ namespace: 'default', name });

async function served(replicas = 2, spec: Partial<Service['spec']> = {}) {
  const cluster = await startTestCluster();
  await cluster.client.resource(Deployments).create(deploymentOf('web', { replicas }));
  await cluster.client.resource(Services).create(serviceOf('web', spec));
  await cluster.settle();
  return cluster;
}

describe('a Service', () => {
  it('has its ready Pods as endpoints, in both forms', async () => {
    const cluster = await served();
    const [slice, ...others] = await slicesOf(cluster);
    expect(others).toEqual([]);
    const pods = await cluster.pods();
    expect(slice).toMatchObject({
      metadata: {
        generateName: 'web-',
        labels: {
          team: 'a',
          'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
          'kubernetes.io/service-name': 'web',
        },
        ownerReferences: [{ kind: 'Service', name: 'web', controller: true, blockOwnerDeletion: true }],
      },
      addressType: 'IPv4',
      ports: [{ name: '', port: 8080, protocol: 'TCP' }],
    });
    expect(slice!.endpoints).toEqual(
      pods.map(({ metadata }) => ({
        addresses: ['10.0.0.1'],
        conditions: { ready: true, serving: true, terminating: false },
        nodeName: 'node1',
        targetRef: { kind: 'Pod', namespace: 'default', name: metadata.name, uid: metadata.uid },
      })),
    );
    const endpoints = await endpointsOf(cluster);
    expect(endpoints.metadata.labels).toEqual({
      team: 'a',
      'endpoints.kubernetes.io/managed-by': 'endpoint-controller',
    });
    expect(endpoints.subsets).toHaveLength(1);
    expect(endpoints.subsets![0]!.ports).toEqual([{ port: 8080, protocol: 'TCP' }]);
    expect(endpoints.subsets![0]!.addresses).toHaveLength(2);
  });

  it('follows readiness and the number of Pods, and writes nothing when nothing changes', async () => {
    const cluster = await served();
    const [pod] = await cluster.pods();
    await cluster.setReady(pod!, false);
    const ready = (await slicesOf(cluster))[0]!.endpoints.map(({ conditions }) => conditions?.ready);
    expect(ready.filter(Boolean)).toHaveLength(1);
    expect((await endpointsOf(cluster)).subsets![0]!.notReadyAddresses).toHaveLength(1);
    const before = cluster.writes.length;
    await cluster.client
      .resource(Deployments)
      .patch({ namespace: 'default', name: 'web' }, 'merge', { metadata: { labels: { x: 'y' } } });
    await cluster.restart();
    expect(cluster.writes.slice(before).filter((write) => write.includes('endpoint'))).toEqual([]);
  });

  it('without Pods has one empty slice', async () => {
    const cluster = await served(0);
    const slices = await slicesOf(cluster);
    expect(slices).toHaveLength(1);
    expect(slices[0]!.endpoints ?? []).toEqual([]);
    expect((await endpointsOf(cluster)).subsets).toBeUndefined();
    await cluster.client
      .resource(Deployments)
      .patch({ namespace: 'default', name: 'web' }, 'merge', { spec: { replicas: 1 } });
    await cluster.settle();
    const filled = await slicesOf(cluster);
    expect(filled.map(({ endpoints }) => endpoints.length)).toEqual([1]);
    expect(filled[0]!.ports).toEqual([{ name: '', port: 8080, protocol: 'TCP' }]);
  });

  it('splits what does not fit into one slice', async () => {
    const cluster = await served(130);
    expect((await slicesOf(cluster)).map(({ endpoints }) => endpoints.length)).toEqual(
      expect.arrayContaining([100, 30]),
    );
  });

  it('with a port by name finds it on each Pod; without a cluster IP it says so', async () => {
    const cluster = await served(1, { ports: [{ name: 'http', port: 80, targetPort: 'web' }], clusterIP: 'None' });
    const [slice] = await slicesOf(cluster);
    expect(slice!.ports ?? []).toEqual([]);
    expect(slice!.metadata.labels).toHaveProperty(['service.kubernetes.io/headless'], '');
  });

  it('takes its endpoints with it', async () => {
    const cluster = await served();
    await cluster.client.resource(Services).delete({ namespace: 'default', name: 'web' });
    await cluster.settle();
    expect(await slicesOf(cluster)).toEqual([]);
    await expect(endpointsOf(cluster)).rejects.toThrow('not found');
  });

  it('without a selector is left to whoever made it', async () => {
    const cluster = await startTestCluster();
    await cluster.client.resource(Services).create(serviceOf('web', { selector: undefined }));
    await cluster.settle();
    expect(await slicesOf(cluster)).toEqual([]);
  });
});
