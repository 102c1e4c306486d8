/** A request at the door as the audit log sees it; nothing of this is asked where no log is kept. */
import type { UserInfo } from '#kube/request/request.ts';
import { type IncomingMessage, peerCertificate } from '#world/network/listen.ts';
import type { Audit } from '../audit/audit.ts';
import { type AccessAttributes, attributesOf } from '../auth/authorizer.ts';
import type { ParsedPath } from './path.ts';
import type { Reply } from './respond.ts';
import type { ServedApi } from './served.ts';

interface AuditedArrival {
  readonly request: IncomingMessage;
  readonly pathname: string;
  readonly query: URLSearchParams;
  readonly parsed: ParsedPath | undefined;
}

const nobody: UserInfo = { name: '', groups: [] };
const lastingSubresources: ReadonlySet<string> = new Set(['attach', 'exec', 'log', 'portforward', 'proxy']);

const isLasting = (parsed: ParsedPath | undefined) =>
  parsed !== undefined && (parsed.verb === 'watch' || lastingSubresources.has(parsed.path.subresource ?? ''));

function attributesAt({ request, pathname, query, parsed }: AuditedArrival, user: UserInfo): AccessAttributes {
  if (!parsed) return { user, verb: (request.method ?? 'GET').toLowerCase(), nonResourceUrl: pathname };
  const { verb, path, watchedName } = parsed;
  const fieldSelector = watchedName === undefined ? query.get('fieldSelector') : `metadata.name=${watchedName}`;
  const options = fieldSelector ? { fieldSelector } : {};
  return attributesOf({ verb, path, user, options });
}

const mapped = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i;
const address = /^[0-9a-f.:]+$/i;

/** Whom the request says it comes from, and whom it comes from: each once. */
function sourceIps({ headers, socket }: IncomingMessage): readonly string[] {
  const forwarded = String(headers['x-forwarded-for'] ?? '').split(',');
  const said = [...forwarded, String(headers['x-real-ip'] ?? '')].map((each) => each.trim());
  const all = [...said.filter((each) => address.test(each)), socket.remoteAddress ?? ''];
  return [...new Set(all.filter((each) => each !== '').map((each) => each.replace(mapped, '')))];
}

/** To be called once it is known who asks: what the authoriser says, for the event alone. Whoever answers asks it again. */
type Decided = (api: ServedApi, user: UserInfo) => void;

/** The trail is told to the end by itself: nobody else says when an answer is complete. */
export function beginTrail(audit: Audit, reply: Reply, arrival: AuditedArrival): Decided {
  const { request, parsed } = arrival;
  const { response, auditId } = reply;
  const { user: _nobody, ...attributes } = attributesAt(arrival, nobody);
  const trail = audit.begin({
    auditId,
    requestUri: request.url ?? '/',
    userAgent: request.headers['user-agent'] ?? '',
    sourceIps: sourceIps(request),
    attributes,
    apiVersion: parsed?.path.version ?? '',
    lasting: isLasting(parsed),
  });
  reply.audit = trail;
  response.once('close', () => trail.complete(response.headersSent ? response.statusCode : undefined));
  return ({ authorizer }, user) => {
    const { allowed, reason } = authorizer.authorize(attributesAt(arrival, user));
    trail.annotate('authorization.k8s.io/decision', allowed ? 'allow' : 'forbid');
    trail.annotate('authorization.k8s.io/reason', reason);
  };
}

/** By which ways a request has tried to say who it is from. */
export function triedMethods(request: IncomingMessage): readonly string[] {
  const scheme = (request.headers.authorization ?? '').trim().split(' ', 1)[0]!.toLowerCase();
  return [
    ...(scheme === 'basic' || scheme === 'bearer' ? [scheme] : []),
    ...(peerCertificate(request) === undefined ? [] : ['x509']),
  ];
}
