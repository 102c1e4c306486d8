/** Whom a request is made for, as a front proxy tells the API server behind it; and what it must not pass on. */
import type { UserInfo } from '#kube/request/request.ts';

export type Headers = Readonly<Record<string, string | readonly string[]>>;

/** Between two ends of a connection only (RFC 9110 section 7.6.1). */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** How the client says who it is: that is between it and us. */
const identifying = /^(authorization$|impersonate-|x-remote-(user|uid|group)$|x-remote-extra-)/;

/** Go's url.PathEscape of a header's key, which may hold only these. */
const escapedKey = (key: string) =>
  key.replace(/[^A-Za-z0-9!#$&'*+\-.^_`|~]/g, (character) => encodeURIComponent(character)).toLowerCase();

export function userHeaders({ name, uid, groups, extra = {} }: UserInfo): Headers {
  return {
    'x-remote-user': name,
    ...(uid ? { 'x-remote-uid': uid } : {}),
    ...(groups.length > 0 ? { 'x-remote-group': groups } : {}),
    ...Object.fromEntries(Object.entries(extra).map(([key, values]) => [`x-remote-extra-${escapedKey(key)}`, values])),
  };
}

export interface Received {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** IP address of the client. */
  readonly client: string | undefined;
  readonly auditId: string;
}

/** `upgrade`: the connection is to become another one, so what asks for that is passed on. */
export function forwardedHeaders({ headers, client, auditId }: Received, user: UserInfo, upgrade: boolean): Headers {
  const passed: Record<string, string | readonly string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || name === 'host' || identifying.test(name)) continue;
    if (hopByHop.has(name) && !(upgrade && (name === 'upgrade' || name === 'connection'))) continue;
    passed[name] = value;
  }
  const before = passed['x-forwarded-for'];
  if (client) passed['x-forwarded-for'] = before ? `${String(before)}, ${client}` : client;
  return { ...passed, 'audit-id': auditId, ...userHeaders(user) };
}

/** What comes back, without what belongs to the connection it came by. */
export function returnedHeaders(headers: Received['headers']): Headers {
  return Object.fromEntries(
    Object.entries(headers).filter(
      (entry): entry is [string, string | readonly string[]] => entry[1] !== undefined && !hopByHop.has(entry[0]),
    ),
  );
}
