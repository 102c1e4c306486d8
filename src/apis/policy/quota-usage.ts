/**
 * What bindings use of a FederatedResourceQuota (compatibility.md section 9): the requests of a replica times the
 * replicas that are scheduled, or those of all components in each cluster. Pure; admission charges by it, and the quota
 * controller counts by it.
 */
import { type Amounts, add, amountsIn, negative, only, withoutZeros } from '#apis/kubernetes/quota/amounts.ts';
import type { BindingSpec } from '#apis/work/binding-spec.ts';
import type { Quantity } from '#kube/quantity/quantity.ts';
import type { FederatedResourceQuota } from './federated-resource-quota.ts';

/** As the reference writes its sums: bytes in powers of two, everything else in thousands. */
const formatOf = (name: string): Quantity['format'] =>
  name === 'memory' || name === 'ephemeral-storage' ? 'BinarySI' : 'DecimalSI';

const times = (amounts: Amounts, count: number): Amounts =>
  Object.fromEntries(
    Object.entries(amounts).map(([name, { nano }]) => [
      name,
      { nano: nano * BigInt(count), format: formatOf(name) } satisfies Quantity,
    ]),
  );

type Requirements = { readonly resourceRequest?: Readonly<Record<string, string | number>> } | undefined;
const requestOf = (requirements: Requirements): Amounts => amountsIn(requirements?.resourceRequest);

/** Without amounts of nothing. A binding without clusters uses nothing. */
export function usageOf({ components, replicaRequirements, clusters = [] }: BindingSpec): Amounts {
  if (components && components.length > 0) {
    const one = components
      .map((component) => times(requestOf(component.replicaRequirements), component.replicas))
      .reduce(add, {});
    return withoutZeros(times(one, clusters.length));
  }
  const replicas = clusters.reduce((sum, cluster) => sum + (cluster.replicas ?? 0), 0);
  return withoutZeros(times(requestOf(replicaRequirements), replicas));
}

/** What `now` uses more than `before`; less is negative, and what is the same is left out. */
export const usageChange = (now: BindingSpec, before: BindingSpec | undefined): Amounts =>
  withoutZeros(add(usageOf(now), negative(before ? usageOf(before) : {})));

/** Of what the quota limits, what these bindings of its namespace use together. */
export const overallUsed = ({ spec }: FederatedResourceQuota, bindings: readonly { readonly spec: BindingSpec }[]) =>
  only(bindings.map((binding) => usageOf(binding.spec)).reduce(add, {}), Object.keys(spec.overall));

/** What the quota would have used with `change` added; undefined when it limits nothing of that. */
export function usedWith({ spec, status }: FederatedResourceQuota, change: Amounts): Amounts | undefined {
  const concerned = only(change, Object.keys(spec.overall));
  if (Object.keys(concerned).length === 0) return undefined;
  // Times one: in the format of sums.
  return times(add(amountsIn(status?.overallUsed), concerned), 1);
}
