/** A cluster is lost and comes back: what that does to what the plan has brought under management. */
import { type Cluster, ClusterKind } from '#apis/cluster/cluster.ts';
import type { Binding } from '#apis/work/binding.ts';
import { findCondition } from '#kube/conditions/conditions.ts';
import type { Condition } from '#kube/meta/object.ts';
import { timestamp } from '#world/clock/clock.ts';
import { titleOf } from '../model.ts';
import { holdsWithin, untilReady } from './await.ts';
import type { Ground } from './ground.ts';
import type { Loss, Moved, Reason } from './report.ts';
import { bindingsIn } from './steps.ts';

/** Of simulated time: longer than the tolerations that policies get by default. */
const awayMs = 6 * 60_000;
/** Without anything moving for so long, nothing more is going to move. */
const quietMs = 60_000;
const longestMs = 3_600_000;
const backMs = 60_000;

/** As somebody, or a ClusterTaintPolicy, would taint a cluster that is gone. */
const lost = 'cluster.karmada.io/not-ready';

type Places = ReadonlyMap<string, Readonly<Record<string, number | undefined>>>;

const nameOf = ({ spec: { resource } }: Binding): string => {
  const { kind, namespace, name } = resource;
  return titleOf({ kind, name, ...(namespace ? { namespace } : {}) });
};

const placesOf = (bindings: readonly Binding[]): Places =>
  new Map(
    bindings.map((binding) => [
      nameOf(binding),
      Object.fromEntries((binding.spec.clusters ?? []).map(({ name, replicas }) => [name, replicas])),
    ]),
  );

/** Why there is nowhere else for it, in the scheduler's words. */
const unscheduled = ({ status }: Binding): string | undefined => {
  const scheduled = findCondition(status?.conditions as readonly Condition[] | undefined, 'Scheduled');
  return scheduled?.status === 'False' ? scheduled.message : undefined;
};

async function taint({ sandbox, control }: Ground, name: string, on: boolean): Promise<void> {
  const clusters = control.client.resource<Cluster>(ClusterKind);
  const { spec } = await sandbox.drive(clusters.get({ name }));
  const others = (spec.taints ?? []).filter(({ key, effect }) => key !== lost || effect !== 'NoExecute');
  const added = { key: lost, effect: 'NoExecute' as const, timeAdded: timestamp(sandbox.clock.now()) };
  const taints = on ? [...others, added] : others;
  await sandbox.drive(clusters.patch({ name }, 'merge', { spec: { taints } }));
}

/** What keeps objects in a cluster that is gone. */
async function whyUnmoved({ sandbox, control }: Ground, name: string): Promise<string> {
  if (!sandbox.evicting) return 'eviction is off (--enable-no-execute-taint-eviction)';
  const { spec } = await sandbox.drive(control.client.resource<Cluster>(ClusterKind).get({ name }));
  return spec.taints?.some(({ effect }) => effect === 'NoExecute')
    ? 'their policies tolerate its taint'
    : 'no ClusterTaintPolicy gives it a NoExecute taint';
}

/** `evicts`: workloads are to leave it; otherwise it happens what happens with things as they are configured. */
export async function lose(ground: Ground, cluster: string, evicts: boolean): Promise<Loss> {
  const { sandbox } = ground;
  const before = placesOf(await bindingsIn(ground));
  sandbox.setCluster(cluster, false);
  if (evicts) await taint(ground, cluster, true);
  await sandbox.pass(awayMs);
  const after = await atRest(ground);
  const found = lossOf(cluster, evicts, before, after);
  const loss = found.unreachable > 0 ? { ...found, why: await whyUnmoved(ground, cluster) } : found;
  sandbox.setCluster(cluster, true);
  if (evicts) await taint(ground, cluster, false);
  await untilReady(sandbox);
  // What had left comes back, or stays away; either way it is told.
  const held = [...before.values()].filter((places) => cluster in places).length;
  await holdsWithin(sandbox, backMs, async () => {
    const now = placesOf(await bindingsIn(ground));
    return [...now.values()].filter((places) => cluster in places).length === held;
  });
  return loss;
}

/** The bindings once none of them changes any more. */
async function atRest(ground: Ground): Promise<readonly Binding[]> {
  const { sandbox } = ground;
  const end = sandbox.clock.monotonic() + longestMs;
  let bindings = await bindingsIn(ground);
  for (;;) {
    await sandbox.pass(quietMs);
    const now = await bindingsIn(ground);
    const same = now.length === bindings.length && JSON.stringify(versions(now)) === JSON.stringify(versions(bindings));
    if (same || sandbox.clock.monotonic() >= end) return now;
    bindings = now;
  }
}

const versions = (bindings: readonly Binding[]) => bindings.map(({ metadata }) => [metadata.uid, metadata.generation]);

function lossOf(cluster: string, evicts: boolean, before: Places, after: readonly Binding[]): Loss {
  const moved: Moved[] = [];
  const stranded: Reason[] = [];
  let unreachable = 0;
  for (const binding of after) {
    const object = nameOf(binding);
    const then = before.get(object);
    if (!then || !(cluster in then)) continue;
    const now = placesOf([binding]).get(object)!;
    const why = unscheduled(binding);
    if (cluster in now) unreachable++;
    else if (Object.keys(now).length > 0) moved.push({ object, from: then, to: now });
    if (why !== undefined) stranded.push({ object, why });
    else if (Object.keys(now).length === 0) stranded.push({ object, why: 'it has left, and is nowhere' });
  }
  return { cluster, evicts, unreachable, moved, stranded };
}
