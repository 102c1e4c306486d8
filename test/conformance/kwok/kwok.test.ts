/** kwok plays nodes and Pods on our API server, the real controllers do the rest: a rollout from end to end by programs of others. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type StartedCommand, start } from '#harness/command.ts';
import { absentBinaries, binaryPath } from '#harness/real-binaries.ts';
import { until } from '#harness/until.ts';
import { type ManagedCluster, startManaged } from '../controllers.ts';

const controllers = [
  'deployment-controller',
  'replicaset-controller',
  'serviceaccount-controller',
  'endpointslice-controller',
  'garbage-collector-controller',
];
const labels = { app: 'web' };
const web = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { namespace: 'default', name: 'web' } };

describe.skipIf(absentBinaries().length > 0)('kwok on our API server', () => {
  let cluster: ManagedCluster;
  let kwok: StartedCommand;

  beforeAll(async () => {
    cluster = await startManaged(controllers);
    const flags = [`--kubeconfig=${cluster.kubeconfig}`, '--manage-all-nodes=true'];
    kwok = start(binaryPath('kwok'), [...flags, `--config=${join(import.meta.dirname, 'stages.yaml')}`]);
  });
  afterAll(async () => {
    kwok?.signal('SIGKILL');
    await kwok?.ended;
    await cluster?.stop();
  });

  test('a Deployment becomes available, rolls out, and goes', async () => {
    const { hands } = cluster;
    await hands.create({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'node' } });
    await until('the account', () =>
      hands.find({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace: 'default', name: 'default' } }),
    );
    const spec = { nodeName: 'node', containers: [{ name: 'c', image: 'nginx:1' }] };
    const template = { metadata: { labels }, spec };
    await hands.create({ ...web, spec: { replicas: 3, selector: { matchLabels: labels }, template } });
    const available = (image: string) =>
      until(`three Pods of ${image}`, async () => {
        const { status } = await hands.get(web);
        const pods = await hands.list('v1', 'Pod', 'default');
        return (
          status.availableReplicas === 3 &&
          status.updatedReplicas === 3 &&
          pods.length === 3 &&
          pods.every((pod) => pod.spec.containers[0].image === image && pod.status.phase === 'Running')
        );
      });
    await available('nginx:1');
    const node = await hands.get({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'node' } });
    expect(node.status.conditions).toMatchObject([{ type: 'Ready', status: 'True' }]);
    await hands.setImage(web, 'c', 'nginx:2');
    await available('nginx:2');
    await hands.delete(web);
    await cluster.counted('v1', 'Pod', 'default', 0);
  });
});
