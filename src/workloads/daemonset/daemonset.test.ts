import { describe, expect, it } from 'vitest';
import { type DaemonSet, DaemonSets, type Node, Nodes } from '#apis/kubernetes/types.ts';
import { deploymentOf, startTestCluster, type TestCluster, uidsOf } from '../workloads.cases.ts';

const key = { namespace: 'default', name: 'agent' };

const daemonSet = (spec: Partial<DaemonSet['spec']> = {}): DaemonSet => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: key,
  spec: { selector: { matchLabels: { app: 'agent' } }, template: deploymentOf('agent').spec.template, ...spec },
});

const node = (name: string, spec: Node['spec'] = {}, labels = {}): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels },
  spec,
});

async function started(spec: Partial<DaemonSet['spec']> = {}, nodes = [node('node1'), node('node2'), node('node3')]) {
  const cluster = await startTestCluster({ names: ['daemonset', 'gc'] });
  for (const each of nodes) await cluster.client.resource(Nodes).create(each);
  await cluster.client.resource(DaemonSets).create(daemonSet(spec));
  await cluster.settle();
  return cluster;
}

const byText = (left: string, right: string) => (left < right ? -1 : 1);
const current = ({ client }: TestCluster) => client.resource(DaemonSets).get(key);
const change = async (cluster: TestCluster, patch: object) => {
  await cluster.client.resource(DaemonSets).patch(key, 'strategic', patch as never);
  await cluster.settle();
};
const image = (name: string) => ({ spec: { template: { spec: { containers: [{ name: 'web', image: name }] } } } });
const images = async (cluster: TestCluster) =>
  (await cluster.pods()).map(({ spec }) => spec.containers[0]!.image ?? '').sort(byText);
const nodesOf = async (cluster: TestCluster) =>
  (await cluster.pods()).map(({ spec }) => spec.nodeName ?? '').sort(byText);

const tainted: Node['spec'] = { taints: [{ key: 'dedicated', value: 'x', effect: 'NoSchedule' }] };

describe('a DaemonSet', () => {
  it('runs one Pod on each node that lets it', async () => {
    const cluster = await started({}, [node('node1'), node('node2', tainted), node('node3', { unschedulable: true })]);
    expect(await nodesOf(cluster)).toEqual(['node1', 'node3']);
    const [pod] = await cluster.pods();
    expect(pod!.metadata.labels).toMatchObject({
      app: 'agent',
      'controller-revision-hash': expect.stringMatching(/^\w{8,10}$/),
    });
    expect(pod!.metadata.generateName).toBe('agent-');
    expect((await current(cluster)).status).toEqual({
      currentNumberScheduled: 2,
      desiredNumberScheduled: 2,
      numberAvailable: 2,
      numberMisscheduled: 0,
      numberReady: 2,
      observedGeneration: 1,
      updatedNumberScheduled: 2,
    });
  });

  it('follows nodes that come, go and change', async () => {
    const cluster = await started({}, [node('node1')]);
    const nodes = cluster.client.resource(Nodes);
    await nodes.create(node('node2', {}, { zone: 'a' }));
    await cluster.settle();
    expect(await nodesOf(cluster)).toEqual(['node1', 'node2']);
    await nodes.delete({ name: 'node1' });
    await cluster.settle();
    expect(await nodesOf(cluster)).toEqual(['node2']);
    await change(cluster, { spec: { template: { spec: { nodeSelector: { zone: 'b' } } } } });
    expect(await cluster.pods()).toEqual([]);
    expect((await current(cluster)).status).toMatchObject({ desiredNumberScheduled: 0, numberMisscheduled: 0 });
  });

  it('rolls out one node after the other', async () => {
    const cluster = await started();
    cluster.kubelet.mode = 'hold';
    await change(cluster, image('nginx:2'));
    expect(await images(cluster)).toEqual(['nginx:1', 'nginx:1', 'nginx:2']);
    cluster.kubelet.mode = 'run';
    for (const pod of await cluster.pods()) if (pod.status?.phase === 'Pending') await cluster.setReady(pod, true);
    expect(await images(cluster)).toEqual(['nginx:2', 'nginx:2', 'nginx:2']);
    expect((await current(cluster)).status).toMatchObject({ updatedNumberScheduled: 3, numberAvailable: 3 });
  });

  it('with a surge starts the new beside the old', async () => {
    const cluster = await started({
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    });
    cluster.kubelet.mode = 'hold';
    await change(cluster, image('nginx:2'));
    expect(await images(cluster)).toEqual(['nginx:1', 'nginx:1', 'nginx:1', 'nginx:2']);
    cluster.kubelet.mode = 'run';
    for (const pod of await cluster.pods()) if (pod.status?.phase === 'Pending') await cluster.setReady(pod, true);
    expect(await images(cluster)).toEqual(['nginx:2', 'nginx:2', 'nginx:2']);
  });

  it('replaces nothing for labels, annotations or a restart, and a failed Pod always', async () => {
    const cluster = await started();
    const before = uidsOf(await cluster.pods());
    await change(cluster, { metadata: { labels: { a: 'b' }, annotations: { c: 'd' } } });
    await cluster.restart();
    expect(uidsOf(await cluster.pods())).toEqual(before);
    await cluster.finish((await cluster.pods())[0]!, 'Failed');
    const after = uidsOf(await cluster.pods());
    expect(after).toHaveLength(3);
    expect(after.filter((uid) => before.includes(uid))).toHaveLength(2);
  });
});
