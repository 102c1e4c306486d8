/** A Job whose parallelism is divided divides its completions alike, by largest remainder. */
import type { TargetCluster } from '#apis/work/binding-spec.ts';

/** Cluster -> completions; the sum is `completions`. Weights are the assigned replicas. */
export function divideCompletions(completions: number, targets: readonly TargetCluster[]): ReadonlyMap<string, number> {
  const total = targets.reduce((sum, target) => sum + (target.replicas ?? 0), 0);
  if (total === 0) return new Map();
  const shares = targets.map(({ name, replicas = 0 }) => {
    const exact = (completions * replicas) / total;
    return { name, whole: Math.floor(exact), rest: exact - Math.floor(exact) };
  });
  let left = completions - shares.reduce((sum, share) => sum + share.whole, 0);
  const byRest = [...shares].sort((a, b) => b.rest - a.rest || (a.name < b.name ? -1 : 1));
  const result = new Map(shares.map((share) => [share.name, share.whole]));
  for (const share of byRest) {
    if (left-- <= 0) break;
    result.set(share.name, share.whole + 1);
  }
  return result;
}
