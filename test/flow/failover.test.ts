/** A cluster or an application fails: what was there goes elsewhere, and what comes back is met as it was left. */
import { afterEach, expect, it } from 'vitest';
import { featureGates } from '#app/components/settings.ts';
import { type Flow, startFlow } from '#harness/flow.ts';
import type { Anything } from '#harness/kubectl.ts';
import { applied, bindingOf, handsOn, nginx, onMembers, policyFor, quiet } from '#harness/samples.ts';
import type { ApiHandler } from '#kube/request/request.ts';
import { serviceUnavailable } from '#kube/status/errors.ts';

let flow: Flow;
afterEach(() => flow.stop());

const taintEviction = { purgeMode: 'Gracefully', perSecond: 10 } as const;
const clusterNamed = (name: string): Anything => ({
  apiVersion: 'cluster.karmada.io/v1alpha1',
  kind: 'Cluster',
  metadata: { name },
});
/** To one of the two, member1 first. */
const placement = {
  ...onMembers('member1', 'member2'),
  spreadConstraints: [{ spreadByField: 'cluster', minGroups: 1, maxGroups: 1 }],
};

const taint = (name: string, key: string): Promise<Anything> =>
  handsOn(flow).control.edit(clusterNamed(name), ({ spec, ...cluster }) => ({
    ...cluster,
    spec: { ...spec, taints: [...(spec.taints ?? []), { key, effect: 'NoExecute' }] },
  }));

/** As its Deployment controller would say once all its Pods are ready. */
const allReady = ({ metadata, spec }: Anything) => ({
  observedGeneration: metadata.generation,
  replicas: spec.replicas,
  updatedReplicas: spec.replicas,
  readyReplicas: spec.replicas,
  availableReplicas: spec.replicas,
});

/** Nobody gets an answer while it is away; watches that are there stay silent. */
function awayWhen(isAway: () => boolean, handler: ApiHandler): ApiHandler {
  const check = () => {
    if (isAway()) throw serviceUnavailable('away');
  };
  return {
    handle: async (request) => {
      check();
      return handler.handle(request);
    },
    watch: async (request, sink) => {
      check();
      return handler.watch(request, sink);
    },
    raw: async (path, user, accept) => {
      check();
      return handler.raw(path, user, accept);
    },
  };
}

const tasksOf = async (template: Anything): Promise<readonly Anything[]> =>
  (await handsOn(flow).control.get(bindingOf(template))).spec.gracefulEvictionTasks ?? [];

const eventsOf = async (reason: string): Promise<readonly string[]> =>
  (await handsOn(flow).control.list('v1', 'Event', 'default'))
    .filter((event) => event.reason === reason)
    .map((event) => `${event.involvedObject.kind} ${event.source.component}: ${event.message}`)
    .sort();

it('leaves a cluster with a NoExecute taint once its copy elsewhere is healthy', async () => {
  flow = await startFlow({ settings: { taintEviction } });
  const { control, member1, member2 } = handsOn(flow);
  await control.apply(nginx);
  await control.apply(policyFor('pp', [nginx], { placement }));
  expect((await applied(flow, nginx)).spec.clusters).toEqual([{ name: 'member1', replicas: 2 }]);
  await taint('member1', 'gone');
  expect((await control.get(clusterNamed('member1'))).spec.taints).toEqual([
    { key: 'gone', effect: 'NoExecute', timeAdded: expect.any(String) },
  ]);
  const found = await flow.until('member2 has it', () => member2.find(nginx));
  await quiet(flow);
  expect(await tasksOf(nginx)).toEqual([
    {
      fromCluster: 'member1',
      purgeMode: 'Gracefully',
      reason: 'TaintUntolerated',
      producer: 'TaintManager',
      replicas: 2,
      creationTimestamp: expect.any(String),
    },
  ]);
  expect(await member1.find(nginx)).toBeDefined();
  await member2.say(nginx, allReady(found));
  await flow.until('member1 is left', async () => (await member1.find(nginx)) === undefined);
  expect(await tasksOf(nginx)).toEqual([]);
  await quiet(flow);
  const component = 'resource-binding-graceful-eviction-controller: Evict from cluster member1 succeed.';
  expect(await eventsOf('EvictWorkloadFromClusterSucceed')).toEqual([
    `Deployment ${component}`,
    `ResourceBinding ${component}`,
  ]);
});

