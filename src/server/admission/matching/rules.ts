/** Which rules of webhooks and policies speak of a request: operations, groups, versions, resources, scope. */
import type { AdmissionTarget } from '../step.ts';

export interface AdmissionRule {
  readonly operations?: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly apiVersions?: readonly string[];
  readonly resources?: readonly string[];
  readonly scope?: string;
}

const includes = (list: readonly string[] | undefined, value: string): boolean =>
  list !== undefined && (list.includes('*') || list.includes(value));

/** `pods`, `pods/status`, `pods/*`, `*` (no subresources), `*\/scale`, `*\/*`. */
function matchesResource(patterns: readonly string[] | undefined, resource: string, subresource: string): boolean {
  return (patterns ?? []).some((pattern) => {
    const slash = pattern.indexOf('/');
    const wanted = slash < 0 ? pattern : pattern.slice(0, slash);
    const sub = slash < 0 ? '' : pattern.slice(slash + 1);
    if (wanted !== '*' && wanted !== resource) return false;
    return sub === '*' || sub === subresource;
  });
}

function matchesScope(scope: string | undefined, { group, resource, namespaced }: AdmissionTarget): boolean {
  if (scope === undefined || scope === '*') return true;
  // A Namespace is a cluster-scoped object, whatever it is the scope of.
  const isNamespaced = namespaced && !(group === '' && resource === 'namespaces');
  return (scope === 'Namespaced') === isNamespaced;
}

export function ruleMatches(rule: AdmissionRule, target: AdmissionTarget): boolean {
  return (
    includes(rule.operations, target.operation) &&
    includes(rule.apiGroups, target.group) &&
    includes(rule.apiVersions, target.version) &&
    matchesResource(rule.resources, target.resource, target.subresource) &&
    matchesScope(rule.scope, target)
  );
}

/** A webhook or a policy cannot stand in the way of its own removal. */
const exempt = new Set([
  'mutatingwebhookconfigurations',
  'validatingwebhookconfigurations',
  'validatingadmissionpolicies',
  'validatingadmissionpolicybindings',
]);

export const isExempt = ({ group, resource }: AdmissionTarget): boolean =>
  group === 'admissionregistration.k8s.io' && exempt.has(resource);
