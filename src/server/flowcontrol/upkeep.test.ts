import { describe, expect, it } from 'vitest';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { type Cluster, startCluster } from '../serve.cases.ts';

const schemas = 'flowcontrol.apiserver.k8s.io/v1/flowschemas/-';
const levels = 'flowcontrol.apiserver.k8s.io/v1/prioritylevelconfigurations/-';

const flowSchema = (name: string, level: string) => ({
  apiVersion: 'flowcontrol.apiserver.k8s.io/v1',
  kind: 'FlowSchema',
  metadata: { name },
  spec: {
    priorityLevelConfiguration: { name: level },
    matchingPrecedence: 50,
    rules: [
      {
        subjects: [{ kind: 'User', user: { name: '*' } }],
        nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
      },
    ],
  },
});

const level = {
  apiVersion: 'flowcontrol.apiserver.k8s.io/v1',
  kind: 'PriorityLevelConfiguration',
  metadata: { name: 'mine' },
  spec: { type: 'Limited', limited: { limitResponse: { type: 'Reject' } } },
};

const conditionsOf = (object: UnstructuredObject) =>
  (object.status as { conditions?: readonly Record<string, string>[] }).conditions ?? [];

async function patchSpec(server: Cluster, target: string, spec: object, annotations?: object) {
  await server.patch(target, 'merge', { spec, ...(annotations ? { metadata: { annotations } } : {}) });
}

describe('the configuration a server is born with', () => {
  it('is written once and left alone afterwards', async () => {
    const server = await startCluster();
    const before = server.store.revision();
    expect((await server.list(schemas.slice(0, -2))).items).toHaveLength(11);
    expect((await server.list(levels.slice(0, -2))).items).toHaveLength(8);
    await server.clock.advance(3_600_000);
    expect(server.store.revision()).toBe(before);
  });

  it('is put back where it must be, and where nobody has taken it over', async () => {
    const server = await startCluster();
    await server.remove(`${schemas}/exempt`);
    await server.remove(`${levels}/system`);
    await patchSpec(server, `${levels}/catch-all`, { limited: { nominalConcurrencyShares: 7 } });
    await patchSpec(server, `${levels}/workload-low`, { limited: { nominalConcurrencyShares: 7 } });
    await patchSpec(
      server,
      `${levels}/workload-high`,
      { limited: { nominalConcurrencyShares: 7 } },
      { 'apf.kubernetes.io/autoupdate-spec': 'false' },
    );
    await server.clock.advance(60_000);
    expect((await server.get(`${schemas}/exempt`)).metadata.generation).toBe(1);
    expect((await server.get(`${levels}/system`)).metadata.generation).toBe(1);
    const shares = async (name: string) =>
      ((await server.get(`${levels}/${name}`)).spec as { limited: { nominalConcurrencyShares: number } }).limited
        .nominalConcurrencyShares;
    expect(await shares('catch-all')).toBe(5);
    expect(await shares('workload-low')).toBe(100);
    expect(await shares('workload-high')).toBe(7);
    const revision = server.store.revision();
    await server.clock.advance(600_000);
    expect(server.store.revision()).toBe(revision);
  });

  it('loses what an earlier version had', async () => {
    const server = await startCluster();
    const old = { ...level, metadata: { name: 'old', annotations: { 'apf.kubernetes.io/autoupdate-spec': 'true' } } };
    await server.create(levels, old);
    await server.create(levels, level);
    await server.clock.advance(60_000);
    await expect(server.get(`${levels}/old`)).rejects.toThrow('not found');
    await server.get(`${levels}/mine`);
  });
});

describe('a FlowSchema', () => {
  it('says whether its level exists', async () => {
    const server = await startCluster();
    await server.create(schemas, flowSchema('a', 'mine'));
    await server.clock.settle();
    const dangling = await server.get(`${schemas}/a`);
    expect(conditionsOf(dangling)).toMatchObject([
      {
        type: 'Dangling',
        status: 'True',
        reason: 'NotFound',
        message:
          'This FlowSchema references the PriorityLevelConfiguration object named "mine" but there is no such object',
      },
    ]);
    expect(dangling.metadata.generation).toBe(1);
    expect(dangling.metadata.managedFields?.map(({ manager }) => manager)).toContain(
      'api-priority-and-fairness-config-consumer-v1',
    );
    await server.create(levels, level);
    await server.clock.settle();
    expect(conditionsOf(await server.get(`${schemas}/a`))).toMatchObject([
      {
        type: 'Dangling',
        status: 'False',
        reason: 'Found',
        message: 'This FlowSchema references the PriorityLevelConfiguration object named "mine" and it exists',
      },
    ]);
    await server.remove(`${schemas}/a`);
    await server.clock.settle();
  });
});