it('stays as long as it tolerates the taint, then leaves as its policy says', async () => {
  flow = await startFlow({ settings: { taintEviction } });
  const { control, member1, member2 } = handsOn(flow);
  const clusterTolerations = [{ key: 'gone', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 60 }];
  const spec = { placement: { ...placement, clusterTolerations }, failover: { cluster: { purgeMode: 'Directly' } } };
  await control.apply(nginx);
  await control.apply(policyFor('pp', [nginx], spec));
  await applied(flow, nginx);
  await taint('member1', 'gone');
  await flow.pass(55_000);
  expect(await tasksOf(nginx)).toEqual([]);
  await flow.until('member2 has it', () => member2.find(nginx));
  // Never in two places: the first copy was gone before.
  expect(await member1.find(nginx)).toBeUndefined();
  expect(await tasksOf(nginx)).toMatchObject([{ fromCluster: 'member1', purgeMode: 'Directly' }]);
});

const losing: Anything = {
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind: 'ClusterTaintPolicy',
  metadata: { name: 'lost' },
  spec: {
    addOnConditions: [{ conditionType: 'Ready', operator: 'NotIn', statusValues: ['True'] }],
    removeOnConditions: [{ conditionType: 'Ready', operator: 'In', statusValues: ['True'] }],
    taints: [{ key: 'lost', effect: 'NoExecute' }],
  },
};

const config: Anything = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { namespace: 'default', name: 'settings' },
  data: { key: 'value' },
};

it('moves to another cluster while one is away, and finds it as it was when it comes back', async () => {
  let away = false;
  flow = await startFlow({
    settings: { taintEviction },
    before: (name, handler) => (name === 'member1' ? awayWhen(() => away, handler) : handler),
  });
  const { control, member1, member2 } = handsOn(flow);
  await member1.apply({ ...config, data: { key: 'from before' } });
  await control.apply(losing);
  await control.apply(nginx);
  await control.apply(config);
  await control.apply(policyFor('pp', [nginx], { placement }));
  await control.apply(policyFor('everywhere', [config], { placement: onMembers('member1', 'member2') }));
  await applied(flow, nginx);
  await applied(flow, config);
  const before = await member1.get(config);
  const originals = () => control.list('apps/v1', 'ControllerRevision', 'karmada-es-member1');
  const kept = await originals();
  expect(kept).toHaveLength(1);
  away = true;
  await member2.say(nginx, allReady(await flow.until('member2 has it', () => member2.find(nginx))));
  await flow.pass(3 * 3_600_000);
  expect((await control.get(bindingOf(config))).spec.clusters).toEqual([{ name: 'member2' }]);
  expect((await control.get(bindingOf(nginx))).spec).toMatchObject({ clusters: [{ name: 'member2', replicas: 2 }] });
  away = false;
  const seen = new Set<unknown>();
  await flow.until('member1 has what is to be everywhere', async () => {
    seen.add((await member1.find(config))?.metadata.uid);
    return (await control.get(bindingOf(config))).spec.clusters.length === 2;
  });
  await flow.pass(60_000);
  await applied(flow, config);
  seen.add((await member1.find(config))?.metadata.uid);
  expect([...seen]).toEqual([before.metadata.uid]);
  expect(await originals()).toEqual(kept);
  expect(await member1.find(nginx)).toBeUndefined();
  expect((await control.get(clusterNamed('member1'))).spec.taints).toBeUndefined();
});

