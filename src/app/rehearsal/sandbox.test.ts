/** A living member is copied, and goes on living as it was. */
import { expect, test } from 'vitest';
import { Deployments, type Node, Nodes, type Pod, Pods } from '#apis/kubernetes/types.ts';
import { restMapper } from '#client/mapper/mapper.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { createIn, deployment, startTestMember, type TestMember } from '#member/member.fixture.ts';
import { readOnly, WriteRefused } from '#migrate/rehearse/read-only.ts';
import { takeSnapshot } from '#migrate/rehearse/snapshot.ts';
import { serviceRange } from './restore.ts';
import { startSandbox } from './sandbox.ts';

const hourMs = 3_600_000;

const noControl = { clusters: [], resources: [], interpreting: [] };
const asDefaults = { flags: { 'karmada-controller-manager': [], 'karmada-scheduler': [] }, evicts: false } as const;

const life = ({ metadata, spec, status }: Pod) => ({
  uid: metadata.uid,
  node: spec.nodeName,
  start: status?.startTime,
  address: status?.podIP,
  containers: status?.containerStatuses?.map(({ containerID, restartCount, state }) => ({
    containerID,
    restartCount,
    state,
  })),
});

/** As container runtimes tell images. */
const named = (pod: Pod): Pod => ({
  ...pod,
  status: {
    ...pod.status,
    containerStatuses: pod.status?.containerStatuses?.map((each) => ({
      ...each,
      image: `docker.io/library/${each.image}`,
    })),
  },
});

const snapshotOf = ({ client, clock }: TestMember) => {
  const source = { client: readOnly(client), mapper: restMapper(client, { clock }) };
  return takeSnapshot({ source, cluster: 'member1', scope: {}, told: () => {} });
};

test('Pods, their owners and their nodes stay what they were for an hour, and the source is only read', async () => {
  const member = await startTestMember({
    nodes: [{ labels: { disk: 'fast' } }, { taints: [{ key: 'team', effect: 'NoSchedule' }] }],
  });
  await createIn(member, deployment('web', 3), deployment('api', 1));
  await member.clock.advance(60_000);
  const writes = member.writes.length;
  const read = await snapshotOf(member);
  const isPods = ({ resource }: (typeof read.resources)[number]) => resource.kind === 'Pod';
  const pods = read.resources.find(isPods)!.objects as unknown as readonly Pod[];
  expect(pods).toHaveLength(4);
  const snapshot = {
    ...read,
    resources: read.resources.map((each) =>
      isPods(each) ? { ...each, objects: pods.map(named) as unknown as typeof each.objects } : each,
    ),
  };
  const real = await member.client.resource(Deployments).get({ namespace: 'default', name: 'web' });

  const sandbox = await startSandbox({
    now: member.clock.now(),
    control: noControl,
    ...asDefaults,
    clusters: [snapshot],
  });
  try {
    await sandbox.pass(hourMs);
    const client = sandbox.member('member1');
    const after = (await sandbox.drive(client.resource(Pods).list({ namespace: 'default' }))).items;
    expect(after.map(life)).toEqual(pods.map(life));
    const copy = await sandbox.drive(client.resource(Deployments).get({ namespace: 'default', name: 'web' }));
    expect(copy).toEqual(real);
    const nodes = (await sandbox.drive(client.resource(Nodes).list())).items;
    const shape = ({ metadata, spec, status }: Node) => [metadata.uid, metadata.labels, spec, status?.capacity];
    expect(nodes.map(shape)).toEqual((await member.client.resource(Nodes).list()).items.map(shape));
    expect(member.writes.length).toBe(writes);
  } finally {
    await sandbox.stop();
  }
});

test('a Pod that is made in the copy gets a node and an address', async () => {
  const member = await startTestMember();
  await createIn(member, deployment('web', 1));
  const sandbox = await startSandbox({
    now: member.clock.now(),
    control: noControl,
    ...asDefaults,
    clusters: [await snapshotOf(member)],
  });
  try {
    const client = sandbox.member('member1');
    await sandbox.drive(
      client.resource(Deployments).patch({ namespace: 'default', name: 'web' }, 'merge', { spec: { replicas: 2 } }),
    );
    await sandbox.pass(10_000);
    const { items } = await sandbox.drive(client.resource(Pods).list({ namespace: 'default' }));
    expect(items.map(({ status }) => status?.phase)).toEqual(['Running', 'Running']);
    expect(new Set(items.map(({ status }) => status?.podIP)).size).toBe(2);
    expect(sandbox.calls().get('member1')).toMatchObject({ patch: 1 });
  } finally {
    await sandbox.stop();
  }
});

