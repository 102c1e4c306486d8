/** Who sends a request: certificate or token from the wire, then impersonation. */
import type { UserInfo } from '#kube/request/request.ts';
import { unauthorized } from '#kube/status/errors.ts';
import { type IncomingMessage, peerCertificate } from '#world/network/listen.ts';
import type { Trail } from '../audit/trail.ts';
import type { Credentials } from '../auth/authenticator.ts';
import { impersonated } from '../auth/impersonate.ts';
import { triedMethods } from './audited.ts';
import { frontProxyUser } from './front-proxy.ts';
import type { ServedApi } from './served.ts';

const bearer = /^Bearer\s+(\S+)\s*$/i;

/** Browsers can set no header of a WebSocket but its protocols: one of them may be the token. */
const tokenProtocol = 'base64url.bearer.authorization.k8s.io.';

/** Throws Unauthorized for what is no token, or comes without a protocol to speak. */
function webSocketToken({ headers }: IncomingMessage): string | undefined {
  const protocols = headers['sec-websocket-protocol'];
  if (!protocols?.includes(tokenProtocol)) return undefined;
  const all = protocols.split(',').map((each) => each.trim());
  const tokens = all.filter((each) => each.startsWith(tokenProtocol));
  const token = Buffer.from(tokens[0]!.slice(tokenProtocol.length), 'base64url').toString('utf8');
  if (tokens.length !== 1 || all.length < 2 || !/^\S+$/.test(token)) throw unauthorized();
  return token;
}

function credentialsOf(request: IncomingMessage): Credentials {
  const certificate = peerCertificate(request);
  const bearerToken = bearer.exec(request.headers.authorization ?? '')?.[1] ?? webSocketToken(request);
  return { ...(certificate ? { certificate } : {}), ...(bearerToken ? { bearerToken } : {}) };
}

/** One user value per connection, so that authorisation finds its decisions again. */
const certificateUsers = new WeakMap<object, UserInfo>();

function authenticated(api: ServedApi, request: IncomingMessage): UserInfo {
  const proxied = api.frontProxies && frontProxyUser(request, api.frontProxies);
  if (proxied !== undefined && proxied !== 'nobody') return proxied;
  const { socket } = request;
  const known = certificateUsers.get(socket);
  if (known) return known;
  const shown = credentialsOf(request);
  // A front proxy's certificate says nothing of users by itself, unless the same authority vouches for both.
  const credentials =
    proxied === 'nobody' && !api.frontProxies?.alsoClients ? { ...shown, certificate: undefined } : shown;
  const user = api.authenticate(credentials);
  if (credentials.certificate && credentials.certificate !== 'untrusted') certificateUsers.set(socket, user);
  return user;
}

const impersonates = (name: string) => name.startsWith('impersonate-');

/** Throws Unauthorized, or Forbidden for an impersonation that is not allowed. `trail` hears of both. */
export function identify(api: ServedApi, request: IncomingMessage, trail?: Trail): UserInfo {
  const user = trail ? tracedUser(api, request, trail) : authenticated(api, request);
  for (const name in request.headers) {
    if (!impersonates(name)) continue;
    const acting = impersonated(api.authorizer, user, request.headersDistinct);
    if (acting !== user) trail?.impersonated(acting);
    return acting;
  }
  return user;
}

function tracedUser(api: ServedApi, request: IncomingMessage, trail: Trail): UserInfo {
  let user: UserInfo;
  try {
    user = authenticated(api, request);
  } catch (error) {
    trail.unauthenticated(triedMethods(request));
    throw error;
  }
  trail.authenticated(user);
  return user;
}
