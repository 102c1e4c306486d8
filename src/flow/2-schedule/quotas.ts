/**
 * A federated quota that allows more than before wakes the bindings of its namespace that one was against (gate
 * FederatedQuotaEnforcement): their back-off may have grown to a quarter of an hour.
 */
import { amountsIn } from '#apis/kubernetes/quota/amounts.ts';
import type { FederatedResourceQuota } from '#apis/policy/federated-resource-quota.ts';
import type { Binding } from '#apis/work/binding.ts';
import type { Change, Informer } from '#client/informer/informer.ts';
import { findCondition } from '#kube/conditions/conditions.ts';
import { keyOf } from '#kube/meta/key.ts';
import type { Enqueue } from '#runtime/reconciler.ts';

/** Index of the bindings that a quota was against, by namespace. */
const byRefusal = 'quota-refused';
const refusedIn = ({ metadata: { namespace = '' }, status }: Binding): readonly string[] =>
  findCondition(status?.conditions, 'Scheduled')?.reason === 'QuotaExceeded' ? [namespace] : [];

/** What the quota leaves of each resource it limits, in billionths. */
function left({ spec, status }: FederatedResourceQuota): ReadonlyMap<string, bigint> {
  const used = amountsIn(status?.overallUsed);
  return new Map(
    Object.entries(amountsIn(spec.overall)).map(([name, { nano }]) => [name, nano - (used[name]?.nano ?? 0n)]),
  );
}

function allowsMore({ type, object, old }: Change<FederatedResourceQuota>): boolean {
  if (type === 'deleted') return true;
  if (!old) return false;
  const now = left(object);
  return [...left(old)].some(([name, before]) => (now.get(name) ?? before + 1n) > before);
}

export function wakeByQuotas(
  quotas: Informer<FederatedResourceQuota>,
  bindings: Informer<Binding>,
  enqueue: Enqueue,
): void {
  bindings.addIndex(byRefusal, refusedIn);
  quotas.onChange((change) => {
    if (!allowsMore(change)) return;
    for (const binding of bindings.byIndex(byRefusal, change.object.metadata.namespace!))
      enqueue(keyOf(binding), 'low');
  });
}
