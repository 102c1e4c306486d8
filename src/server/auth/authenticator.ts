/** Who is asking: credentials in, user out. Several ways are tried in order, as kube-apiserver's union does. */

import type { UserInfo } from '#kube/request/request.ts';
import { unauthorized } from '#kube/status/errors.ts';

export interface Credentials {
  /** Of a client certificate that chains to our client CA and is valid now; 'untrusted' when one was shown that is not. */
  readonly certificate?: CertificateIdentity | 'untrusted';
  /** Of `Authorization: Bearer …`. */
  readonly bearerToken?: string;
}

export interface CertificateIdentity {
  readonly commonName: string;
  readonly organizations: readonly string[];
  /** More than one, or an empty one, is no identity. */
  readonly uids?: readonly string[];
  /** SHA-256 of the certificate, hexadecimal: which credential it was, for audit and SelfSubjectReview. */
  readonly fingerprint?: string;
}

/** Throws Unauthorized for credentials that are wrong; without any the user is system:anonymous. */
export type Authenticator = (credentials: Credentials) => UserInfo;

export const anonymousUser: UserInfo = { name: 'system:anonymous', groups: ['system:unauthenticated'] };

export const allAuthenticated = 'system:authenticated';

/** Under which a user's extra says which certificate or token it was. */
export const credentialIdKey = 'authentication.kubernetes.io/credential-id';

/** As apiserver's group adder: nobody is in it twice, and whoever says that they are not known is not in it. */
export const withAuthenticated = (groups: readonly string[]): readonly string[] =>
  groups.includes(allAuthenticated) || groups.includes('system:unauthenticated')
    ? groups
    : [...groups, allAuthenticated];

/** undefined: a certificate that says nothing of a user. Throws Unauthorized where it says more than one thing. */
function certificateUser(certificate: CertificateIdentity): UserInfo | undefined {
  const { commonName, organizations, uids = [], fingerprint } = certificate;
  if (commonName === '') return undefined;
  const [uid] = uids;
  if (uids.length > 1 || uid === '') throw unauthorized();
  return {
    name: commonName,
    ...(uid === undefined ? {} : { uid }),
    groups: withAuthenticated(organizations),
    ...(fingerprint ? { extra: { [credentialIdKey]: [`X509SHA256=${fingerprint}`] } } : {}),
  };
}

/**
 * `ofToken` throws Unauthorized for a token that is nobody's. `anonymous`: false refuses whoever shows no credentials
 * (kube-apiserver's --anonymous-auth).
 */
export function createAuthenticator(ofToken: (token: string) => UserInfo, anonymous = true): Authenticator {
  return ({ certificate, bearerToken }) => {
    if (certificate && certificate !== 'untrusted') {
      const user = certificateUser(certificate);
      if (user) return user;
    }
    if (bearerToken !== undefined) return ofToken(bearerToken);
    if (certificate === 'untrusted' || !anonymous) throw unauthorized();
    return anonymousUser;
  };
}
