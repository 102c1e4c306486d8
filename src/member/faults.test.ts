import { describe, expect, test } from 'vitest';
import { Deployments, Events, Nodes, type Pod, Pods } from '#apis/kubernetes/types.ts';
import type { ApiClient } from '#client/api-client.ts';
import { findCondition } from '#kube/conditions/conditions.ts';
import type { Condition } from '#kube/meta/object.ts';
import { createIn, deployment, startTestMember, type TestMember } from './member.fixture.ts';

const nodeReady = async (client: ApiClient, name: string) =>
  findCondition((await client.resource(Nodes).get({ name })).status?.conditions as readonly Condition[], 'Ready')
    ?.status;

const podReady = ({ status }: Pod) => findCondition(status?.conditions as readonly Condition[], 'Ready')?.status;
const living = async (member: TestMember) =>
  (await member.pods()).filter(({ metadata }) => !metadata.deletionTimestamp);

describe('a node that goes down', () => {
  test('is noticed, its Pods are replaced after their tolerations, and it comes back', async () => {
    const member = await startTestMember();
    const { client, clock } = member;
    await createIn(member, deployment('web', 2));
    member.member.faults.setNode('member1-node2', false);
    await clock.advance(40_000);
    expect(await nodeReady(client, 'member1-node2')).toBe('True');
    await clock.advance(20_000);
    expect(await nodeReady(client, 'member1-node2')).toBe('Unknown');
    expect(await nodeReady(client, 'member1-node1')).toBe('True');
    const lost = (await member.pods()).find(({ spec }) => spec.nodeName === 'member1-node2')!;
    expect([podReady(lost), lost.status?.phase]).toEqual(['False', 'Running']);
    const tainted = await client.resource(Nodes).get({ name: 'member1-node2' });
    expect(tainted.spec?.taints?.map(({ key, effect }) => `${key}:${effect}`)).toEqual([
      'node.kubernetes.io/unreachable:NoSchedule',
      'node.kubernetes.io/unreachable:NoExecute',
    ]);

    await clock.advance(301_000);
    const now = await living(member);
    expect(now.map(({ spec }) => spec.nodeName)).toEqual(['member1-node1', 'member1-node1']);
    // Nobody stops the lost one until its node is back.
    expect((await member.pods()).map(({ metadata }) => metadata.uid)).toContain(lost.metadata.uid);

    member.member.faults.setNode('member1-node2', true);
    await clock.advance(11_000);
    expect(await nodeReady(client, 'member1-node2')).toBe('True');
    expect((await client.resource(Nodes).get({ name: 'member1-node2' })).spec?.taints).toBeUndefined();
    expect((await member.pods()).map(({ metadata }) => metadata.uid)).not.toContain(lost.metadata.uid);
  });

  test('for a moment harms nobody: the same Pods are ready again', async () => {
    const member = await startTestMember();
    await createIn(member, deployment('web', 2));
    const before = (await member.pods()).map(({ metadata }) => metadata.uid);
    member.member.faults.setNode('member1-node2', false);
    await member.clock.advance(70_000);
    member.member.faults.setNode('member1-node2', true);
    await member.clock.advance(11_000);
    const after = await member.pods();
    expect(after.map(({ metadata }) => metadata.uid)).toEqual(before);
    expect(after.map(podReady)).toEqual(['True', 'True']);
    expect(after.flatMap(({ status }) => status?.containerStatuses?.map(({ restartCount }) => restartCount))).toEqual([
      0, 0,
    ]);
  });

  test('and is taken away for good takes its Pods along', async () => {
    const member = await startTestMember();
    await createIn(member, deployment('web', 2));
    member.member.faults.setNode('member1-node2', false);
    await member.client.resource(Nodes).delete({ name: 'member1-node2' });
    await member.clock.advance(45_000);
    expect((await member.pods()).map(({ spec }) => spec.nodeName)).toEqual(['member1-node1', 'member1-node1']);
    const { items } = await member.client.resource(Events).list({ namespace: 'default' });
    expect(items.filter(({ type }) => type === 'Warning')).toEqual([]);
  });
});

describe('the API', () => {
  test('cannot be reached from outside, and goes on inside', async () => {
    const member = await startTestMember();
    const { client, clock } = member;
    let ended: Error | undefined;
    await client.resource(Pods).watch({ namespace: 'default' }, { event: () => {}, end: (error) => (ended = error) });
    await client.resource(Deployments).create(deployment('web', 1));
    member.member.faults.setApi({ unreachable: true });
    await clock.settle();
    expect(ended?.message).toContain('member1 cannot be reached');
    await expect(client.resource(Pods).list()).rejects.toMatchObject({ status: { reason: 'ServiceUnavailable' } });
    member.member.faults.setApi({});
    expect((await member.pods()).map(({ status }) => status?.phase)).toEqual(['Running']);
  });

  test('is slow', async () => {
    const member = await startTestMember();
    member.member.faults.setApi({ slowMs: [100, 100] });
    let answered = false;
    const asked = member.pods().then(() => {
      answered = true;
    });
    await member.clock.advance(150);
    expect(answered).toBe(false);
    await member.clock.advance(50);
    await asked;
  });

  test('refuses some of what it is asked', async () => {
    const member = await startTestMember();
    member.member.faults.setApi({ errors: 0.5 });
    const answers = await Promise.allSettled(Array.from({ length: 40 }, () => member.pods()));
    const refused = answers.filter(({ status }) => status === 'rejected').length;
    expect(refused).toBeGreaterThan(5);
    expect(refused).toBeLessThan(35);
  });
});
