import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DaemonSets, Deployments, Nodes, type Pod, ReplicaSets, StatefulSets } from '#apis/kubernetes/types.ts';
import type { TypedResource } from '#client/api-client.ts';
import type { JsonValue, KubeObject } from '#kube/meta/object.ts';
import type { ApiHandler } from '#kube/request/request.ts';
import { serviceUnavailable, timedOut } from '#kube/status/errors.ts';
import type { Random } from '#world/random/random.ts';
import { seededRandom } from '#world/random/seeded.ts';
import { deploymentOf, startTestCluster, type TestCluster, uidsOf } from './workloads.cases.ts';

const templateOf = (app: string) => deploymentOf(app).spec.template;
const kinds = [Deployments, StatefulSets, DaemonSets, ReplicaSets] as const;

/** One workload of each kind, ready. */
async function running(): Promise<TestCluster> {
  const cluster = await startTestCluster();
  const { client } = cluster;
  await client.resource(Nodes).create({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'node1' }, spec: {} });
  await client.resource(Deployments).create(deploymentOf('web'));
  await client.resource(StatefulSets).create({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'db', namespace: 'default' },
    spec: { replicas: 2, serviceName: 'db', selector: { matchLabels: { app: 'db' } }, template: templateOf('db') },
  });
  await client.resource(DaemonSets).create({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'agent', namespace: 'default' },
    spec: { selector: { matchLabels: { app: 'agent' } }, template: templateOf('agent') },
  });
  await cluster.settle();
  return cluster;
}

type Disturbance = (cluster: TestCluster, object: KubeObject, resource: TypedResource<KubeObject>) => Promise<unknown>;

const patch =
  (body: JsonValue): Disturbance =>
  ({ client }, { metadata }, resource) =>
    client.resource(resource).patch({ namespace: 'default', name: metadata.name! }, 'merge', body);

/** Everything that says nothing about Pods. */
const disturbances: Readonly<Record<string, Disturbance>> = {
  label: patch({ metadata: { labels: { team: 'a' } } }),
  unlabel: patch({ metadata: { labels: { team: null } } }),
  annotate: patch({ metadata: { annotations: { note: 'x' } } }),
  'forget managers': patch({ metadata: { managedFields: [{}] } } as never),
  'take over': ({ client }, { apiVersion, kind, metadata }, resource) => {
    const { name, namespace } = metadata;
    const labels = { 'karmada.io/managed': 'true' };
    return client
      .resource(resource)
      .apply(
        { apiVersion, kind, metadata: { name: name!, namespace: namespace!, labels } },
        { fieldManager: 'flotilla', force: true },
      );
  },
  'write it as it is': ({ client }, object, resource) => client.resource(resource).update(object),
  'break its status': ({ client }, object, resource) =>
    client
      .resource(resource)
      .update({ ...object, status: { replicas: 0, observedGeneration: 0 } } as KubeObject, { subresource: 'status' }),
  'restart the controllers': (cluster) => cluster.restart(),
  'let a Pod fail its probe': async (cluster) => {
    const [pod] = await cluster.pods();
    await cluster.setReady(pod!, false);
    await cluster.setReady(pod!, true);
  },
};

const places = fc.record({
  kind: fc.integer({ min: 0, max: kinds.length - 1 }),
  name: fc.constantFrom(...Object.keys(disturbances)),
});

describe('what says nothing about Pods', () => {
  it('makes none and deletes none', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(places, { minLength: 1, maxLength: 8 }), async (steps) => {
        const cluster = await running();
        const before = uidsOf(await cluster.pods());
        const from = cluster.writes.length;
        expect(before).toHaveLength(5);
        for (const { kind, name } of steps) {
          const resource = kinds[kind] as unknown as TypedResource<KubeObject>;
          const [object] = (await cluster.client.resource(resource).list({ namespace: 'default' })).items;
          await disturbances[name]!(cluster, object!, resource).catch((error: unknown) => {
            // A controller may have been faster than a stranger's whole-object write.
            if (!String(error).includes('has been modified')) throw error;
          });
          await cluster.settle();
        }
        expect(uidsOf(await cluster.pods())).toEqual(before);
        expect(cluster.writes.slice(from).filter((write) => /^(create|delete) pods/.test(write))).toEqual([]);
        await cluster.stop();
      }),
      { numRuns: 12 },
    );
  });
});

/** Writes that are lost on the way there or whose answers are lost on the way back, and watches that lag. */
function unreliable(random: Random, delay: (run: () => void) => void) {
  return (handler: ApiHandler): ApiHandler => ({
    ...handler,
    handle: async (request) => {
      const isWrite = ['create', 'update', 'delete'].includes(request.verb);
      const chance = isWrite ? random.next() : 1;
      if (chance < 0.1) throw serviceUnavailable('lost on the way there');
      const answer = await handler.handle(request);
      if (chance < 0.2) throw timedOut('lost on the way back');
      return answer;
    },
    watch: (request, sink) =>
      handler.watch(request, { event: (event) => delay(() => sink.event(event)), end: sink.end }),
  });
}

describe('an API server that loses answers and lags', () => {
  it('gets each Pod once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer(),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 0, max: 6 }),
        async (seed, first, second) => {
          const random = seededRandom(seed);
          const late: { after?: (run: () => void) => void } = {};
          const through = unreliable(random, (run) => (late.after ? late.after(run) : run()));
          const cluster = await startTestCluster({ names: ['deployment', 'replicaset', 'gc'], through });
          late.after = inOrder(cluster, random);
          const made = new Set<string>();
          const watching = await cluster.client
            .resource({
              group: '',
              version: 'v1',
              kind: 'Pod',
              resource: 'pods',
              namespaced: true,
            } as TypedResource<Pod>)
            .watch({}, { event: ({ object }) => made.add(object.metadata.uid!), end: () => {} });
          const deployments = cluster.client.resource(Deployments);
          await deployments.create(deploymentOf('web', { replicas: first }));
          await cluster.clock.advance(60_000);
          expect(made.size).toBe(first);
          await deployments.patch({ namespace: 'default', name: 'web' }, 'merge', { spec: { replicas: second } });
          await cluster.clock.advance(60_000);
          watching.stop();
          expect(await cluster.pods()).toHaveLength(second);
          expect(made.size).toBe(Math.max(first, second));
          await cluster.stop();
        },
      ),
      { numRuns: 15 },
    );
  });
});

/** Each a little later than it came, none before the one before it. */
function inOrder({ clock }: TestCluster, random: Random): (run: () => void) => void {
  let last = 0;
  return (run) => {
    last = Math.max(last, clock.now() + Math.floor(random.next() * 40));
    clock.after(last - clock.now(), run);
  };
}
