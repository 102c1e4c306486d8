/** What FederatedResourceQuotas leave, against what a plan's workloads ask for. Pure. */
import { type Amounts, add, amountsIn, exceeding, negative, only, shown } from '#apis/kubernetes/quota/amounts.ts';
import type { FederatedResourceQuota } from '#apis/policy/federated-resource-quota.ts';
import { usageOf } from '#apis/policy/quota-usage.ts';
import type { Replicas } from '#interpreter/interpreter.ts';
import { titled } from '../model.ts';

/** One workload, and how many clusters get all its replicas. */
export interface Asked {
  readonly namespace: string;
  readonly replicas: Replicas;
  readonly clusters: readonly string[];
}

const amountsOf = ({ replicas: { replicas, requirements }, clusters }: Asked): Amounts =>
  usageOf({
    replicaRequirements: requirements,
    clusters: clusters.map((name) => ({ name, replicas })),
  } as unknown as Parameters<typeof usageOf>[0]);

/** In words, one for each quota that does not suffice. */
export function quotaNotes(quotas: readonly FederatedResourceQuota[], asked: readonly Asked[]): readonly string[] {
  const byNamespace = Map.groupBy(asked, ({ namespace }) => namespace);
  return quotas.flatMap(({ kind, metadata, spec, status }) => {
    const own = byNamespace.get(metadata.namespace!) ?? [];
    const limits = amountsIn(spec.overall);
    const needed = only(own.map(amountsOf).reduce(add, {}), Object.keys(limits));
    const left = only(add(limits, negative(amountsIn(status?.overallUsed))), Object.keys(limits));
    const names = exceeding(needed, left);
    if (names.length === 0) return [];
    return [
      `${titled({ kind, metadata })} leaves ${shown(only(left, names))} and the plan needs ${shown(only(needed, names))}: where quotas are enforced, what comes last is not scheduled`,
    ];
  });
}
