/** Whether a FlowSchema's rules speak of a request, as kube-apiserver decides it. Pure. */
import type { UserInfo } from '#kube/request/request.ts';
import type { FlowSchemaSpec, NonResourceRule, PolicyRules, ResourceRule, Subject } from './objects.ts';

/** A request as rules see it. */
export interface Digest {
  readonly verb: string;
  readonly group: string;
  /** '' for a path that is no resource. */
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly path: string;
}

const wildcard = '*';
const accountPrefix = 'system:serviceaccount:';

/** A wildcard stands alone in its list; validation sees to it. */
const contains = (list: readonly string[] | undefined, value: string): boolean =>
  list !== undefined && ((list.length === 1 && list[0] === wildcard) || list.includes(value));

function accountMatches(account: Subject['serviceAccount'], user: string): boolean {
  if (!account) return false;
  const namespace = `${accountPrefix}${account.namespace}:`;
  return account.name === wildcard ? user.startsWith(namespace) : user === namespace + account.name;
}

function subjectMatches(subject: Subject, user: UserInfo): boolean {
  switch (subject.kind) {
    case 'User':
      return subject.user?.name === wildcard || subject.user?.name === user.name;
    case 'Group':
      return subject.group?.name === wildcard || user.groups.includes(subject.group?.name ?? '');
    case 'ServiceAccount':
      return accountMatches(subject.serviceAccount, user.name);
    default:
      return false;
  }
}

function resourceMatches(rule: ResourceRule, digest: Digest): boolean {
  const { verb, group, resource, subresource, namespace } = digest;
  return (
    contains(rule.verbs, verb) &&
    contains(rule.resources, subresource === '' ? resource : `${resource}/${subresource}`) &&
    contains(rule.apiGroups, group) &&
    (namespace === '' ? rule.clusterScope === true : contains(rule.namespaces, namespace))
  );
}

function urlMatches(url: string, path: string): boolean {
  if (url === wildcard || url === path) return true;
  const prefix = url.endsWith(wildcard) ? url.slice(0, -1) : url;
  return path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`);
}

const pathMatches = (rule: NonResourceRule, digest: Digest): boolean =>
  contains(rule.verbs, digest.verb) && rule.nonResourceURLs.some((url) => urlMatches(url, digest.path));

/** The rules that speak of this user at all. */
export const rulesFor = (spec: FlowSchemaSpec, user: UserInfo): readonly PolicyRules[] =>
  (spec.rules ?? []).filter(({ subjects }) => subjects.some((subject) => subjectMatches(subject, user)));

export const rulesMatch = (rules: readonly PolicyRules[], digest: Digest): boolean =>
  rules.some(({ resourceRules = [], nonResourceRules = [] }) =>
    digest.resource === ''
      ? nonResourceRules.some((rule) => pathMatches(rule, digest))
      : resourceRules.some((rule) => resourceMatches(rule, digest)),
  );

const all = (list: readonly string[] | undefined): boolean => list?.length === 1 && list[0] === wildcard;

/** Whether these rules match every request, so that nobody need look at it. */
export const matchEverything = (rules: readonly PolicyRules[]): boolean =>
  rules.some(
    ({ resourceRules = [], nonResourceRules = [] }) =>
      resourceRules.some(
        (rule) =>
          rule.clusterScope === true &&
          all(rule.verbs) &&
          all(rule.apiGroups) &&
          all(rule.resources) &&
          all(rule.namespaces),
      ) && nonResourceRules.some((rule) => all(rule.verbs) && all(rule.nonResourceURLs)),
  );
