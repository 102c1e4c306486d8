import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  type DaemonSet,
  DaemonSets,
  Deployments,
  Events,
  Jobs,
  Leases,
  Nodes,
  PersistentVolumeClaims,
  PersistentVolumes,
  type Pod,
  Pods,
} from '#apis/kubernetes/types.ts';
import { findCondition } from '#kube/conditions/conditions.ts';
import type { Condition, KubeObject } from '#kube/meta/object.ts';
import { parseYamlDocuments } from '#kube/yaml/yaml.ts';
import { createIn, deployment, requesting, startTestMember, type TestMember } from './member.fixture.ts';

const named = (name: string) => ({ namespace: 'default', name });
const nodesOf = (pods: readonly Pod[]) => pods.map(({ spec }) => spec.nodeName ?? '').sort();
const isRunning = ({ status }: Pod) => status?.phase === 'Running';
const scheduled = ({ status }: Pod) => findCondition(status?.conditions as readonly Condition[], 'PodScheduled');
const writesOf = ({ writes }: TestMember, what: RegExp) => writes.filter((each) => what.test(each));

/** Events are written a moment after what they tell of. */
async function eventsOf({ client, clock }: TestMember, name: string): Promise<readonly string[]> {
  await clock.advance(200);
  const { items } = await client.resource(Events).list({ namespace: 'default' });
  return items
    .filter(({ involvedObject }) => involvedObject.name === name)
    .map(({ source, type, reason, message }) => `${source?.component} ${type} ${reason}: ${message}`);
}

describe('a Deployment', () => {
  test('comes up spread over the nodes; each Pod is made, bound and reported once', async () => {
    const member = await startTestMember();
    await createIn(member, deployment('nginx', 2));
    const pods = await member.pods();
    expect(nodesOf(pods)).toEqual(['member1-node1', 'member1-node2']);
    expect(new Set(pods.map(({ status }) => status?.podIP))).toEqual(new Set(['10.31.0.1', '10.31.128.1']));
    expect(writesOf(member, / pods/).map((each) => each.split(' nginx')[0])).toEqual([
      'create pods',
      'create pods',
      'create pods/binding',
      'create pods/binding',
      'update pods/status',
      'update pods/status',
    ]);
    const { status } = await member.client.resource(Deployments).get(named('nginx'));
    expect(status).toMatchObject({
      availableReplicas: 2,
      readyReplicas: 2,
      replicas: 2,
      terminatingReplicas: 0,
      updatedReplicas: 2,
    });
    const [{ metadata, spec }] = pods as [Pod];
    expect(await eventsOf(member, metadata.name!)).toEqual([
      `default-scheduler Normal Scheduled: Successfully assigned default/${metadata.name} to ${spec.nodeName}`,
    ]);
  });

  // What differs from the recorded Pods: theirs have no container identities and no PodReadyToStartContainers.
  test('has Pods as the recorded ones', async () => {
    const member = await startTestMember();
    await createIn(member, deployment('nginx', 1));
    const [pod] = (await member.pods()) as [Pod];
    const time = '2026-01-01T00:00:00Z';
    const recorded = ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'];
    expect(pod.status).toEqual({
      conditions: ['PodReadyToStartContainers', ...recorded].map((type) => ({
        lastProbeTime: null,
        lastTransitionTime: time,
        status: 'True',
        type,
      })),
      containerStatuses: [
        {
          containerID: `simulated://${pod.metadata.uid}/web/0`,
          image: 'nginx:latest',
          imageID: expect.stringMatching(/^nginx@sha256:[0-9a-f]{64}$/),
          lastState: {},
          name: 'web',
          ready: true,
          restartCount: 0,
          started: true,
          state: { running: { startedAt: time } },
        },
      ],
      hostIP: '10.200.1.1',
      hostIPs: [{ ip: '10.200.1.1' }],
      phase: 'Running',
      podIP: '10.31.0.1',
      podIPs: [{ ip: '10.31.0.1' }],
      qosClass: 'BestEffort',
      startTime: time,
    });
  });

  test('goes with its Pods', async () => {
    const member = await startTestMember();
    await createIn(member, deployment('nginx', 3));
    await member.client.resource(Deployments).delete(named('nginx'));
    await member.clock.advance(1_000);
    expect(await member.pods()).toEqual([]);
  });
});

