/** Where a Pod goes: the nodes that can take it, the best of them, or why there is none. Pure. */

import { namedNodes, preferenceFor } from '#apis/kubernetes/fit/node-affinity.ts';
import { hostPortsOf } from '#apis/kubernetes/fit/ports.ts';
import { podRequests } from '#apis/kubernetes/fit/requests.ts';
import { tolerates } from '#apis/kubernetes/fit/taints.ts';
import type { Pod } from '#apis/kubernetes/types.ts';
import { controllerOf } from '#kube/meta/owner.ts';
import { type Demand, type Refusal, refusalOf } from './filter.ts';
import type { NodeView } from './ledger.ts';

export interface NodeSource {
  readonly nodes: () => readonly NodeView[];
  readonly node: (name: string) => NodeView | undefined;
}

export type Placement = { readonly node: string } | { readonly message: string };

export function planPlacement(pod: Pod, source: NodeSource): Placement {
  const demand = { pod, amounts: podRequests(pod.spec), hostPorts: hostPortsOf(pod.spec) };
  const named = fitting(demand, candidates(pod, source));
  if (named) return { node: named.node.metadata.name! };
  return { message: whyNot(demand, source.nodes()) };
}

/** Pods of a DaemonSet name their node: the others need not be looked at. */
function candidates(pod: Pod, source: NodeSource): readonly NodeView[] {
  const names = namedNodes(pod.spec);
  if (!names) return source.nodes();
  return names.map(source.node).filter((view) => view !== undefined);
}

function fitting(demand: Demand, views: readonly NodeView[]): NodeView | undefined {
  const controller = controllerOf(demand.pod)?.uid;
  let best: NodeView | undefined;
  let bestRanks: readonly number[] = [];
  for (const view of views) {
    if (refusalOf(demand, view)) continue;
    const ranks = ranksOf(demand.pod, controller, view);
    if (!best || isBefore(ranks, bestRanks)) [best, bestRanks] = [view, ranks];
  }
  return best;
}

/** Lower is better, the first that differs decides: asked to stay away, asked to come, own siblings, all Pods. */
function ranksOf({ spec }: Pod, controller: string | undefined, view: NodeView): readonly number[] {
  const { node, siblings, pods } = view;
  const avoided = (node.spec?.taints ?? []).filter(
    (taint) => taint.effect === 'PreferNoSchedule' && !spec.tolerations?.some((each) => tolerates(each, taint)),
  );
  return [avoided.length, -preferenceFor(spec, node), siblings.get(controller ?? '') ?? 0, pods];
}

function isBefore(left: readonly number[], right: readonly number[]): boolean {
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return left[i]! < right[i]!;
  return false;
}

/** kube-scheduler's sentence: how many nodes gave which reason, and that nobody was pushed out instead. */
function whyNot(demand: Demand, views: readonly NodeView[]): string {
  if (views.length === 0) return 'no nodes available to schedule pods';
  const refusals = views.map((view) => refusalOf(demand, view)).filter((refusal) => refusal !== undefined);
  const available = `0/${views.length} nodes are available: `;
  const reasons = counted(refusals.flatMap((refusal) => refusal.reasons));
  const preemption = counted(refusals.map(preemptionHint));
  return `${available}${reasons}. no new claims to deallocate, preemption: ${available}${preemption}.`;
}

const preemptionHint = ({ final }: Refusal): string =>
  final ? 'Preemption is not helpful for scheduling' : 'No preemption victims found for incoming pod';

/** `1 Insufficient cpu, 2 Too many pods`, in the order of the text. */
function counted(reasons: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return Array.from(counts, ([reason, count]) => `${count} ${reason}`)
    .sort()
    .join(', ');
}
