import { describe, expect, it } from 'vitest';
import { type Deployment, Deployments, ReplicaSets } from '#apis/kubernetes/types.ts';
import { deploymentOf, startTestCluster, type TestCluster, uidsOf } from '../workloads.cases.ts';

const names = ['deployment', 'replicaset'] as const;

async function deployed(spec: Partial<Deployment['spec']> = {}) {
  const cluster = await startTestCluster({ names });
  await cluster.client.resource(Deployments).create(deploymentOf('web', spec));
  await cluster.settle();
  return cluster;
}

const current = ({ client }: TestCluster) => client.resource(Deployments).get({ namespace: 'default', name: 'web' });

const setsOf = async ({ client }: TestCluster) => (await client.resource(ReplicaSets).list({ namespace: 'default' })).items;

const change = async (cluster: TestCluster, patch: object) => {
  await cluster.client.resource(Deployments).patch({ namespace: 'default', name: 'web' }, 'strategic', patch as never);
  await cluster.settle();
};

describe('a Deployment', () => {
  it('comes up as on a real cluster', async () => {
    const cluster = await deployed();
    const [set] = await setsOf(cluster);
    const hash = set!.metadata.labels!['pod-template-hash']!;
    expect(hash).toMatch(/^[bcdf-hj-np-tv-xz2456789]{8,10}$/);
  });
});