describe('the scheduler', () => {
  test('says why there is no node, and looks again when there is room', async () => {
    const member = await startTestMember();
    await createIn(member, deployment('big', 3, requesting('40')));
    const waiting = (await member.pods()).filter((pod) => !isRunning(pod));
    expect(waiting).toHaveLength(1);
    const message =
      '0/2 nodes are available: 2 Insufficient cpu. no new claims to deallocate, preemption: 0/2 nodes are available: ' +
      '2 No preemption victims found for incoming pod.';
    expect(scheduled(waiting[0]!)).toMatchObject({ status: 'False', reason: 'Unschedulable', message });
    expect(await eventsOf(member, waiting[0]!.metadata.name!)).toEqual([
      `default-scheduler Warning FailedScheduling: ${message}`,
    ]);
    const running = (await member.pods()).find(isRunning)!;
    await member.client.resource(Deployments).patch(named('big'), 'merge', { spec: { replicas: 2 } });
    await member.clock.settle();
    expect((await member.pods()).filter(isRunning)).toHaveLength(2);
    await createIn(member, deployment('second', 1, requesting('40')));
    await member.client.resource(Pods).delete(named(running.metadata.name!));
    await member.clock.settle();
    // Whoever came first has the room now; the other one waits.
    expect((await member.pods()).filter(isRunning)).toHaveLength(2);
  });

  test('keeps to cordons and taints; a new node takes what waits', async () => {
    const taints = [{ key: 'team', value: 'bank', effect: 'NoSchedule' as const }];
    const member = await startTestMember({ nodes: [{}, { taints }] });
    await member.client.resource(Nodes).patch({ name: 'member1-node1' }, 'merge', { spec: { unschedulable: true } });
    await createIn(member, deployment('web', 1));
    expect((await member.pods()).filter(isRunning)).toEqual([]);
    await createIn(member, deployment('bank', 1, { tolerations: [{ key: 'team', operator: 'Exists' }] }));
    expect(nodesOf((await member.pods()).filter(isRunning))).toEqual(['member1-node2']);
    await member.client.resource(Nodes).patch({ name: 'member1-node1' }, 'merge', { spec: { unschedulable: null } });
    await member.clock.settle();
    expect(nodesOf(await member.pods())).toEqual(['member1-node1', 'member1-node2']);
  });
});

describe('Pods', () => {
  const job = (name: string): KubeObject & { readonly spec: object } => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name },
    spec: {
      completions: 2,
      template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'busybox' }] } },
    },
  });

  test('of a Job run for a moment and complete', async () => {
    const member = await startTestMember();
    await createIn(member, job('once'));
    await member.clock.advance(5_000);
    const pods = await member.pods();
    expect(pods.map(({ status }) => status?.phase)).toEqual(['Succeeded', 'Succeeded']);
    expect((await member.client.resource(Jobs).get(named('once'))).status).toMatchObject({ succeeded: 2 });
  });

  test('that are deleted while a finalizer holds them say first how they ended', async () => {
    const member = await startTestMember();
    const held = deployment('held', 1);
    const template = {
      ...held.spec.template,
      metadata: { ...held.spec.template.metadata, finalizers: ['example.com/wait'] },
    };
    await createIn(member, { ...held, spec: { ...held.spec, template } } as typeof held);
    const [pod] = (await member.pods()) as [Pod];
    await member.client.resource(Pods).delete(named(pod.metadata.name!));
    await member.clock.settle();
    const ended = await member.client.resource(Pods).get(named(pod.metadata.name!));
    expect([ended.status?.phase, ended.metadata.deletionGracePeriodSeconds]).toEqual(['Failed', 0]);
    await member.client.resource(Pods).patch(named(pod.metadata.name!), 'merge', { metadata: { finalizers: null } });
    await member.clock.settle();
    expect((await member.pods()).map(({ metadata }) => metadata.uid)).not.toContain(pod.metadata.uid);
  });

  test('take a while by the natural stages', async () => {
    const member = await startTestMember({ stages: 'natural' });
    await createIn(member, deployment('web', 1));
    const reason = async () => (await member.pods())[0]?.status?.containerStatuses?.[0]?.state?.waiting?.reason;
    expect(await reason()).toBe('ContainerCreating');
    await member.clock.advance(2_000);
    expect((await member.pods()).filter(isRunning)).toHaveLength(1);
  });

  test('of a DaemonSet: one on each node', async () => {
    const member = await startTestMember({ nodes: [{}, {}, {}] });
    const agent: DaemonSet = {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'agent' },
      spec: deployment('agent', 1).spec as unknown as DaemonSet['spec'],
    };
    const { replicas: _, ...spec } = agent.spec as unknown as Readonly<Record<string, unknown>>;
    await createIn(member, { ...agent, spec } as unknown as DaemonSet);
    expect(nodesOf((await member.pods()).filter(isRunning))).toEqual([
      'member1-node1',
      'member1-node2',
      'member1-node3',
    ]);
    expect((await member.client.resource(DaemonSets).get(named('agent'))).status?.numberReady).toBe(3);
  });
});