test('definitions and their objects are served as they were; what has lost its owner on the way stays', async () => {
  const member = await startTestMember();
  const names = { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' };
  const schema = { openAPIV3Schema: { type: 'object', properties: { size: { type: 'integer' } } } };
  await createIn(member, {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.example.com' },
    spec: {
      group: 'example.com',
      names,
      scope: 'Namespaced',
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  } as KubeObject);
  await member.clock.advance(1_000);
  await createIn(member, {
    apiVersion: 'example.com/v1',
    kind: 'Widget',
    metadata: { name: 'one' },
    size: 3,
  } as KubeObject);
  const read = await snapshotOf(member);
  const widgets = read.resources.find(({ resource }) => resource.kind === 'Widget')!;
  const [one] = widgets.objects;
  expect(one).toMatchObject({ size: 3 });
  const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'unread', uid: 'unread', controller: true };
  const orphan = { ...one!, metadata: { ...one!.metadata, name: 'orphan', uid: 'orphan', ownerReferences: [owner] } };
  const sandbox = await startSandbox({
    now: member.clock.now(),
    control: noControl,
    ...asDefaults,
    clusters: [
      {
        ...read,
        resources: read.resources.map((each) => (each === widgets ? { ...each, objects: [one!, orphan] } : each)),
      },
    ],
  });
  try {
    await sandbox.pass(60_000);
    const { items } = await sandbox.drive(
      sandbox.member('member1').resource(widgets.resource).list({ namespace: 'default' }),
    );
    expect(items.map(({ metadata }) => metadata.uid)).toEqual([one!.metadata.uid, 'orphan']);
    expect(items.find(({ metadata }) => metadata.name === 'one')).toEqual(one);
    expect(sandbox.unknown).toEqual([]);
  } finally {
    await sandbox.stop();
  }
});

test('Pods on nodes that could not be read are refused', async () => {
  const member = await startTestMember();
  await createIn(member, deployment('web', 1));
  const read = await snapshotOf(member);
  const resources = read.resources.filter(({ resource }) => resource.kind !== 'Node');
  await expect(
    startSandbox({ now: 0, control: noControl, ...asDefaults, clusters: [{ ...read, resources }] }),
  ).rejects.toThrow('which could not be read; a rehearsal needs the right to list nodes');
});

test('a client that only reads refuses every write, dry runs among them', async () => {
  const member = await startTestMember();
  const pods = readOnly(member.client).resource(Pods);
  const name = { namespace: 'default', name: 'web' };
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: name, spec: { containers: [] } } as Pod;
  const writes = member.writes.length;
  for (const write of [
    pods.create(pod, { dryRun: true }),
    pods.update(pod),
    pods.patch(name, 'merge', {}),
    pods.apply(pod, { fieldManager: 'test' }),
    pods.delete(name),
    pods.deleteCollection({ namespace: 'default' }),
  ]) {
    await expect(write).rejects.toThrow(WriteRefused);
  }
  expect((await pods.list({ namespace: 'default' })).items).toEqual([]);
  expect(member.writes.length).toBe(writes);
});

const servicesAt = (...addresses: readonly string[]) => [
  {
    resource: { group: '', version: 'v1', kind: 'Service', resource: 'services', namespaced: true },
    objects: addresses.map((clusterIP, i) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { namespace: 'default', name: `s${i}` },
      spec: { clusterIP },
    })),
  },
];

test.each([
  [['10.96.0.1', '10.96.3.4'], '10.96.0.0/16'],
  [['10.96.0.1', '10.104.3.4', 'None'], '10.96.0.0/12'],
  [['172.20.0.10'], '172.20.0.0/16'],
  [['fd00::1', 'None'], undefined],
])('Services at %j are of the range %s', (addresses, range) => {
  expect(serviceRange(servicesAt(...addresses))).toBe(range);
});
