/** The real kube-controller-manager on our API server, with its default content type: application/vnd.kubernetes.protobuf. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Anything, Kubectl } from '#harness/kubectl.ts';
import { absentBinaries } from '#harness/real-binaries.ts';
import { until } from '#harness/until.ts';
import { type ManagedCluster, managerBinary, startManaged } from './controllers.ts';

const controllers = [
  'deployment-controller',
  'replicaset-controller',
  'statefulset-controller',
  'garbage-collector-controller',
  'namespace-controller',
  'serviceaccount-controller',
];

const protobuf = 'application/vnd.kubernetes.protobuf';

const labels = { app: 'web' };
const podTemplate = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'nginx:1' }] } };
const namespaced = (namespace: string, name: string) => ({ metadata: { namespace, name } });
const namespaceCalled = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
const deployment = (namespace: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  ...namespaced(namespace, 'web'),
  spec: { replicas: 3, selector: { matchLabels: labels }, template: podTemplate },
});
const widgets = { group: 'example.com', version: 'v1', kind: 'Widget', resource: 'widgets', namespaced: true };
const widgetDefinition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
  },
};

describe.skipIf(absentBinaries().includes(managerBinary))('kube-controller-manager on our API server', () => {
  let cluster: ManagedCluster;
  let hands: Kubectl;

  beforeAll(async () => {
    // The garbage collector looks for new kinds every half a minute: this one is there before it starts.
    cluster = await startManaged(controllers, [widgets], (first) => first.create(widgetDefinition));
    hands = cluster.hands;
  });

  afterAll(() => cluster?.stop());

  const listed = (apiVersion: string, kind: string, namespace: string): Promise<readonly Anything[]> =>
    hands.list(apiVersion, kind, namespace);
  const podsOf = (namespace: string) => listed('v1', 'Pod', namespace);
  const counted = (what: string, list: () => Promise<readonly Anything[]>, count: number) =>
    until(what, async () => {
      const items = await list();
      return items.length === count ? items : undefined;
    });

  test('a Deployment gets its ReplicaSet and Pods, and its status', async () => {
    await hands.create(namespaceCalled('one'));
    await hands.create(deployment('one'));
    const pods = await counted('three Pods', () => podsOf('one'), 3);
    const [set] = await listed('apps/v1', 'ReplicaSet', 'one');
    expect(pods.map((pod) => pod.metadata.ownerReferences[0].uid)).toEqual(pods.map(() => set.metadata.uid));
    expect(set.spec.template.metadata.labels['pod-template-hash']).toBeTruthy();
    const live = await until('its status', async () => {
      const read = await hands.get(deployment('one'));
      return read.status.updatedReplicas === 3 ? read : undefined;
    });
    expect(live.status).toMatchObject({ observedGeneration: 1, replicas: 3, unavailableReplicas: 3 });
    expect(live.status.conditions.map(({ type }: Anything) => type).sort()).toEqual(['Available', 'Progressing']);
    await until('the account', () =>
      hands.find({ apiVersion: 'v1', kind: 'ServiceAccount', ...namespaced('one', 'default') }),
    );
  });

  test('rolls out', async () => {
    await hands.create(namespaceCalled('two'));
    await hands.create(deployment('two'));
    await counted('three Pods', () => podsOf('two'), 3);
    await hands.setImage(deployment('two'), 'c', 'nginx:2');
    await counted('a second ReplicaSet', () => listed('apps/v1', 'ReplicaSet', 'two'), 2);
    await hands.scale(deployment('two'), 0);
    await counted('no Pods', () => podsOf('two'), 0);
  });

  test('collects what loses its owner, custom resources too', async () => {
    await hands.create(namespaceCalled('three'));
    await hands.create(deployment('three'));
    const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
    const { uid } = (await hands.get(deployment('three'))).metadata;
    const widget = { apiVersion: 'example.com/v1', kind: 'Widget', ...namespaced('three', 'w') };
    await hands.create({ ...widget, metadata: { ...widget.metadata, ownerReferences: [{ ...owner, uid }] } });
    await counted('three Pods', () => podsOf('three'), 3);
    await hands.delete(deployment('three'));
    await counted('no ReplicaSet', () => listed('apps/v1', 'ReplicaSet', 'three'), 0);
    await counted('no Pods', () => podsOf('three'), 0);
    await until('no widget', async () => (await hands.find(widget)) === undefined);
  });

  test('names the Pods of a StatefulSet, and keeps its revisions', async () => {
    await hands.create(namespaceCalled('four'));
    await hands.create({
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      ...namespaced('four', 'db'),
      spec: {
        serviceName: 'db',
        replicas: 2,
        podManagementPolicy: 'Parallel',
        selector: { matchLabels: labels },
        template: podTemplate,
        volumeClaimTemplates: [
          {
            metadata: { name: 'data' },
            spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
          },
        ],
      },
    });
    const pods = await counted('two Pods', () => podsOf('four'), 2);
    expect(pods.map((pod) => pod.metadata.name)).toEqual(['db-0', 'db-1']);
    const claims = await listed('v1', 'PersistentVolumeClaim', 'four');
    expect(claims.map((claim) => claim.spec.resources.requests.storage)).toEqual(['1Gi', '1Gi']);
    const [revision] = await listed('apps/v1', 'ControllerRevision', 'four');
    expect(revision.data.spec.template.spec.containers[0]).toMatchObject({ name: 'c', image: 'nginx:1' });
  });

  test('empties a namespace that ends', async () => {
    await hands.create(namespaceCalled('five'));
    await hands.create({ apiVersion: 'v1', kind: 'ConfigMap', ...namespaced('five', 'a') });
    await hands.create({ apiVersion: 'example.com/v1', kind: 'Widget', ...namespaced('five', 'w') });
    await hands.delete(namespaceCalled('five'));
    await until('the end of the namespace', async () => (await hands.find(namespaceCalled('five'))) === undefined);
  });

  test('and spoke protobuf all the time', () => {
    const lines = cluster.manager.errors().split('\n');
    const headers = new Set(lines.map((line) => line.trim()));
    expect([...headers]).toContain(`Content-Type: ${protobuf}`);
    expect([...headers]).toContain(`Accept: ${protobuf}, */*`);
    expect(lines.filter((line) => /unable to decode|cannot be decoded|unrecognized/.test(line))).toEqual([]);
  });
});