test('a claim gets a volume, and takes it along', async () => {
  const member = await startTestMember();
  const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
  const claim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' }, spec };
  await createIn(member, claim as KubeObject);
  const claims = member.client.resource(PersistentVolumeClaims);
  const bound = await claims.get(named('data'));
  expect(bound.status).toMatchObject({ phase: 'Bound', capacity: { storage: '1Gi' } });
  const volumes = member.client.resource(PersistentVolumes);
  expect((await volumes.get({ name: bound.spec.volumeName! })).status?.phase).toBe('Bound');
  await claims.delete(named('data'));
  await member.clock.settle();
  expect((await volumes.list()).items).toEqual([]);
});

test('a claim that is in use stays until its last Pod has gone', async () => {
  const member = await startTestMember();
  const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
  const claim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' }, spec };
  const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }];
  const container = { name: 'main', image: 'nginx:1.27' };
  const user = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'user' },
    spec: { containers: [container], volumes },
  };
  await createIn(member, claim as KubeObject, user as KubeObject);
  const claims = member.client.resource(PersistentVolumeClaims);
  expect((await claims.get(named('data'))).metadata.finalizers).toEqual(['kubernetes.io/pvc-protection']);
  await claims.delete(named('data'));
  await member.clock.advance(1_000);
  expect((await claims.get(named('data'))).metadata.deletionTimestamp).toBeDefined();
  await member.client.resource(Pods).delete(named('user'));
  await member.clock.advance(60_000);
  expect((await claims.list({ namespace: 'default' })).items).toEqual([]);
  expect((await member.client.resource(PersistentVolumes).list()).items).toEqual([]);
});

describe('the sample application', () => {
  const folder = new URL('../../data/scenarios/demo/', import.meta.url);
  const objects = readdirSync(folder)
    .sort()
    .flatMap((file) =>
      parseYamlDocuments(readFileSync(new URL(file, folder), 'utf8')),
    ) as unknown as readonly KubeObject[];

  test('comes up whole', async () => {
    const member = await startTestMember();
    expect(objects.length).toBeGreaterThanOrEqual(20);
    await createIn(member, ...objects);
    await member.clock.advance(2_000);
    const pods = await member.pods();
    const phases = new Map<string, number>();
    for (const { status } of pods) phases.set(status?.phase ?? '', (phases.get(status?.phase ?? '') ?? 0) + 1);
    expect(Object.fromEntries(phases)).toEqual({ Running: 15, Succeeded: 1 });
    const claims = await member.client.resource(PersistentVolumeClaims).list({ namespace: 'default' });
    expect(claims.items.map(({ status }) => status?.phase)).toEqual(['Bound', 'Bound']);
    expect(
      member.member.status().flatMap(({ name, troubles }) => troubles.map((each) => `${name}: ${each.reason}`)),
    ).toEqual([]);
  });
});

test('idle, a node renews its Lease every ten seconds and writes nothing else', async () => {
  const member = await startTestMember();
  await createIn(member, deployment('web', 2));
  await member.clock.advance(10_000);
  member.writes.length = 0;
  await member.clock.advance(60_000);
  expect(new Set(member.writes.map((each) => each.split(' (')[0]))).toEqual(
    new Set(['update leases member1-node1', 'update leases member1-node2']),
  );
  expect(member.writes).toHaveLength(12);
  const leases = await member.client.resource(Leases).list({ namespace: 'kube-node-lease' });
  expect(leases.items.map(({ spec }) => spec.holderIdentity)).toEqual(['member1-node1', 'member1-node2']);
});

test('twenty members start with few writes each', async () => {
  const members = await Promise.all(
    Array.from({ length: 20 }, (_, index) => startTestMember({ index, nodes: [{}, {}] })),
  );
  for (const { writes } of members) expect(writes.length).toBeLessThanOrEqual(12);
  await Promise.all(members.map((member) => createIn(member, deployment('web', 1))));
  for (const member of members) expect((await member.pods()).filter(isRunning)).toHaveLength(1);
});
