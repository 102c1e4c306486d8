/** Which taints ClusterTaintPolicies give and take, by what a cluster's conditions say (compatibility.md section 5). Pure. */
import { clusterMatches } from '#apis/cluster/affinity.ts';
import type { Cluster, Taint } from '#apis/cluster/cluster.ts';
import type { ClusterTaintPolicy, MatchCondition } from '#apis/policy/cluster-taint-policy.ts';
import { findCondition } from '#kube/conditions/conditions.ts';

/** All of them, and at least one; a condition that the cluster does not have is met by no operator. */
function areMet(conditions: readonly MatchCondition[] | undefined, { status }: Cluster): boolean {
  if (!conditions || conditions.length === 0) return false;
  return conditions.every(({ conditionType, operator, statusValues }) => {
    const found = findCondition(status?.conditions, conditionType);
    if (!found) return false;
    const isListed = statusValues.includes(found.status);
    return operator === 'In' ? isListed : operator === 'NotIn' && !isListed;
  });
}

const isSame = (a: Pick<Taint, 'key' | 'effect'>, b: Pick<Taint, 'key' | 'effect'>): boolean =>
  a.key === b.key && a.effect === b.effect;

/** Older policies first, so that every look at the same policies comes to the same end. */
const byAge = (a: ClusterTaintPolicy, b: ClusterTaintPolicy): number => {
  const [one, other] = [a, b].map(
    ({ metadata: { creationTimestamp = '', name = '' } }) => `${creationTimestamp}/${name}`,
  );
  return one! < other! ? -1 : 1;
};

export const isFor = (policy: ClusterTaintPolicy, cluster: Cluster): boolean =>
  clusterMatches(cluster, policy.spec.targetClusters);

/** The cluster's taints as the policies want them; the same reference where they are so. `now` as objects tell times. */
export function taintsBy(
  policies: readonly ClusterTaintPolicy[],
  cluster: Cluster,
  now: string,
): readonly Taint[] | undefined {
  const before = cluster.spec.taints ?? [];
  let taints: readonly Taint[] = before;
  for (const policy of [...policies].sort(byAge)) {
    if (!isFor(policy, cluster)) continue;
    const { addOnConditions, removeOnConditions, taints: own } = policy.spec;
    if (areMet(addOnConditions, cluster)) {
      const missing = own.filter((taint) => !taints.some((other) => isSame(taint, other)));
      taints = [...taints, ...missing.map((taint) => ({ ...taint, timeAdded: now }))];
    }
    if (areMet(removeOnConditions, cluster)) {
      taints = taints.filter((taint) => !own.some((other) => isSame(taint, other)));
    }
  }
  // One that was given and taken at once was never there: only the date of the same taint would differ.
  const same = taints.length === before.length && taints.every((taint, i) => taint === before[i]);
  return same ? cluster.spec.taints : taints;
}
