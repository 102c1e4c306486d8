/** The status of a DaemonSet from its nodes and Pods. Pure. */
import type { DaemonSet, DaemonSetStatus, Node, Pod } from '#apis/kubernetes/types.ts';
import { revisionLabel } from '../../history.ts';
import { isAvailable, isReady } from '../../pod-state.ts';
import { eligibility } from './nodes.ts';

export interface StatusView {
  readonly set: DaemonSet;
  readonly nodes: readonly Node[];
  readonly podsOn: (node: string) => readonly Pod[];
  readonly hash: string;
  readonly now: number;
}

/** Zeros are left out where the API leaves them. */
export function daemonSetStatus({ set, nodes, podsOn, hash, now }: StatusView): DaemonSetStatus {
  let [desired, current, misscheduled, ready, updated, available] = [0, 0, 0, 0, 0, 0];
  for (const node of nodes) {
    const pods = podsOn(node.metadata.name!);
    if (!eligibility(set, node).starts) {
      if (pods.length > 0) misscheduled++;
      continue;
    }
    desired++;
    if (pods.length === 0) continue;
    current++;
    if (pods.some(isReady)) ready++;
    if (pods.some((pod) => isAvailable(pod, set.spec.minReadySeconds ?? 0, now))) available++;
    if (pods.some(({ metadata }) => metadata.labels?.[revisionLabel] === hash)) updated++;
  }
  const { collisionCount, conditions } = set.status ?? {};
  const optional = {
    observedGeneration: set.metadata.generation ?? 0,
    updatedNumberScheduled: updated,
    numberAvailable: available,
    numberUnavailable: desired - available,
  };
  return {
    currentNumberScheduled: current,
    desiredNumberScheduled: desired,
    numberMisscheduled: misscheduled,
    numberReady: ready,
    ...Object.fromEntries(Object.entries(optional).filter(([, number]) => number !== 0)),
    ...(collisionCount === undefined ? {} : { collisionCount }),
    ...(conditions ? { conditions } : {}),
  };
}
