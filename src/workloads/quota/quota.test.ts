import { describe, expect, it } from 'vitest';
import { ConfigMaps, Deployments, Pods, ResourceQuotas } from '#apis/kubernetes/types.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { startTestCluster, type TestCluster } from '../workloads.cases.ts';

const quota = (hard: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: 'q', namespace: 'default' },
  spec: { hard },
});
const map = (name: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default' },
});
const named = { namespace: 'default', name: 'q' };
const usedIn = async (cluster: TestCluster) =>
  (await cluster.client.resource(ResourceQuotas).get(named)).status?.used ?? {};

const web = (replicas: number) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'web', image: 'nginx:1', resources: { requests: { cpu: '1' } } }] },
    },
  },
});

describe('a quota', () => {
  it('is counted when it comes, by what is there', async () => {
    const cluster = await startTestCluster();
    const maps = cluster.client.resource(ConfigMaps);
    await maps.create(map('a') as never);
    await maps.create(map('b') as never);
    await cluster.client
      .resource(ResourceQuotas)
      .create(quota({ configmaps: '5', pods: '3', 'count/things.example.com': '1' }) as never);
    await cluster.clock.advance(3_000);
    expect((await cluster.client.resource(ResourceQuotas).get(named)).status).toEqual({
      hard: { configmaps: '5', pods: '3', 'count/things.example.com': '1' },
      used: { configmaps: '2', pods: '0' },
    });
  });

  it('has room again for what goes, and for what has run', async () => {
    const cluster = await startTestCluster();
    await cluster.client.resource(ResourceQuotas).create(quota({ pods: '2', 'requests.cpu': '9' }) as never);
    await cluster.clock.advance(3_000);
    await cluster.client.resource(Deployments).create(web(3) as never);
    await cluster.settle();
    expect(await cluster.pods()).toHaveLength(2);
    expect(await usedIn(cluster)).toEqual({ pods: '2', 'requests.cpu': '2' });
    expect(cluster.events.map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/FailedCreate: .*exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2/),
    );
    await cluster.client.resource(Deployments).patch({ ...named, name: 'web' }, 'merge', { spec: { replicas: 1 } });
    await cluster.clock.advance(3_000);
    expect(await usedIn(cluster)).toEqual({ pods: '1', 'requests.cpu': '1' });
    const [pod] = await cluster.pods();
    await cluster.client.resource(Deployments).patch({ ...named, name: 'web' }, 'merge', { spec: { replicas: 0 } });
    await cluster.clock.advance(3_000);
    expect(pod).toBeDefined();
    expect(await usedIn(cluster)).toEqual({ pods: '0', 'requests.cpu': '0' });
    expect((await cluster.client.resource(Pods).list({ namespace: 'default' })).items).toEqual([]);
  });

  it('is put right when its status is not', async () => {
    const cluster = await startTestCluster();
    const quotas = cluster.client.resource(ResourceQuotas);
    await quotas.create(quota({ pods: '2' }) as never);
    await cluster.clock.advance(3_000);
    await quotas.patch(named, 'merge', { status: { used: { pods: '7' } } }, { subresource: 'status' });
    await cluster.clock.advance(6 * 60_000);
    expect(await usedIn(cluster)).toEqual({ pods: '0' });
  });
});
