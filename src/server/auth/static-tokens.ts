/** Bearer tokens given at start: for components and scripts that have no certificate. */
import type { UserInfo } from '#kube/request/request.ts';
import { withAuthenticated } from './authenticator.ts';
import type { TokenVerifier } from './tokens.ts';

/** They are for whoever asks. */
export function staticTokens(
  users: Readonly<Record<string, Pick<UserInfo, 'name' | 'groups'>>>,
  issuer: string,
): TokenVerifier {
  const known = new Map<string, UserInfo>();
  for (const [token, { name, groups }] of Object.entries(users))
    known.set(token, { name, groups: withAuthenticated(groups) });
  return (token, audiences = [issuer]) => {
    const user = known.get(token);
    return user && { user, audiences };
  };
}
