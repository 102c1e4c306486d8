/** What the status of a FederatedResourceQuota says its namespace may use, and uses. Pure. */
import { amountsIn, sameAmounts, textsOf } from '#apis/kubernetes/quota/amounts.ts';
import type { FederatedResourceQuota } from '#apis/policy/federated-resource-quota.ts';
import { overallUsed } from '#apis/policy/quota-usage.ts';
import type { BindingSpec } from '#apis/work/binding-spec.ts';

/** Counted anew from the bindings of its namespace; the same reference when nothing changes. */
export function withOverall(
  quota: FederatedResourceQuota,
  bindings: readonly { readonly spec: BindingSpec }[],
): FederatedResourceQuota {
  const { spec, status } = quota;
  const [overall, used] = [amountsIn(spec.overall), overallUsed(quota, bindings)];
  const isRight =
    status?.overall !== undefined &&
    sameAmounts(overall, amountsIn(status.overall)) &&
    sameAmounts(used, amountsIn(status.overallUsed));
  return isRight ? quota : { ...quota, status: { ...status, overall: spec.overall, overallUsed: textsOf(used) } };
}
