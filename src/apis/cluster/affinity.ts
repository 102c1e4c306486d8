/** Does a cluster fit an affinity? All given parts must hold, `exclude` wins, an empty affinity matches every cluster. */

import type { ClusterAffinity } from '#apis/meta/selectors.ts';
import { labelSelectorMatcher } from '#kube/selector/labels.ts';
import type { Cluster } from './cluster.ts';

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

export function clusterMatches(cluster: Cluster, affinity: ClusterAffinity | undefined): boolean {
  if (!affinity) return true;
  const name = cluster.metadata.name!;
  if (affinity.exclude?.includes(name)) return false;
  if (affinity.labelSelector && !labelSelectorMatcher(affinity.labelSelector).matches(cluster.metadata.labels))
    return false;
  if (affinity.fieldSelector && !fieldsMatch(cluster, affinity.fieldSelector)) return false;
  return !affinity.clusterNames || affinity.clusterNames.length === 0 || affinity.clusterNames.includes(name);
}
