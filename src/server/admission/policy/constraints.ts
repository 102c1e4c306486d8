/** Which requests a policy or a binding speaks of: its rules and exclusions, names, and selectors. */
import type { MatchResources, NamedRule } from '#apis/kubernetes/expressions/policy.ts';
import type { AdmissionRequest } from '#kube/admission/review.ts';
import type { StatusError } from '#kube/status/status.ts';
import type { KindRegistry } from '../../registry/kinds/registry.ts';
import { type Matched, matchedResource } from '../matching/equivalents.ts';
import { ruleMatches } from '../matching/rules.ts';
import { type FindNamespace, type RequestSelectors, requestSelectors } from '../matching/selectors.ts';
import type { AdmissionTarget } from '../step.ts';

export interface Constraints {
  readonly resources: MatchResources;
  readonly selectors: RequestSelectors;
}

export const constraintsOf = (resources: MatchResources = {}): Constraints => ({
  resources,
  selectors: requestSelectors(resources.namespaceSelector, resources.objectSelector),
});

/** The resource as one of the rules names it; every resource where there are none. `name`: any when absent. */
function byRules(
  kinds: KindRegistry,
  rules: readonly NamedRule[],
  isEquivalent: boolean,
  target: AdmissionTarget,
  name: string | undefined,
): Matched | undefined {
  const matchers = rules.map((rule) => (candidate: AdmissionTarget) => {
    const { resourceNames = [] } = rule;
    const isNamed = name === undefined || resourceNames.length === 0 || resourceNames.includes(name);
    return isNamed && ruleMatches(rule, candidate);
  });
  return matchedResource(kinds, target, isEquivalent, matchers);
}

/** Whether a target could be meant at all, whatever the names and labels of its objects. */
export function couldMatch(kinds: KindRegistry, { resources }: Constraints, target: AdmissionTarget): boolean {
  const { resourceRules = [], matchPolicy } = resources;
  if (resourceRules.length === 0) return true;
  return byRules(kinds, resourceRules, matchPolicy !== 'Exact', target, undefined) !== undefined;
}

/** The resource as it is spoken of; undefined when it is not. An error where its namespace is not there. */
export function constrained(
  kinds: KindRegistry,
  { resources, selectors }: Constraints,
  request: AdmissionRequest,
  target: AdmissionTarget,
  namespace: FindNamespace,
): Matched | StatusError | undefined {
  const inNamespace = selectors.namespace(request, namespace);
  if (inNamespace === false || !selectors.object(request)) return undefined;
  const { resourceRules = [], excludeResourceRules = [], matchPolicy } = resources;
  const isEquivalent = matchPolicy !== 'Exact';
  const { name = '' } = request.path;
  if (byRules(kinds, excludeResourceRules, isEquivalent, target, name)) return undefined;
  const { group, version, resource } = request.path;
  const matched =
    resourceRules.length === 0
      ? { group, version, resource }
      : byRules(kinds, resourceRules, isEquivalent, target, name);
  if (!matched) return undefined;
  return inNamespace === true ? matched : inNamespace;
}
