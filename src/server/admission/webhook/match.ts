/** Which webhook is asked about which write: rules, and the selectors over namespace and object. */
import type { AdmissionRequest } from '#kube/admission/review.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { labelSelectorMatcher } from '#kube/selector/labels.ts';
import type { AdmissionTarget } from '../step.ts';
import type { Webhook, WebhookRule } from './configuration.ts';

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

export function ruleMatches(rule: WebhookRule, target: AdmissionTarget): boolean {
  return (
    includes(rule.operations, target.operation) &&
    includes(rule.apiGroups, target.group) &&
    includes(rule.apiVersions, target.version) &&
    matchesResource(rule.resources, target.resource, target.subresource) &&
    matchesScope(rule.scope, target)
  );
}

/** A webhook cannot stand in the way of its own removal. */
const exempt = new Set([
  'mutatingwebhookconfigurations',
  'validatingwebhookconfigurations',
  'validatingadmissionpolicies',
  'validatingadmissionpolicybindings',
]);

export const isExempt = ({ group, resource }: AdmissionTarget): boolean =>
  group === 'admissionregistration.k8s.io' && exempt.has(resource);

/** The selectors of one webhook, compiled once. */
export function selectorsOf(webhook: Webhook): {
  readonly namespace: (namespace: KubeObject) => boolean;
  readonly object: (request: AdmissionRequest) => boolean;
} {
  const namespace = labelSelectorMatcher(webhook.namespaceSelector ?? {});
  const object = labelSelectorMatcher(webhook.objectSelector ?? {});
  const labelled = (candidate: KubeObject | undefined) =>
    candidate !== undefined && object.matches(candidate.metadata.labels);
  return {
    namespace: ({ metadata }) => namespace.empty || namespace.matches(metadata.labels),
    object: (request) => object.empty || labelled(request.object) || labelled(request.oldObject),
  };
}
