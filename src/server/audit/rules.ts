/** Which rule of an audit policy a request meets: the first in order (apiserver's audit/policy). */
import type { AccessAttributes } from '../auth/authorizer.ts';
import type { AuditPolicy, GroupResources, Level, PolicyRule, Stage } from './policy.ts';

/** How a request is recorded. */
export interface Recording {
  readonly level: Level;
  readonly omitStages: ReadonlySet<Stage>;
  readonly omitManagedFields: boolean;
}

const none: readonly never[] = [];
const isOrAny = (list: readonly string[] | undefined, value: string) => !list?.length || list.includes(value);

function urlMatches(rule: string, path: string): boolean {
  return rule === '*' || rule === path || (rule.endsWith('*') && path.startsWith(rule.replace(/\*+$/, '')));
}

function resourceMatches(
  { group = '', resources = none, resourceNames }: GroupResources,
  { apiGroup = '', resource = '', subresource = '', name = '' }: AccessAttributes,
): boolean {
  if (group !== apiGroup) return false;
  if (resources.length === 0) return true;
  if (!isOrAny(resourceNames, name)) return false;
  const combined = subresource === '' ? resource : `${resource}/${subresource}`;
  return resources.some(
    (each) =>
      each === '*' ||
      each === combined ||
      (subresource !== '' && (each === `*/${subresource}` || each === `${resource}/*`)),
  );
}

/** `attributes.user` undefined: nobody was recognised. */
export interface AuditedAttributes extends Omit<AccessAttributes, 'user'> {
  readonly user: AccessAttributes['user'] | undefined;
}

function matches(rule: PolicyRule, attributes: AuditedAttributes): boolean {
  const { user, verb, nonResourceUrl, namespace = '' } = attributes;
  if (rule.users?.length && !(user && rule.users.includes(user.name))) return false;
  if (rule.userGroups?.length && !user?.groups.some((group) => rule.userGroups!.includes(group))) return false;
  if (!isOrAny(rule.verbs, verb)) return false;
  if (rule.namespaces?.length || rule.resources?.length) {
    if (nonResourceUrl !== undefined || !isOrAny(rule.namespaces, namespace)) return false;
    return (
      !rule.resources?.length || rule.resources.some((each) => resourceMatches(each, attributes as AccessAttributes))
    );
  }
  if (!rule.nonResourceURLs?.length) return true;
  return nonResourceUrl !== undefined && rule.nonResourceURLs.some((url) => urlMatches(url, nonResourceUrl));
}

/** Answers for every request how it is recorded; what no rule speaks of is not. */
export function policyEvaluator(policy: AuditPolicy): (attributes: AuditedAttributes) => Recording {
  const recordings = policy.rules.map(
    (rule): Recording => ({
      level: rule.level,
      omitStages: new Set([...policy.omitStages, ...(rule.omitStages ?? none)]),
      omitManagedFields: rule.omitManagedFields ?? policy.omitManagedFields,
    }),
  );
  const unspoken: Recording = { level: 'None', omitStages: new Set(), omitManagedFields: false };
  return (attributes) => {
    const index = policy.rules.findIndex((rule) => matches(rule, attributes));
    return index < 0 ? unspoken : recordings[index]!;
  };
}
