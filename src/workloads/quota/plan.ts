/** What the status of a ResourceQuota should say. Pure. */
import { type Amounts, amountsIn, only, sameAmounts, textsOf } from '#apis/kubernetes/quota/amounts.ts';
import type { ResourceQuota } from '#apis/kubernetes/types.ts';

/** `counted`: what is used now, of the names somebody counts. The same reference when nothing changes. */
export function withUsage(quota: ResourceQuota, counted: Amounts): ResourceQuota {
  const hard = amountsIn(quota.spec.hard);
  const before = amountsIn(quota.status?.used);
  const used = only({ ...before, ...counted }, Object.keys(hard));
  const isRight =
    quota.status?.hard !== undefined &&
    quota.status.used !== undefined &&
    sameAmounts(hard, amountsIn(quota.status.hard)) &&
    sameAmounts(used, before);
  return isRight ? quota : { ...quota, status: { hard: textsOf(hard), used: textsOf(used) } };
}
