import { describe, expect, it } from 'vitest';
import { Deployments, type PodDisruptionBudget, PodDisruptionBudgets } from '#apis/kubernetes/types.ts';
import { deploymentOf, startTestCluster } from '../workloads.cases.ts';

async function budgeted(spec: PodDisruptionBudget['spec']) {
  const cluster = await startTestCluster();
  await cluster.client.resource(Deployments).create(deploymentOf('web', { replicas: 3 }));
  await cluster.client.resource(PodDisruptionBudgets).create({
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'web', namespace: 'default' },
    spec: { selector: { matchLabels: { app: 'web' } }, ...spec },
  });
  await cluster.settle();
  const status = async () =>
    (await cluster.client.resource(PodDisruptionBudgets).get({ namespace: 'default', name: 'web' })).status;
  return { cluster, status };
}

describe('a PodDisruptionBudget', () => {
  it('allows what is above the least', async () => {
    const { cluster, status } = await budgeted({ minAvailable: 2 });
    expect(await status()).toMatchObject({
      currentHealthy: 3,
      desiredHealthy: 2,
      disruptionsAllowed: 1,
      expectedPods: 3,
      observedGeneration: 1,
      conditions: [{ type: 'DisruptionAllowed', status: 'True', reason: 'SufficientPods' }],
    });
    await cluster.setReady((await cluster.pods())[0]!, false);
    expect(await status()).toMatchObject({
      currentHealthy: 2,
      disruptionsAllowed: 0,
      conditions: [{ type: 'DisruptionAllowed', status: 'False', reason: 'InsufficientPods' }],
    });
  });

  it('counts shares of what the controllers want', async () => {
    const { status } = await budgeted({ maxUnavailable: '50%' });
    expect(await status()).toMatchObject({ desiredHealthy: 1, disruptionsAllowed: 2, expectedPods: 3 });
  });
});
