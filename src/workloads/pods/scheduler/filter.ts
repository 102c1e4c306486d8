/** Why a node cannot take a Pod, in kube-scheduler's words and in the order of its filters. Pure. */

import { asksFor } from '#apis/kubernetes/fit/node-affinity.ts';
import { collide, type HostPort } from '#apis/kubernetes/fit/ports.ts';
import type { Amounts } from '#apis/kubernetes/fit/requests.ts';
import { tolerates, untolerated } from '#apis/kubernetes/fit/taints.ts';
import type { Pod } from '#apis/kubernetes/types.ts';
import type { NodeView } from './ledger.ts';

export interface Refusal {
  readonly reasons: readonly string[];
  /** The node could never take it, whoever left. */
  readonly final: boolean;
}

/** What is asked of every node, worked out once per Pod. */
export interface Demand {
  readonly pod: Pod;
  readonly amounts: Amounts;
  readonly hostPorts: readonly HostPort[];
}

const unschedulableTaint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' } as const;

/** Undefined: it fits. The first filter that refuses speaks alone. */
export function refusalOf({ pod, amounts, hostPorts }: Demand, view: NodeView): Refusal | undefined {
  const { spec } = view.node;
  const { tolerations } = pod.spec;
  if (spec?.unschedulable && !tolerations?.some((toleration) => tolerates(toleration, unschedulableTaint))) {
    return final('node(s) were unschedulable');
  }
  if (untolerated(spec?.taints, tolerations, ['NoSchedule', 'NoExecute'])) {
    return final('node(s) had untolerated taint(s)');
  }
  if (!asksFor(pod.spec, view.node)) return final("node(s) didn't match Pod's node affinity/selector");
  if (hostPorts.some((port) => view.hostPorts.some((taken) => collide(port, taken)))) {
    return { reasons: ["node(s) didn't have free ports for the requested pod ports"], final: false };
  }
  return shortage(amounts, view);
}

const final = (reason: string): Refusal => ({ reasons: [reason], final: true });

function shortage(amounts: Amounts, { allocatable, used, pods }: NodeView): Refusal | undefined {
  const reasons: string[] = [];
  let neverEnough = false;
  if (pods + 1 > (allocatable.get('pods') ?? 0)) reasons.push('Too many pods');
  for (const [name, amount] of amounts) {
    const most = allocatable.get(name) ?? 0;
    if (amount === 0 || amount <= most - (used.get(name) ?? 0)) continue;
    reasons.push(`Insufficient ${name}`);
    if (amount > most) neverEnough = true;
  }
  return reasons.length > 0 ? { reasons, final: neverEnough } : undefined;
}
