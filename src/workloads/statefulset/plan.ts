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

/** The Pods there are and are to be. Ordinals are never written out: a set may ask for two thousand million of them. */
interface Wanted {
  readonly start: number;
  /** Behind the last. */
  readonly end: number;
  readonly podOf: (ordinal: number) => Pod | undefined;
  /** From the lowest ordinal on. */
  readonly pods: readonly Pod[];
}

/** Pods made at a time where none waits for another; the next are made when these are known. As for a ReplicaSet. */
const burst = 500;

export function planStatefulSet(view: StatefulSetView): StatefulSetPlan {
  const { set, pods } = view;
  if (set.metadata.deletionTimestamp !== undefined) return nothing;
  const start = startOf(set);
  const end = start + (set.spec.replicas ?? 1);
  const byOrdinal = new Map(pods.map((pod) => [ordinalOf(set, pod) ?? -1, pod]));
  const isWanted = ([ordinal]: readonly [number, Pod]) => ordinal >= start && ordinal < end;
  const sorted = [...byOrdinal].sort(([left], [right]) => left - right);
  const wanted: Wanted = {
    start,
    end,
    podOf: (ordinal) => byOrdinal.get(ordinal),
    pods: sorted.filter(isWanted).map(([, pod]) => pod),
  };
  const condemned = sorted
    .filter((each) => !isWanted(each))
    .map(([, pod]) => pod)
    .reverse();
  return isParallel(set) ? parallel(view, wanted, condemned) : ordered(view, wanted, condemned);
}

/** All that is missing at once, everything surplus at once; a new template still one after the other. */
function parallel(view: StatefulSetView, wanted: Wanted, condemned: readonly Pod[]): StatefulSetPlan {
  const { isGoing } = view;
  const create: NewPod[] = [];
  for (let ordinal = wanted.start; ordinal < wanted.end && create.length < burst; ordinal++)
    if (!wanted.podOf(ordinal)) create.push(newPod(view, ordinal));
  const broken = wanted.pods.filter((pod) => isFinished(pod) && !isGoing(pod));
  const surplus = condemned.filter((pod) => !isGoing(pod));
  const plan = { create, delete: [...broken, ...surplus] };
  return create.length + plan.delete.length > 0 ? plan : rolled(view, wanted);
}

/** The first thing that is not as it should be is put right, or waited for; only then comes the next. */
function ordered(view: StatefulSetView, wanted: Wanted, condemned: readonly Pod[]): StatefulSetPlan {
  const { isGoing } = view;
  for (let ordinal = wanted.start; ordinal < wanted.end; ordinal++) {
    const pod = wanted.podOf(ordinal);
    if (!pod) return { create: [newPod(view, ordinal)], delete: [] };
    if (isFinished(pod) && !isGoing(pod)) return { create: [], delete: [pod] };
    if (!isHealthy(view, pod)) return nothing;
  }
  return condemned.length > 0 ? lastCondemned(view, wanted, condemned) : rolled(view, wanted);
}

/** From the highest on, each when the one above it is gone; one that is not well must be the first such. */
function lastCondemned(view: StatefulSetView, wanted: Wanted, condemned: readonly Pod[]): StatefulSetPlan {
  const [last] = condemned;
  if (!last || view.isGoing(last)) return nothing;
  const everybody = [...wanted.pods, ...[...condemned].reverse()];
  const firstUnhealthy = everybody.find((pod) => !isHealthy(view, pod));
  return isHealthy(view, last) || last === firstUnhealthy ? { create: [], delete: [last] } : nothing;
}

/** From the highest ordinal down to the partition, as many at a time as may be unavailable. */
function rolled(view: StatefulSetView, { start, end, pods }: Wanted): StatefulSetPlan {
  const { set, update, isGoing } = view;
  if (!isRolling(set)) return nothing;
  const { partition = 0, maxUnavailable = 1 } = set.spec.updateStrategy?.rollingUpdate ?? {};
  const most = Math.max(1, scaledValue(maxUnavailable, end - start, 'up'));
  const affected = pods.filter((pod) => (ordinalOf(set, pod) ?? start) >= start + partition).reverse();
  const isOld = (pod: Pod) => revisionOfPod(pod) !== update.metadata.name;
  const toDelete: Pod[] = [];
  let unavailable = pods.filter(isGoing).length;
  for (const pod of affected) {
    if (unavailable >= most) break;
    if (isGoing(pod)) continue;
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
