/** Does a cluster fit an affinity? All given parts must hold, `exclude` wins, an empty affinity matches every cluster. */
import type { ClusterAffinity } from '#apis/meta/selectors.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import { type LabelMatcher, labelSelectorMatcher } from '#kube/selector/labels.ts';
import type { Cluster } from './cluster.ts';

export type ClusterMatcher = (cluster: Cluster) => boolean;

/** The values a field selector's key stands for on a cluster: `zone` is any of its zones. */
function fieldValues(cluster: Cluster, key: string): readonly string[] {
  const { provider, region, zones } = cluster.spec;
  if (key === 'provider') return provider ? [provider] : [];
  if (key === 'region') return region ? [region] : [];
  return key === 'zone' ? (zones ?? []) : [];
}

function fieldsMatch(cluster: Cluster, selector: NonNullable<ClusterAffinity['fieldSelector']>): boolean {
  return (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
    const found = fieldValues(cluster, key);
    if (operator === 'In') return found.length > 0 && found.every((value) => values.includes(value));
    return operator === 'NotIn' ? !found.some((value) => values.includes(value)) : false;
  });
}

/** A label selector that nobody can read matches no cluster, as in the reference. */
function labelsMatcher(selector: NonNullable<ClusterAffinity['labelSelector']>): Pick<LabelMatcher, 'matches'> {
  try {
    return labelSelectorMatcher(selector);
  } catch {
    return { matches: () => false };
  }
}

/** An affinity worked out once, to be asked about many clusters. */
export function clusterMatcher(affinity: ClusterAffinity | undefined): ClusterMatcher {
  if (!affinity) return () => true;
  const { fieldSelector } = affinity;
  const excluded = new Set(affinity.exclude);
  const names = new Set(affinity.clusterNames);
  const labels = affinity.labelSelector && labelsMatcher(affinity.labelSelector);
  return (cluster) => {
    const name = cluster.metadata.name!;
    if (excluded.has(name) || (names.size > 0 && !names.has(name))) return false;
    if (labels && !labels.matches(cluster.metadata.labels)) return false;
    return !fieldSelector || fieldsMatch(cluster, fieldSelector);
  };
}

export const clusterMatches = (cluster: Cluster, affinity: ClusterAffinity | undefined): boolean =>
  clusterMatcher(affinity)(cluster);

/** Whether no affinity can tell the two states of a cluster apart. */
export const sameTarget = (before: Cluster, after: Cluster): boolean =>
  deepEqual(before.metadata.labels, after.metadata.labels) &&
  ['provider', 'region', 'zone'].every((key) => deepEqual(fieldValues(before, key), fieldValues(after, key)));
