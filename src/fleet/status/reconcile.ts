/** Looks at a cluster and writes what it found: readiness, version, what it serves, what room it has. */
import type { ApiEnablement, Cluster } from '#apis/cluster/cluster.ts';
import { type Node, Nodes, type Pod, Pods } from '#apis/kubernetes/types.ts';
import { cluster as clusterFinalizer } from '#apis/names/finalizers.ts';
import type { CachedResource } from '#client/cached.ts';
import type { DiscoveredResource } from '#client/mapper/mapper.ts';
import type { Member, Members } from '#client/members.ts';
import { setCondition } from '#kube/conditions/conditions.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import { apiVersionOf } from '#kube/meta/kind.ts';
import { done, type Result, requeueAfter } from '#runtime/reconciler.ts';
import { type Clock, sleep, timestamp } from '#world/clock/clock.ts';
import { enablementsCondition, type Health, type Steadiness, settledReady, type Thresholds } from './conditions.ts';
import type { StatusMeter } from './meter.ts';
import { nodeSummary, resourceSummary } from './summary.ts';
import { trimPod } from './trim.ts';

export interface StatusContext {
  readonly clusters: CachedResource<Cluster>;
  readonly members: Members;
  readonly clock: Clock;
  readonly seen: Map<string, Steadiness>;
  readonly meter: StatusMeter;
  readonly thresholds: Thresholds;
  /** Milliseconds between two looks: `--cluster-status-update-frequency`. */
  readonly frequencyMs: number;
  /** `--enable-cluster-resource-modeling`. */
  readonly resourceModeling: boolean;
  /** Gate CustomizedClusterResourceModeling: nodes are counted by the models of their cluster. */
  readonly customizedModels: boolean;
}

type Status = NonNullable<Cluster['status']>;

/** As long as a connection takes whose Secret is there. */
const connectMs = 2_000;

/** Long enough for the first lists of a member that is well. */
const listWaitMs = 1_000;

export async function reconcileClusterStatus(context: StatusContext, key: string): Promise<Result> {
  const { clusters, members, frequencyMs } = context;
  const cluster = clusters.get(key);
  if (!cluster || cluster.metadata.deletionTimestamp) {
    context.seen.delete(key);
    if (!cluster) context.meter.forget(key);
    return done;
  }
  if (cluster.spec.syncMode === 'Pull') return done;
  // The finalizer first: what is not held could be gone before its status is written.
  if (!cluster.metadata.finalizers?.includes(clusterFinalizer)) return done;
  const member = members.get(key);
  const waitMs = member || cluster.status?.conditions ? 0 : connectingFor(context, key);
  if (waitMs > 0) return requeueAfter(waitMs, 'its connection');
  const start = context.clock.monotonic();
  const health = member ? await look(member) : 'unreachable';
  const status = await statusAfter(context, cluster, member, health);
  context.meter.seen(key, status, (context.clock.monotonic() - start) / 1_000);
  const current = clusters.get(key) ?? cluster;
  if (!deepEqual(status, current.status)) await clusters.updateStatus({ ...current, status });
  return requeueAfter(frequencyMs, 'the next look at the cluster');
}

/**
 * How much longer the connection of a cluster that nobody has judged may be on its way: once called not ready it would
 * stay so for a while.
 */
function connectingFor({ seen, clock }: StatusContext, key: string): number {
  const now = clock.monotonic();
  const { sinceMs } = seen.get(key) ?? { sinceMs: now };
  seen.set(key, { health: 'unreachable', sinceMs });
  return sinceMs + connectMs - now;
}

/** `/readyz`, or `/healthz` where there is none. */
async function look(member: Member): Promise<Health> {
  try {
    const ready = await member.client.raw('/readyz');
    if (ready.code === 404) return (await member.client.raw('/healthz')).code === 200 ? 'healthy' : 'unhealthy';
    return ready.code === 200 ? 'healthy' : 'unhealthy';
  } catch {
    return 'unreachable';
  }
}

async function statusAfter(
  context: StatusContext,
  cluster: Cluster,
  member: Member | undefined,
  health: Health,
): Promise<Status> {
  const { clock, seen, thresholds } = context;
  const name = cluster.metadata.name!;
  const now = clock.monotonic();
  const before = seen.get(name);
  const steady = before?.health === health ? before : { health, sinceMs: now };
  seen.set(name, steady);
  const old = cluster.status ?? {};
  const time = timestamp(clock.now());
  const ready = setCondition(old.conditions, settledReady(old.conditions, steady, now, thresholds), time);
  if (health !== 'healthy' || !member) return { ...old, conditions: ready as Status['conditions'] };
  const { enablements, complete } = await enablementsOf(member);
  const found = enablements.length === 0 ? 'empty' : complete ? 'complete' : 'partial';
  // In the order the reference writes them: what is served, then that it is ready.
  const conditions = setCondition(
    setCondition(old.conditions, enablementsCondition(found), time),
    ready.find((each) => each.type === 'Ready')!,
    time,
  );
  return {
    ...old,
    kubernetesVersion: await versionOf(member),
    apiEnablements: enablements,
    conditions: conditions as Status['conditions'],
    ...(context.resourceModeling ? await roomOf(context, member, cluster) : {}),
  };
}

async function versionOf(member: Member): Promise<string> {
  const { body } = await member.client.raw('/version');
  return (body as { readonly gitVersion?: string }).gitVersion ?? '';
}

async function enablementsOf(
  member: Member,
): Promise<{ readonly enablements: readonly ApiEnablement[]; readonly complete: boolean }> {
  await member.mapper.refresh();
  const byVersion = new Map<string, DiscoveredResource[]>();
  for (const resource of await member.mapper.resources()) {
    const version = apiVersionOf(resource);
    byVersion.set(version, [...(byVersion.get(version) ?? []), resource]);
  }
  const enablements = [...byVersion]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([groupVersion, resources]) => ({
      groupVersion,
      resources: resources
        .map(({ kind, resource }) => ({ kind, name: resource }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    }));
  return { enablements, complete: member.mapper.unavailable().length === 0 };
}

/** Once its lists have come; a member that lists nothing is given a moment and then keeps the figures it had. */
async function roomOf(
  { clock, customizedModels }: StatusContext,
  member: Member,
  cluster: Cluster,
): Promise<Pick<Status, 'nodeSummary' | 'resourceSummary'>> {
  const nodes = member.informers.informer<Node>(Nodes);
  const pods = member.informers.informer<Pod>(Pods, { transform: trimPod });
  const lists = Promise.allSettled([nodes.whenSynced(), pods.whenSynced()]);
  if (!nodes.synced() || !pods.synced()) await Promise.race([lists, sleep(clock, listWaitMs)]);
  if (!nodes.synced() || !pods.synced()) return {};
  const models = customizedModels ? (cluster.spec.resourceModels ?? []) : [];
  return {
    nodeSummary: nodeSummary(nodes.list()),
    resourceSummary: resourceSummary(nodes.list(), pods.list(), models),
  };
}
