/** Requests that come through a front proxy: whose certificate it must show, and who is behind it. */
import type { UserInfo } from '#kube/request/request.ts';
import { fingerprintsOf } from '#world/certificates/fingerprint.ts';
import { type IncomingMessage, peerCertificate, peerIssuers } from '#world/network/listen.ts';
import { type FrontProxies, toldUser } from '../auth/front-proxy.ts';

const fingerprints = new Map<string, readonly string[]>();

function authoritiesIn(pem: string): readonly string[] {
  const known = fingerprints.get(pem) ?? fingerprintsOf(pem);
  fingerprints.set(pem, known);
  return known;
}

const isSignedBy = (request: IncomingMessage, pem: string): boolean => {
  const authorities = authoritiesIn(pem);
  return peerIssuers(request).some((issuer) => authorities.includes(issuer));
};

/** The last user each connection told of: one value, so that authorisation finds its decisions again. */
const lastTold = new WeakMap<object, { readonly key: string; readonly user: UserInfo | undefined }>();

function told(request: IncomingMessage): UserInfo | undefined {
  const { rawHeaders, socket } = request;
  const own: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2)
    if (/^x-remote-/i.test(rawHeaders[index]!)) own.push(rawHeaders[index]!, rawHeaders[index + 1]!);
  const key = own.join('\0');
  const known = lastTold.get(socket);
  if (known?.key === key) return known.user;
  const user = toldUser(request.headersDistinct);
  lastTold.set(socket, { key, user });
  return user;
}

/**
 * The user a front proxy tells of. 'nobody' where its certificate is good for nothing else, and it tells of none;
 * undefined where no front proxy asks.
 */
export function frontProxyUser(
  request: IncomingMessage,
  { ca, allowedNames }: FrontProxies,
): UserInfo | 'nobody' | undefined {
  const certificate = peerCertificate(request);
  if (!certificate || certificate === 'untrusted' || !isSignedBy(request, ca)) return undefined;
  const isAllowed = allowedNames.length === 0 || allowedNames.includes(certificate.commonName);
  const user = isAllowed ? told(request) : undefined;
  return user ?? 'nobody';
}
