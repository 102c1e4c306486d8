/** What of the clusters of a plan keeps templates from them. Pure. */
import type { Cluster } from '#apis/cluster/cluster.ts';
import { isConditionTrue } from '#kube/conditions/conditions.ts';

/** By which a scheduler passes a cluster over whose policies tolerate nothing, as a plan's. */
const repelling = new Set(['NoSchedule', 'NoExecute']);

function noteOn(name: string, cluster: Cluster | undefined): string | undefined {
  if (!cluster) return `${name} is not joined yet: nothing reaches it before`;
  const { metadata, spec, status } = cluster;
  if (metadata.deletionTimestamp) return `${name} is being unjoined: nothing new is sent there`;
  const taints = (spec.taints ?? []).filter(({ effect }) => repelling.has(effect));
  if (taints.length > 0) {
    const words = taints.map(({ key, value, effect }) => `${key}${value ? `=${value}` : ''}:${effect}`);
    return `${name} is tainted (${words.join(', ')}): the plan's policies tolerate no taint, and do not choose it`;
  }
  return isConditionTrue(status?.conditions, 'Ready') ? undefined : `${name} is not ready`;
}

/** In words. */
export const clusterNotes = (names: readonly string[], clusters: ReadonlyMap<string, Cluster>): readonly string[] =>
  names.flatMap((name) => noteOn(name, clusters.get(name)) ?? []);