it('finds it as it was when everything was stopped just as the cluster came back', async () => {
  let away = false;
  flow = await startFlow({
    settings: { taintEviction },
    before: (name, handler) => (name === 'member1' ? awayWhen(() => away, handler) : handler),
  });
  const { control, member1 } = handsOn(flow);
  await member1.apply({ ...config, data: { key: 'from before' } });
  await control.apply(losing);
  await control.apply(config);
  await control.apply(policyFor('everywhere', [config], { placement: onMembers('member1', 'member2') }));
  await applied(flow, config);
  const { uid } = (await member1.get(config)).metadata;
  away = true;
  await flow.until('member1 is left', async () => (await control.get(bindingOf(config))).spec.clusters.length === 1);
  await flow.pass(3_600_000);
  away = false;
  await flow.until('member1 is ready', async () =>
    (await control.get(clusterNamed('member1'))).status.conditions.some(
      ({ type, status }: Anything) => type === 'Ready' && status === 'True',
    ),
  );
  await flow.stopComponents();
  await flow.pass(60_000);
  await flow.startComponents();
  const seen = new Set<unknown>();
  await flow.until('member1 has it again', async () => {
    seen.add((await member1.find(config))?.metadata.uid);
    const { spec, status } = await control.get(bindingOf(config));
    return spec.clusters.length === 2 && status.aggregatedStatus?.length === 2;
  });
  await flow.pass(60_000);
  seen.add((await member1.find(config))?.metadata.uid);
  expect([...seen]).toEqual([uid]);
});

it.each(['Directly', 'Gracefully'] as const)(
  'lets go, %s, of what its policy preserves, as it was taken over',
  async (purgeMode) => {
    flow = await startFlow({ settings: { taintEviction } });
    const { control, member1, member2 } = handsOn(flow);
    const own = { ...config, metadata: { ...config.metadata, labels: { team: 'a' } } };
    await member1.apply(own);
    const before = await member1.get(config);
    await control.apply(config);
    const spec = { placement, preserveResourcesOnDeletion: true, failover: { cluster: { purgeMode } } };
    await control.apply(policyFor('pp', [config], spec));
    await applied(flow, config);
    expect((await member1.get(config)).metadata.labels).toMatchObject({ 'karmada.io/managed': 'true' });
    await taint('member1', 'gone');
    await flow.until('member2 has it', () => member2.find(config));
    await flow.pass(3_600_000);
    const { metadata, data } = await member1.get(config);
    expect([metadata.uid, metadata.labels, metadata.annotations, data]).toEqual([
      before.metadata.uid,
      { team: 'a' },
      before.metadata.annotations,
      { key: 'value' },
    ]);
  },
);

it('moves an application that stays unhealthy, with its state', async () => {
  const gates = { ...featureGates, Failover: true, StatefulFailoverInjection: true };
  flow = await startFlow({ settings: { gates } });
  const { control, member1, member2 } = handsOn(flow);
  const application = {
    decisionConditions: { tolerationSeconds: 30 },
    purgeMode: 'Directly',
    statePreservation: { rules: [{ aliasLabelName: 'state/ready', jsonPath: '{.readyReplicas}' }] },
  };
  await control.apply(nginx);
  await control.apply(policyFor('pp', [nginx], { placement, propagateDeps: true, failover: { application } }));
  await applied(flow, nginx);
  const copy = await member1.get(nginx);
  await member1.say(nginx, allReady(copy));
  await flow.pass(60_000);
  const ailing = { ...allReady(copy), readyReplicas: 1, availableReplicas: 1 };
  await member1.say(nginx, ailing);
  await flow.pass(20_000);
  await member1.say(nginx, allReady(copy));
  await flow.pass(20_000);
  await member1.say(nginx, ailing);
  await flow.pass(25_000);
  // Not in one go: it was well in between.
  expect(await tasksOf(nginx)).toEqual([]);
  const moved = await flow.until('member2 has it', () => member2.find(nginx));
  expect(await member1.find(nginx)).toBeUndefined();
  expect(moved.metadata.labels).toMatchObject({ 'state/ready': '1' });
  expect(await tasksOf(nginx)).toMatchObject([
    {
      fromCluster: 'member1',
      purgeMode: 'Directly',
      reason: 'ApplicationFailure',
      producer: 'resource-binding-application-failover-controller',
      clustersBeforeFailover: ['member1'],
      preservedLabelState: { 'state/ready': '1' },
    },
  ]);
});
