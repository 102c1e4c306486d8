/** A request at the door as flow control sees it, and how one that is turned away is told. */
import type { UserInfo } from '#kube/request/request.ts';
import type { Flow } from '../flowcontrol/flow.ts';
import type { FlowControl, TurnedAway, WaitingRequest } from '../flowcontrol/flow-control.ts';
import type { Digest } from '../flowcontrol/match.ts';
import { narrow, type Seat, type Width } from '../flowcontrol/seat.ts';
import { widthOf } from '../flowcontrol/width.ts';
import { storageName } from '../registry/kinds/served.ts';
import { flag } from './options.ts';
import type { ParsedPath } from './path.ts';
import { headersOf, type Reply } from './respond.ts';

export interface AtTheDoor {
  readonly user: UserInfo;
  readonly method: string;
  readonly pathname: string;
  readonly query: URLSearchParams;
  readonly parsed: ParsedPath | undefined;
}

/** Connections that last: bounded by how many there may be, not by seats. */
const lasting: ReadonlySet<string> = new Set(['attach', 'exec', 'log', 'portforward', 'proxy']);

/** As kube-apiserver: a Namespace is in itself. */
const namespaceOf = ({ path }: ParsedPath): string =>
  (path.resource === 'namespaces' && path.group === '' ? path.name : path.namespace) ?? '';

const digestOf = ({ method, pathname, parsed }: AtTheDoor): Digest =>
  parsed
    ? {
        verb: parsed.verb,
        group: parsed.path.group,
        resource: parsed.path.resource,
        subresource: parsed.path.subresource ?? '',
        namespace: namespaceOf(parsed),
        path: pathname,
      }
    : { verb: method.toLowerCase(), group: '', resource: '', subresource: '', namespace: '', path: pathname };

const oneName = /^metadata\.name==?[^,]+$/;

function widthAt(flow: FlowControl, { parsed, query }: AtTheDoor, widest: number): Width {
  if (!parsed) return narrow;
  const { verb, path } = parsed;
  if (verb === 'get') return narrow;
  if (verb !== 'list' && verb !== 'watch') {
    // A token is nothing that anybody watches.
    const watchers = path.subresource === 'token' ? 0 : flow.watches.concerned(path);
    return widthOf({ verb, stored: 0, limit: 0, single: false, initial: false, watchers }, widest);
  }
  const version = query.get('resourceVersion') ?? '';
  return widthOf(
    {
      verb,
      stored: flow.stored(storageName(path.group, path.resource)),
      limit: Number(query.get('limit') ?? 0) || 0,
      single: parsed.watchedName !== undefined || oneName.test(query.get('fieldSelector') ?? ''),
      initial: flag(query, 'sendInitialEvents') || version === '' || version === '0',
      watchers: 0,
    },
    widest,
  );
}

/** Which schema and level took it: their uids, for names would tell how important somebody is held to be. */
const markWith = (reply: Reply, { uid, level }: Flow): void => {
  reply.flow = { schema: uid, level: level.uid };
};

/** undefined: it needs no seat. Throws TurnedAway. */
export function enter(flow: FlowControl, reply: Reply, at: AtTheDoor): Seat | WaitingRequest | undefined {
  const { parsed, user } = at;
  if (parsed?.path.subresource !== undefined && lasting.has(parsed.path.subresource)) return undefined;
  const taken = flow.enter({
    user,
    namespace: parsed ? namespaceOf(parsed) : '',
    digest: () => digestOf(at),
    width: (widest) => widthAt(flow, at, widest),
  });
  markWith(reply, taken.flow);
  return taken;
}

/** A client that goes away while it waits gives its place to others. */
export async function seated(waiting: WaitingRequest, { response }: Reply): Promise<Seat> {
  response.once('close', waiting.cancel);
  try {
    return await waiting.outcome;
  } finally {
    response.off('close', waiting.cancel);
  }
}

/** 429, in plain text as kube-apiserver sends it. */
export function sendTurnedAway(reply: Reply, { flow, message, retryAfterSeconds }: TurnedAway): void {
  const { response } = reply;
  markWith(reply, flow);
  if (response.headersSent || response.destroyed) return;
  const body = `${message}\n`;
  const headers = headersOf(reply, 'text/plain; charset=utf-8');
  headers['X-Content-Type-Options'] = 'nosniff';
  headers['Retry-After'] = retryAfterSeconds;
  headers['Content-Length'] = body.length;
  response.writeHead(429, headers as Record<string, string>);
  response.end(body);
}
