/** What a DaemonSet needs now: nodes that get a daemon, daemons that go. Pure. */
import type { DaemonSet, Node, Pod } from '#apis/kubernetes/types.ts';
import { isFinished } from '../pod-state.ts';
import { eligibility } from './plan/nodes.ts';
import { nodeOf } from './plan/pod.ts';
import { planRollout } from './plan/rollout.ts';

export interface DaemonSetView {
  readonly set: DaemonSet;
  readonly nodes: readonly Node[];
  /** All that it controls. */
  readonly pods: readonly Pod[];
  readonly isGoing: (pod: Pod) => boolean;
  /** Of the revision of its template. */
  readonly hash: string;
  readonly now: number;
}

export interface DaemonSetPlan {
  /** Names of nodes. */
  readonly create: readonly string[];
  readonly delete: readonly Pod[];
  /** Of those: they have failed, and are made again. */
  readonly failed: readonly Pod[];
}

export function podsByNode(pods: readonly Pod[]): ReadonlyMap<string, readonly Pod[]> {
  const byNode = new Map<string, Pod[]>();
  for (const pod of pods) {
    const node = nodeOf(pod) ?? '';
    const present = byNode.get(node);
    if (present) present.push(pod);
    else byNode.set(node, [pod]);
  }
  return byNode;
}

const oldestFirst = (left: Pod, right: Pod) =>
  (left.metadata.creationTimestamp ?? '') < (right.metadata.creationTimestamp ?? '') ? -1 : 1;

export function planDaemonSet(view: DaemonSetView): DaemonSetPlan {
  const { set, nodes, pods, isGoing, hash, now } = view;
  if (set.metadata.deletionTimestamp !== undefined) return { create: [], delete: [], failed: [] };
  const byNode = podsByNode(pods);
  const create: string[] = [];
  const surplus: Pod[] = [];
  const failed: Pod[] = [];
  const running = new Map<string, readonly Pod[]>();
  const isSurging = Boolean(set.spec.updateStrategy?.rollingUpdate?.maxSurge);
  for (const node of nodes) {
    const name = node.metadata.name!;
    const here = byNode.get(name) ?? [];
    const { starts, stays } = eligibility(set, node);
    const staying = here.filter((pod) => !isGoing(pod));
    if (!stays) surplus.push(...staying);
    if (!stays) continue;
    const over = staying.filter(isFinished);
    const alive = staying.filter((pod) => !isFinished(pod)).sort(oldestFirst);
    failed.push(...over);
    if (!isSurging) surplus.push(...alive.slice(1));
    if (!starts) continue;
    // A daemon that shuts down makes room before the next one begins.
    if (here.length === 0) create.push(name);
    running.set(name, isSurging ? alive : alive.slice(0, 1));
  }
  // What is meant for a node that is gone has nowhere to run.
  const known = new Set(nodes.map(({ metadata }) => metadata.name));
  for (const [node, lost] of byNode) if (!known.has(node)) surplus.push(...lost.filter((pod) => !isGoing(pod)));
  if (create.length + surplus.length + failed.length > 0) return { create, delete: [...failed, ...surplus], failed };
  const rollout = planRollout({ set, hash, byNode: running, now });
  return { create: rollout.surge, delete: rollout.delete, failed };
}
