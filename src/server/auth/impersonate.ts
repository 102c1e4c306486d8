/** Acting as somebody else by `Impersonate-*` headers, for those who may (apiserver's impersonation filter). */
import type { UserInfo } from '#kube/request/request.ts';
import { internalError } from '#kube/status/errors.ts';
import { allAuthenticated, anonymousUser } from './authenticator.ts';
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

function wantedIn(headers: HeaderLists): Wanted | undefined {
  const name = headers['impersonate-user']?.[0] ?? '';
  const uid = headers['impersonate-uid']?.[0];
  const groups = headers['impersonate-group'] ?? [];
  const extra: Record<string, readonly string[]> = {};
  for (const header in headers) {
    if (header.startsWith(extraPrefix)) extra[decoded(header.slice(extraPrefix.length))] = headers[header] ?? [];
  }
  if (name === '') {
    if (uid === undefined && groups.length === 0 && Object.keys(extra).length === 0) return undefined;
    throw internalError('groups, uid or extra fields were to be impersonated without impersonating a user');
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
  if (wanted.uid !== undefined) require('authentication.k8s.io', 'uids', wanted.uid);
  for (const [key, values] of Object.entries(wanted.extra)) {
    for (const value of values) require('authentication.k8s.io', 'userextras', value, { subresource: key });
  }
}

function groupsOf({ name, groups }: Wanted): readonly string[] {
  const account = groups.length === 0 ? parseServiceAccountName(name) : undefined;
  const own = account ? serviceAccountGroups(account.namespace) : groups;
  const everybody = name === anonymousUser.name ? anonymousUser.groups[0]! : allAuthenticated;
  return own.includes(everybody) ? own : [...own, everybody];
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
