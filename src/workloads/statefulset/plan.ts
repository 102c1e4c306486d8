/**
 * What a StatefulSet needs now: which Pods to make, which to delete. In order, one at a time, unless it is told to
 * work in parallel; one call is one step. Pure.
 */
import type { ControllerRevision, Pod, StatefulSet } from '#apis/kubernetes/types.ts';
import { scaledValue } from '../percent.ts';
import { isAvailable, isFinished } from '../pod-state.ts';
import { ordinalOf, podOf, revisionOfPod, startOf } from './plan/identity.ts';
import { isRolling, isRunningAndReady } from './plan/status.ts';

export interface StatefulSetView {
  readonly set: StatefulSet;
  /** All that it controls. */
  readonly pods: readonly Pod[];
  readonly isGoing: (pod: Pod) => boolean;
  readonly current: ControllerRevision;
  readonly update: ControllerRevision;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface NewPod {
  readonly ordinal: number;
  readonly pod: Pod;
}

export interface StatefulSetPlan {
  readonly create: readonly NewPod[];
  readonly delete: readonly Pod[];
}

const nothing: StatefulSetPlan = { create: [], delete: [] };

const isParallel = ({ spec }: StatefulSet): boolean => spec.podManagementPolicy === 'Parallel';

const isHealthy = ({ set, isGoing, now }: StatefulSetView, pod: Pod): boolean =>
  !isGoing(pod) && isRunningAndReady(pod) && isAvailable(pod, set.spec.minReadySeconds ?? 0, now);

interface Placed {
  readonly ordinal: number;
  readonly pod: Pod | undefined;
}

export function planStatefulSet(view: StatefulSetView): StatefulSetPlan {
  const { set, pods } = view;
  if (set.metadata.deletionTimestamp !== undefined) return nothing;
  const start = startOf(set);
  const end = start + (set.spec.replicas ?? 1);
  const byOrdinal = new Map(pods.map((pod) => [ordinalOf(set, pod) ?? -1, pod]));
  const wanted = Array.from({ length: end - start }, (_, i) => ({ ordinal: start + i, pod: byOrdinal.get(start + i) }));
  const condemned = [...byOrdinal]
    .filter(([ordinal]) => ordinal < start || ordinal >= end)
    .sort(([left], [right]) => right - left)
    .map(([, pod]) => pod);
  return isParallel(set) ? parallel(view, wanted, condemned) : ordered(view, wanted, condemned);
}

/** Everything that is missing at once, everything surplus at once; a new template still one after the other. */
function parallel(view: StatefulSetView, wanted: readonly Placed[], condemned: readonly Pod[]): StatefulSetPlan {
  const { isGoing } = view;
  const create = wanted.filter(({ pod }) => !pod).map(({ ordinal }) => newPod(view, ordinal));
  const broken = wanted.flatMap(({ pod }) => (pod && isFinished(pod) && !isGoing(pod) ? [pod] : []));
  const surplus = condemned.filter((pod) => !isGoing(pod));
  const plan = { create, delete: [...broken, ...surplus] };
  return create.length + plan.delete.length > 0 ? plan : rolled(view, wanted);
}

/** The first thing that is not as it should be is put right, or waited for; only then comes the next. */
function ordered(view: StatefulSetView, wanted: readonly Placed[], condemned: readonly Pod[]): StatefulSetPlan {
  const { isGoing } = view;
  for (const { ordinal, pod } of wanted) {
    if (!pod) return { create: [newPod(view, ordinal)], delete: [] };
    if (isFinished(pod) && !isGoing(pod)) return { create: [], delete: [pod] };
    if (!isHealthy(view, pod)) return nothing;
  }
  return condemned.length > 0 ? lastCondemned(view, wanted, condemned) : rolled(view, wanted);
}

/** From the highest on, each when the one above it is gone; one that is not well must be the first such. */
function lastCondemned(view: StatefulSetView, wanted: readonly Placed[], condemned: readonly Pod[]): StatefulSetPlan {
  const [last] = condemned;
  if (!last || view.isGoing(last)) return nothing;
  const everybody = [...wanted.flatMap(({ pod }) => (pod ? [pod] : [])), ...[...condemned].reverse()];
  const firstUnhealthy = everybody.find((pod) => !isHealthy(view, pod));
  return isHealthy(view, last) || last === firstUnhealthy ? { create: [], delete: [last] } : nothing;
}

/** From the highest ordinal down to the partition, as many at a time as may be unavailable. */
function rolled(view: StatefulSetView, wanted: readonly Placed[]): StatefulSetPlan {
  const { set, update, isGoing } = view;
  if (!isRolling(set)) return nothing;
  const { partition = 0, maxUnavailable = 1 } = set.spec.updateStrategy?.rollingUpdate ?? {};
  const most = Math.max(1, scaledValue(maxUnavailable, wanted.length, 'up'));
  const affected = wanted.slice(partition).reverse();
  const isOld = (pod: Pod) => revisionOfPod(pod) !== update.metadata.name;
  const toDelete: Pod[] = [];
  let unavailable = wanted.filter(({ pod }) => pod && isGoing(pod)).length;
  for (const { pod } of affected) {
    if (unavailable >= most) break;
    if (!pod || isGoing(pod)) continue;
    const isLost = isOld(pod) || !isHealthy(view, pod);
    if (isOld(pod)) toDelete.push(pod);
    if (isLost) unavailable++;
  }
  return { create: [], delete: toDelete };
}

/** Below the partition a Pod is made anew of the template it had. */
function newPod({ set, current, update }: StatefulSetView, ordinal: number): NewPod {
  const rolling = set.spec.updateStrategy?.rollingUpdate;
  const isCurrent = rolling
    ? ordinal < startOf(set) + (rolling.partition ?? 0)
    : ordinal < startOf(set) + (set.status?.currentReplicas ?? 0);
  return { ordinal, pod: podOf(set, ordinal, isCurrent ? current : update) };
}
