/** Acting as somebody else by `Impersonate-*` headers, for those who may (apiserver's impersonation filter). */
import type { UserInfo } from '#kube/request/request.ts';
import { badRequest } from '#kube/status/errors.ts';
import { anonymousUser, withAuthenticated } from './authenticator.ts';
import { type Authorizer, requireAccess } from './authorizer.ts';
import { parseServiceAccountName, serviceAccountGroups } from './service-account/name.ts';

/** Every value of each header, names in lower case. */
export type HeaderLists = Readonly<Record<string, readonly string[] | undefined>>;

const extraPrefix = 'impersonate-extra-';

interface Wanted {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

function decoded(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

const reviews = 'authentication.k8s.io/v1';

/** As Go prints what was asked for: an ObjectReference each. */
function requestedText({ uid, groups, extra }: Omit<Wanted, 'name'>): string {
  const references = groups.map((group) => `{Group  ${group}    }`);
  for (const [key, values] of Object.entries(extra))
    references.push(...values.map((value) => `{UserExtra  ${value}  ${reviews}  ${key}}`));
  if (uid) references.push(`{UID  ${uid}  ${reviews}  }`);
  return `[${references.join(' ')}]`;
}

/** Throws BadRequest for parts of a user without a name. */
function wantedIn(headers: HeaderLists): Wanted | undefined {
  const name = headers['impersonate-user']?.[0] ?? '';
  const uid = headers['impersonate-uid']?.[0] || undefined;
  const groups = headers['impersonate-group'] ?? [];
  const extra: Record<string, readonly string[]> = {};
  for (const header in headers) {
    if (header.startsWith(extraPrefix)) extra[decoded(header.slice(extraPrefix.length))] = headers[header] ?? [];
  }
  if (name === '') {
    if (uid === undefined && groups.length === 0 && Object.keys(extra).length === 0) return undefined;
    const text = requestedText({ groups, extra, ...(uid === undefined ? {} : { uid }) });
    throw badRequest(`requested ${text} without impersonating a user`);
  }
  return { name, groups, extra, ...(uid === undefined ? {} : { uid }) };
}

function requireImpersonation(authorizer: Authorizer, user: UserInfo, wanted: Wanted): void {
  const require = (
    apiGroup: string,
    resource: string,
    name: string,
    more: { namespace?: string; subresource?: string } = {},
  ) => requireAccess(authorizer, { user, verb: 'impersonate', apiGroup, resource, name, ...more });

  const account = parseServiceAccountName(wanted.name);
  if (account) require('', 'serviceaccounts', account.name, { namespace: account.namespace });
  else require('', 'users', wanted.name);
  for (const group of wanted.groups) require('', 'groups', group);
  for (const [key, values] of Object.entries(wanted.extra)) {
    for (const value of values) require('authentication.k8s.io', 'userextras', value, { subresource: key });
  }
  if (wanted.uid !== undefined) require('authentication.k8s.io', 'uids', wanted.uid);
}

function groupsOf({ name, groups }: Wanted): readonly string[] {
  const account = groups.length === 0 ? parseServiceAccountName(name) : undefined;
  const own = account ? serviceAccountGroups(account.namespace) : groups;
  if (name !== anonymousUser.name) return withAuthenticated(own);
  const unknown = anonymousUser.groups[0]!;
  return own.includes(unknown) ? own : [...own, unknown];
}

/** The user to act as: `user` itself without such headers. Throws Forbidden when `user` may not. */
export function impersonated(authorizer: Authorizer, user: UserInfo, headers: HeaderLists): UserInfo {
  const wanted = wantedIn(headers);
  if (!wanted) return user;
  requireImpersonation(authorizer, user, wanted);
  return {
    name: wanted.name,
    groups: groupsOf(wanted),
    ...(wanted.uid === undefined ? {} : { uid: wanted.uid }),
    ...(Object.keys(wanted.extra).length > 0 ? { extra: wanted.extra } : {}),
  };
}
