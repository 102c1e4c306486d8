import { beforeEach, describe, expect, it } from 'vitest';
import { type Cluster, refusal, startCluster } from '../serve.cases.ts';

const pods = 'v1/pods/default';
const budgets = 'policy/v1/poddisruptionbudgets/default';
const pod = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels: { app: 'x' } },
  spec: { containers: [{ name: 'm', image: 'i' }] },
});
const budget = (name: string) => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name },
  spec: { minAvailable: 1, selector: { matchLabels: { app: 'x' } } },
});
const ready = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };
const status = (disruptionsAllowed: number) => ({
  status: { observedGeneration: 1, disruptionsAllowed, currentHealthy: 2, desiredHealthy: 1, expectedPods: 2 },
});

describe('an eviction', () => {
  let cluster: Cluster;
  const evict = (name: string) =>
    cluster.create(`${pods}/${name}/eviction`, { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name } });
  beforeEach(async () => {
    cluster = await startCluster();
    for (const name of ['a', 'b']) {
      await cluster.create(pods, pod(name));
      await cluster.patch(`${pods}/${name}/status`, 'merge', { status: ready });
    }
  });

  it('takes one of the disruptions that are allowed, until there are none', async () => {
    await cluster.create(budgets, budget('one'));
    expect(await refusal(evict('a'))).toMatchObject({ code: 429, details: { retryAfterSeconds: 10 } });
    await cluster.patch(`${budgets}/one/status`, 'merge', status(1));
    await evict('a');
    expect(await cluster.get(`${budgets}/one`)).toMatchObject({
      status: { disruptionsAllowed: 0, disruptedPods: { a: expect.any(String) } },
    });
    expect(await refusal(evict('b'))).toMatchObject({
      code: 429,
      details: { causes: [{ message: expect.stringContaining('does not allow evicting pods currently') }] },
    });
    expect((await refusal(cluster.get(`${pods}/a`))).code).toBe(404);
    expect((await cluster.get(`${pods}/b`)).metadata.name).toBe('b');
  });

  it('cannot ask two budgets', async () => {
    for (const name of ['one', 'two']) await cluster.create(budgets, budget(name));
    expect(await refusal(evict('a'))).toMatchObject({ code: 500 });
  });
});
