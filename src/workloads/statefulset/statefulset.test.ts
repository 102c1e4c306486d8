import { describe, expect, it } from 'vitest';
import { ControllerRevisions, PersistentVolumeClaims, type StatefulSet, StatefulSets } from '#apis/kubernetes/types.ts';
import { deploymentOf, startTestCluster, type TestCluster, uidsOf } from '../workloads.cases.ts';
import { planStatefulSet } from './plan.ts';

const key = { namespace: 'default', name: 'db' };

const statefulSet = (spec: Partial<StatefulSet['spec']> = {}): StatefulSet => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: key,
  spec: {
    replicas: 3,
    serviceName: 'db',
    selector: { matchLabels: { app: 'db' } },
    template: deploymentOf('db').spec.template,
    ...spec,
  },
});

async function started(spec: Partial<StatefulSet['spec']> = {}, hold = false) {
  const cluster = await startTestCluster({ names: ['statefulset', 'gc'] });
  if (hold) cluster.kubelet.mode = 'hold';
  await cluster.client.resource(StatefulSets).create(statefulSet(spec));
  await cluster.settle();
  return cluster;
}

const current = ({ client }: TestCluster) => client.resource(StatefulSets).get(key);
const podNames = async (cluster: TestCluster) => (await cluster.pods()).map(({ metadata }) => metadata.name);
const images = async (cluster: TestCluster) => (await cluster.pods()).map(({ spec }) => spec.containers[0]!.image);

const change = async (cluster: TestCluster, patch: object) => {
  await cluster.client.resource(StatefulSets).patch(key, 'strategic', patch as never);
  await cluster.settle();
};
const image = (name: string) => ({ spec: { template: { spec: { containers: [{ name: 'web', image: name }] } } } });

