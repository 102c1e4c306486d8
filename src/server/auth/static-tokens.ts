/** Bearer tokens given at start: for components and scripts that have no certificate. */
import type { UserInfo } from '#kube/request/request.ts';
import { allAuthenticated, type TokenAuthenticator } from './authenticator.ts';

export function staticTokens(users: Readonly<Record<string, Pick<UserInfo, 'name' | 'groups'>>>): TokenAuthenticator {
  const known = new Map<string, UserInfo>();
  for (const [token, { name, groups }] of Object.entries(users))
    known.set(token, { name, groups: [...groups, allAuthenticated] });
  return (token) => known.get(token);
}
