/** What authorisation is asked and answers, and the words of a refusal (apiserver's Forbidden). */

import type { PolicyRule } from '#kube/rbac/evaluate.ts';
import type { ApiRequest, UserInfo } from '#kube/request/request.ts';
import { parseFieldSelector } from '#kube/selector/fields.ts';
import { forbidden } from '#kube/status/errors.ts';
import { failure, type StatusError } from '#kube/status/status.ts';

/** Either a resource (`apiGroup`, `resource`, …) or, with `nonResourceUrl`, a path. */
export interface AccessAttributes {
  readonly user: UserInfo;
  /** Kubernetes' verb, also `impersonate`, `bind`, `escalate`, `use`; for paths the lower-case HTTP method. */
  readonly verb: string;
  readonly apiGroup?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly nonResourceUrl?: string;
  /** What a list is narrowed to, as it was written; who allows only a part looks at it. */
  readonly fieldSelector?: string;
  readonly labelSelector?: string;
}

export interface Decision {
  readonly allowed: boolean;
  /** Why, for SubjectAccessReview and Forbidden texts; often ''. */
  readonly reason: string;
}

/** Every rule that holds for a user. */
export interface KnownRules {
  readonly rules: readonly PolicyRule[];
  /** There is more that rules cannot say. */
  readonly incomplete: boolean;
  /** What kept rules from being found; '' where nothing did. */
  readonly error: string;
}

export interface Authorizer {
  readonly authorize: (attributes: AccessAttributes) => Decision;
  /** In a namespace; '' for cluster-wide ones only. */
  readonly rulesFor: (user: UserInfo, namespace: string) => KnownRules;
}

/** For servers that leave the decision to others (tests, a proxy in front). */
export const allowAll: Authorizer = {
  authorize: () => ({ allowed: true, reason: '' }),
  rulesFor: () => ({
    rules: [
      { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
      { verbs: ['*'], nonResourceURLs: ['*'] },
    ],
    incomplete: false,
    error: '',
  }),
};

/** list, watch and deletecollection of one name by field selector count as access to that name. */
function selectedName(request: ApiRequest): string | undefined {
  const text = request.options.fieldSelector;
  if (!text?.includes('metadata.name')) return undefined;
  const requirement = requirementsOf(text).find(({ field }) => field === 'metadata.name');
  return requirement && requirement.operator !== '!=' ? requirement.value : undefined;
}

/** None for what is no selector: whoever is allowed all the same hears of it later. */
export function requirementsOf(fieldSelector: string): ReturnType<typeof parseFieldSelector>['requirements'] {
  try {
    return parseFieldSelector(fieldSelector).requirements;
  } catch {
    return [];
  }
}

export function attributesOf(request: ApiRequest): AccessAttributes {
  const { group, resource, subresource, namespace, name } = request.path;
  const named = name ?? selectedName(request);
  // A namespace is looked at from within itself, so that its own Roles can allow it.
  const within = group === '' && resource === 'namespaces' ? name : namespace;
  const { fieldSelector, labelSelector } = request.options;
  return {
    user: request.user,
    verb: request.verb,
    apiGroup: group,
    resource,
    ...(subresource ? { subresource } : {}),
    ...(within ? { namespace: within } : {}),
    ...(named ? { name: named } : {}),
    ...(fieldSelector ? { fieldSelector } : {}),
    ...(labelSelector ? { labelSelector } : {}),
  };
}

/** As Go quotes it, and nothing in it that a browser would take for HTML. */
const quote = (text: string) =>
  JSON.stringify(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function forbiddenText(attributes: AccessAttributes, reason: string): string {
  const { user, verb, apiGroup = '', resource = '', subresource, namespace, nonResourceUrl } = attributes;
  const suffix = reason ? `: ${reason}` : '';
  if (nonResourceUrl !== undefined) {
    return `User ${quote(user.name)} cannot ${verb} path ${quote(nonResourceUrl)}${suffix}`;
  }
  const what = subresource ? `${resource}/${subresource}` : resource;
  const where = namespace ? `in the namespace ${quote(namespace)}` : 'at the cluster scope';
  return `User ${quote(user.name)} cannot ${verb} resource ${quote(what)} in API group ${quote(apiGroup)} ${where}${suffix}`;
}

export function accessDenied(attributes: AccessAttributes, reason = ''): StatusError {
  const text = forbiddenText(attributes, reason);
  if (attributes.nonResourceUrl !== undefined) return failure('Forbidden', `forbidden: ${text}`, {});
  return forbidden(
    { group: attributes.apiGroup ?? '', resource: attributes.resource ?? '' },
    attributes.name ?? '',
    text,
  );
}

/** Throws Forbidden unless the authorizer allows it. */
export function requireAccess(authorizer: Authorizer, attributes: AccessAttributes): void {
  const { allowed, reason } = authorizer.authorize(attributes);
  if (!allowed) throw accessDenied(attributes, reason);
}
