/**
 * ResourceQuotaEstimator (gate ResourceQuotaEstimate): what the namespace's quotas leave, as far as they speak of CPU,
 * memory and extended resources, and are for all Pods or for their priority class
 * (pkg/estimator/server/.../resourcequota). Pure.
 */
import { type Amounts, amountsOf } from '#apis/kubernetes/fit/requests.ts';
import { isExtended } from '#apis/kubernetes/native/validate/resources.ts';
import { scopeSelectors, selects } from '#apis/kubernetes/quota/evaluator.ts';
import type { ResourceQuota } from '#apis/kubernetes/types.ts';
import type { ReplicaRequirements } from '#apis/work/requirements.ts';
import { type AssumedWorkload, type Component, unlimited } from '../service.ts';
import { timesIn } from './room.ts';

const requests = 'requests.';

/** The resource that a name in a quota limits requests of; undefined for limits, counts and storage. */
function requestedBy(name: string): string | undefined {
  const bare = name.startsWith(requests) ? name.slice(requests.length) : name;
  return bare === 'cpu' || bare === 'memory' || isExtended(bare) ? bare : undefined;
}

/** One scope that fits is enough, and only priority classes can: of others nothing is known before there are Pods. */
function isFor(quota: ResourceQuota, priorityClassName: string | undefined): boolean {
  const selectors = scopeSelectors(quota);
  const byClass = selectors.filter(({ scopeName }) => scopeName === 'PriorityClass');
  return selectors.length === 0 || byClass.some((selector) => selects(selector, priorityClassName || undefined));
}

/** `cpu` and `requests.cpu` are the same: the one that leaves less counts. */
function leftOf({ status }: ResourceQuota): Map<string, number> {
  const left = new Map<string, number>();
  for (const [name, most] of Object.entries(status?.hard ?? {})) {
    const resource = requestedBy(name);
    const used = status?.used?.[name];
    if (resource === undefined || used === undefined) continue;
    const amount = (text: string | number) => amountsOf({ [resource]: text }).get(resource)!;
    left.set(
      resource,
      Math.max(0, Math.min(left.get(resource) ?? Number.POSITIVE_INFINITY, amount(most) - amount(used))),
    );
  }
  return left;
}

/** What one set of those components asks for that the quota is for, by resource. */
function askedOf(components: readonly Component[], quota: ResourceQuota): Amounts {
  const asked = new Map<string, number>();
  for (const { replicas, replicaRequirements } of components) {
    if (replicas <= 0 || !isFor(quota, replicaRequirements?.priorityClassName)) continue;
    for (const [name, amount] of amountsOf(replicaRequirements?.resourceRequest)) {
      if (amount > 0) asked.set(name, (asked.get(name) ?? 0) + amount * replicas);
    }
  }
  return asked;
}

/** `unlimited` where no quota has a say. */
export function setsUnderQuotas(
  quotas: readonly ResourceQuota[],
  components: readonly Component[],
  assumed: readonly AssumedWorkload[],
): number {
  let sets = unlimited;
  for (const quota of quotas) {
    if (!components.some(({ replicaRequirements }) => isFor(quota, replicaRequirements?.priorityClassName))) continue;
    const left = leftOf(quota);
    const others = assumed.filter(({ namespace }) => namespace === quota.metadata.namespace);
    const onTheirWay = others.flatMap((each) => each.components);
    for (const [name, amount] of askedOf(onTheirWay, quota)) {
      const rest = (left.get(name) ?? Number.POSITIVE_INFINITY) - amount;
      // Of whatever it is: a quota that is used up lets no Pod in that it is for.
      if (rest < 0) return 0;
      if (left.has(name)) left.set(name, rest);
    }
    const limited = [...askedOf(components, quota)].filter(([name]) => left.has(name));
    sets = timesIn(left, sets, new Map(limited));
  }
  return sets;
}

export const replicasUnderQuotas = (
  quotas: readonly ResourceQuota[],
  requirements: ReplicaRequirements | undefined,
  assumed: readonly AssumedWorkload[],
): number =>
  setsUnderQuotas(
    quotas,
    [{ name: '', replicas: 1, ...(requirements ? { replicaRequirements: requirements } : {}) }],
    assumed,
  );
