/** ClusterRoles made of others: an aggregationRule's role holds the rules of all ClusterRoles that its selectors choose. */

import type { PolicyRule } from '#kube/rbac/evaluate.ts';
import { labelSelectorMatcher } from '#kube/selector/labels.ts';
import type { Role } from './objects.ts';

const byName = (left: Role, right: Role) => ((left.metadata.name ?? '') < (right.metadata.name ?? '') ? -1 : 1);

/** The rules an aggregated role should hold: of the chosen roles in order of name, each rule once. */
function aggregatedRules(role: Role, clusterRoles: readonly Role[]): readonly PolicyRule[] {
  const selectors = (role.aggregationRule?.clusterRoleSelectors ?? []).map((selector) =>
    labelSelectorMatcher(selector),
  );
  const rules = new Map<string, PolicyRule>();
  for (const other of [...clusterRoles].sort(byName)) {
    if (other.metadata.name === role.metadata.name) continue;
    if (!selectors.some((selector) => selector.matches(other.metadata.labels))) continue;
    for (const rule of other.rules ?? []) rules.set(JSON.stringify(rule), rule);
  }
  return [...rules.values()];
}

/** Aggregated roles whose rules are not what they should be, as they should be. One step: roles that feed each other need several. */
export function aggregate(clusterRoles: readonly Role[]): readonly Role[] {
  const changed: Role[] = [];
  for (const role of clusterRoles) {
    if (!role.aggregationRule) continue;
    const rules = aggregatedRules(role, clusterRoles);
    if (JSON.stringify(rules) !== JSON.stringify(role.rules ?? [])) changed.push({ ...role, rules });
  }
  return changed;
}