describe('a StatefulSet', () => {
  it('makes its Pods in order, each when the one before is ready', async () => {
    const cluster = await started({}, true);
    expect(await podNames(cluster)).toEqual(['db-0']);
    await cluster.setReady((await cluster.pods())[0]!, true);
    expect(await podNames(cluster)).toEqual(['db-0', 'db-1']);
    expect(cluster.events[0]).toEqual({
      component: 'statefulset-controller',
      object: 'StatefulSet/db',
      text: 'Normal SuccessfulCreate: create Pod db-0 in StatefulSet db successful',
    });
  });

  it('gives each its name, its labels and its revision, and says so', async () => {
    const cluster = await started();
    const [revision] = (await cluster.client.resource(ControllerRevisions).list()).items;
    const name = revision!.metadata.name!;
    expect(name).toMatch(/^db-[bcdf-hj-np-tv-xz2456789]{8,10}$/);
    expect((await cluster.pods())[1]).toMatchObject({
      metadata: {
        name: 'db-1',
        generateName: 'db-',
        labels: {
          app: 'db',
          'controller-revision-hash': name,
          'statefulset.kubernetes.io/pod-name': 'db-1',
          'apps.kubernetes.io/pod-index': '1',
        },
      },
      spec: { hostname: 'db-1', subdomain: 'db' },
    });
    expect((await current(cluster)).status).toEqual({
      availableReplicas: 3,
      collisionCount: 0,
      currentReplicas: 3,
      currentRevision: name,
      observedGeneration: 1,
      readyReplicas: 3,
      replicas: 3,
      updateRevision: name,
      updatedReplicas: 3,
    });
  });

  it('in parallel makes all at once', async () => {
    const cluster = await started({ podManagementPolicy: 'Parallel' }, true);
    expect(await podNames(cluster)).toEqual(['db-0', 'db-1', 'db-2']);
  });

  it('however many are asked for, has only the next made', async () => {
    const most = 2_147_483_647;
    const cluster = await started({ replicas: most }, true);
    expect(await podNames(cluster)).toEqual(['db-0']);
    await cluster.setReady((await cluster.pods())[0]!, true);
    expect(await podNames(cluster)).toEqual(['db-0', 'db-1']);
    const [revision] = (await cluster.client.resource(ControllerRevisions).list({})).items;
    const { create } = planStatefulSet({
      set: statefulSet({ replicas: most, podManagementPolicy: 'Parallel' }),
      pods: await cluster.pods(),
      isGoing: () => false,
      current: revision!,
      update: revision!,
      now: 0,
    });
    expect(create).toHaveLength(500);
    expect(create[0]?.ordinal).toBe(2);
  });

  it('shrinks from the highest, and grows again under the same names with the same claims', async () => {
    const cluster = await started({
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
        },
      ] as never,
    });
    const claims = async () =>
      (await cluster.client.resource(PersistentVolumeClaims).list()).items.map(({ metadata }) => metadata.name);
    expect(await claims()).toEqual(['data-db-0', 'data-db-1', 'data-db-2']);
    expect((await cluster.pods())[0]!.spec.volumes).toEqual([
      { name: 'data', persistentVolumeClaim: { claimName: 'data-db-0' } },
    ]);
    const before = uidsOf(await cluster.pods());
    await change(cluster, { spec: { replicas: 1 } });
    expect(await podNames(cluster)).toEqual(['db-0']);
    expect(await claims()).toHaveLength(3);
    await change(cluster, { spec: { replicas: 3 } });
    expect(uidsOf(await cluster.pods()).filter((uid) => before.includes(uid))).toHaveLength(1);
    expect(await claims()).toHaveLength(3);
  });

  it('rolls a new template out from the highest down to the partition', async () => {
    const cluster = await started({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } });
    await change(cluster, image('nginx:2'));
    expect(await images(cluster)).toEqual(['nginx:1', 'nginx:2', 'nginx:2']);
    const { status } = await current(cluster);
    expect(status).toMatchObject({ updatedReplicas: 2, currentReplicas: 1 });
    expect(status?.currentRevision).not.toBe(status?.updateRevision);
    // One below the partition comes back as it was.
    await cluster.client
      .resource({ group: '', version: 'v1', kind: 'Pod', resource: 'pods', namespaced: true })
      .delete({ namespace: 'default', name: 'db-0' });
    await cluster.settle();
    expect(await images(cluster)).toEqual(['nginx:1', 'nginx:2', 'nginx:2']);
    await change(cluster, { spec: { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } } } });
    expect(await images(cluster)).toEqual(['nginx:2', 'nginx:2', 'nginx:2']);
    const after = (await current(cluster)).status;
    expect(after?.currentRevision).toBe(after?.updateRevision);
  });

  it('one at a time: the next waits for the last to be ready', async () => {
    const cluster = await started();
    cluster.kubelet.mode = 'hold';
    await change(cluster, image('nginx:2'));
    expect(await images(cluster)).toEqual(['nginx:1', 'nginx:1', 'nginx:2']);
  });

  it('with OnDelete waits for somebody to delete', async () => {
    const cluster = await started({ updateStrategy: { type: 'OnDelete' } });
    const before = uidsOf(await cluster.pods());
    await change(cluster, image('nginx:2'));
    expect(uidsOf(await cluster.pods())).toEqual(before);
  });

  it('replaces nothing for labels, annotations, replicas or a restart; an old template gets its old revision', async () => {
    const cluster = await started();
    const before = uidsOf(await cluster.pods());
    await change(cluster, { metadata: { labels: { a: 'b' }, annotations: { c: 'd' } }, spec: { minReadySeconds: 0 } });
    await cluster.restart();
    expect(uidsOf(await cluster.pods())).toEqual(before);
    const revisions = async () => (await cluster.client.resource(ControllerRevisions).list()).items;
    await change(cluster, image('nginx:2'));
    await change(cluster, image('nginx:1'));
    expect((await revisions()).map(({ revision }) => revision)).toEqual(expect.arrayContaining([2, 3]));
  });

  it('makes a failed Pod again', async () => {
    const cluster = await started();
    const [pod] = await cluster.pods();
    await cluster.finish(pod!, 'Failed');
    expect(await podNames(cluster)).toEqual(['db-0', 'db-1', 'db-2']);
    expect((await cluster.pods())[0]!.metadata.uid).not.toBe(pod!.metadata.uid);
  });
});
