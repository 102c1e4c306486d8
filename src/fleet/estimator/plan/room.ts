/** What is free on a node, and what Pods need of one: nodes they may run on and amounts. Pure. */
import { isCounted } from '#apis/kubernetes/fit/counted.ts';
import { asksFor } from '#apis/kubernetes/fit/node-affinity.ts';
import { type Amounts, amountsOf } from '#apis/kubernetes/fit/requests.ts';
import { untolerated } from '#apis/kubernetes/fit/taints.ts';
import type { Node, PodSpec, Taint, Toleration } from '#apis/kubernetes/types.ts';
import type { ReplicaRequirements } from '#apis/work/requirements.ts';

export interface NodeRoom {
  readonly node: Pick<Node, 'metadata' | 'spec'>;
  /** Never negative. */
  readonly free: Amounts;
  /** Pods it still takes. */
  readonly places: number;
}

export interface Need {
  readonly runsOn: (node: NodeRoom['node']) => boolean;
  /** Of one replica; nothing that is zero, and nothing that nodes do not count. */
  readonly amounts: Amounts;
}

const cordoned: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

/** The reference takes tolerations that compare numbers for none at all. */
const isPlain = ({ operator }: Toleration): boolean => operator !== 'Gt' && operator !== 'Lt';

export function needOf(requirements: Omit<ReplicaRequirements, 'namespace'> | undefined): Need {
  const { hardNodeAffinity, nodeSelector, tolerations } = requirements?.nodeClaim ?? {};
  const tolerated = ((tolerations ?? []) as readonly Toleration[]).filter(isPlain);
  const asked = {
    containers: [],
    ...(nodeSelector ? { nodeSelector } : {}),
    ...(hardNodeAffinity
      ? { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: hardNodeAffinity } } }
      : {}),
  } as PodSpec;
  return {
    runsOn: (node) => {
      const taints = node.spec.unschedulable ? [...(node.spec.taints ?? []), cordoned] : node.spec.taints;
      return asksFor(asked, node) && !untolerated(taints, tolerated, ['NoSchedule', 'NoExecute']);
    },
    amounts: countedOf(amountsOf(requirements?.resourceRequest)),
  };
}

const countedOf = (amounts: Amounts): Amounts =>
  new Map([...amounts].filter(([name, amount]) => amount > 0 && isCounted(name)));

/** How many replicas fit into this much, wherever it is. */
export function timesIn(free: Amounts, places: number, amounts: Amounts): number {
  let times = places;
  for (const [name, amount] of amounts) times = Math.min(times, Math.floor((free.get(name) ?? 0) / amount));
  return times;
}
