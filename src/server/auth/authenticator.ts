/** Who is asking: credentials in, user out. Several ways are tried in order, as kube-apiserver's union does. */

import type { UserInfo } from '#kube/request/request.ts';
import { unauthorized } from '#kube/status/errors.ts';

export interface Credentials {
  /** Of a client certificate that chains to our client CA and is valid now; 'untrusted' when one was shown that is not. */
  readonly certificate?: { readonly commonName: string; readonly organizations: readonly string[] } | 'untrusted';
  /** Of `Authorization: Bearer …`. */
  readonly bearerToken?: string;
}

/** Throws Unauthorized for credentials that are wrong; without any the user is system:anonymous. */
export type Authenticator = (credentials: Credentials) => UserInfo;

/** undefined: not a token of mine. */
export type TokenAuthenticator = (token: string) => UserInfo | undefined;

export const anonymousUser: UserInfo = { name: 'system:anonymous', groups: ['system:unauthenticated'] };

export const allAuthenticated = 'system:authenticated';

function certificateUser(certificate: {
  readonly commonName: string;
  readonly organizations: readonly string[];
}): UserInfo {
  return { name: certificate.commonName, groups: [...certificate.organizations, allAuthenticated] };
}

export function createAuthenticator(tokens: readonly TokenAuthenticator[]): Authenticator {
  return ({ certificate, bearerToken }) => {
    if (certificate && certificate !== 'untrusted') return certificateUser(certificate);
    if (bearerToken !== undefined) {
      for (const token of tokens) {
        const user = token(bearerToken);
        if (user) return user;
      }
      throw unauthorized();
    }
    if (certificate === 'untrusted') throw unauthorized();
    return anonymousUser;
  };
}
