/** Which nodes a Pod asks for: node selector and node affinity. The rules of Kubernetes' core/v1. Pure. */
import type { Node, NodeSelectorRequirement, NodeSelectorTerm, PodSpec } from '../types.ts';

type SelectableNode = Pick<Node, 'metadata'>;

/** Everything the node selector says and, of required node affinity, one term. */
export function asksFor({ nodeSelector, affinity }: PodSpec, node: SelectableNode): boolean {
  const labels = node.metadata.labels ?? {};
  for (const key in nodeSelector) if (labels[key] !== nodeSelector[key]) return false;
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return required === undefined || required.nodeSelectorTerms.some((term) => matches(term, node));
}

/** The sum of weights of preferred terms that match. */
export function preferenceFor({ affinity }: PodSpec, node: SelectableNode): number {
  let sum = 0;
  for (const { preference, weight } of affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []) {
    // A preferred term without requirements is for every node.
    if (isEmpty(preference) || matches(preference, node)) sum += weight;
  }
  return sum;
}

/** The only node the Pod may be on, where one requirement of every term says so by name: as Pods of DaemonSets do. */
export function namedNodes({ affinity }: PodSpec): readonly string[] | undefined {
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  if (!terms || terms.length === 0) return undefined;
  const names: string[] = [];
  for (const { matchFields } of terms) {
    const byName = matchFields?.find(({ key, operator }) => key === 'metadata.name' && operator === 'In');
    if (!byName) return undefined;
    names.push(...(byName.values ?? []));
  }
  return names;
}

const isEmpty = ({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm): boolean =>
  matchExpressions.length === 0 && matchFields.length === 0;

/** A term without requirements matches no node. */
function matches(term: NodeSelectorTerm, { metadata }: SelectableNode): boolean {
  if (isEmpty(term)) return false;
  const { matchExpressions = [], matchFields = [] } = term;
  return (
    matchExpressions.every((requirement) => holds(requirement, metadata.labels?.[requirement.key])) &&
    matchFields.every((requirement) =>
      holds(requirement, requirement.key === 'metadata.name' ? metadata.name : undefined),
    )
  );
}

function holds({ operator, values = [] }: NodeSelectorRequirement, value: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return value !== undefined && Number(value) > Number(values[0]);
    case 'Lt':
      return value !== undefined && Number(value) < Number(values[0]);
  }
}
