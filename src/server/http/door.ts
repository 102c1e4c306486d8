/** From an HTTP request to an ApiRequest and from its answer back: the same way for every API server of the process. */
import type { JsonObject, JsonValue } from '#kube/meta/object.ts';
import type { ApiRequest, DeleteOptions, PatchType, RequestOptions, UserInfo, Verb } from '#kube/request/request.ts';
import { noSuchPath, notAcceptable, notImplemented } from '#kube/status/errors.ts';
import { failure, isReason } from '#kube/status/status.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { IncomingMessage, ServerResponse } from '#world/network/listen.ts';
import type { Random } from '#world/random/random.ts';
import type { Audit } from '../audit/audit.ts';
import type { Trail } from '../audit/trail.ts';
import { requireAccess } from '../auth/authorizer.ts';
import { TurnedAway } from '../flowcontrol/flow-control.ts';
import { Seat } from '../flowcontrol/seat.ts';
import { includeObject, negotiate, speaksProtobuf } from './accept.ts';
import { beginTrail } from './audited.ts';
import { decodeBody, patchTypeOf, readBody, requireObjectFormat, unreadable } from './body.ts';
import type { Connections } from './connect.ts';
import { counted } from './counting.ts';
import { acceptsGzip } from './encoding.ts';
import { enter, seated, sendTurnedAway } from './flow.ts';
import { identify } from './identity.ts';
import { sendList } from './list.ts';
import { flag, parseDeleteOptions, parseOptions } from './options.ts';
import { decodePath, groupOf, type ParsedPath, parsePath } from './path.ts';
import { serveRemote } from './remote.ts';
import { isList, represent, type View } from './representation.ts';
import { type Reply, sendObject, sendRaw, sendStatus, sendText, statusErrorOf } from './respond.ts';
import type { ServedApi } from './served.ts';
import { createWatches, type Watches } from './watches.ts';

export interface DoorOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Hears of failures that are ours: anything thrown that is not a StatusError. */
  readonly onError?: (error: unknown) => void;
  /** Who writes down what is asked and answered; absent: nobody does, and nothing is spent on it. */
  readonly audit?: Audit;
}

export interface Door {
  readonly serve: (request: IncomingMessage, response: ServerResponse) => void;
  /** Ends all watches, logs and connections to Pods, so that connections can be closed. */
  readonly endStreams: () => void;
}

/** One request on its way. */
interface Exchange {
  readonly api: ServedApi;
  readonly request: IncomingMessage;
  readonly reply: Reply;
  readonly user: UserInfo;
  readonly pathname: string;
  readonly query: URLSearchParams;
}

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);
const noQuery = new URLSearchParams();
const readers = /^(curl|Wget|Mozilla)\//;

/** Subresources of core kinds that connect to Pods and nodes. */
const connecting = new Set(['attach', 'exec', 'log', 'portforward', 'proxy']);
const connects = ({ path: { subresource, group } }: ParsedPath): boolean =>
  subresource !== undefined && group === '' && connecting.has(subresource);

/** Real requests to a proxy subresource go on to the API server behind it; a chain of those ends here. */
const proxyDepth = 2;

/** What nobody serves is answered with NotFound, which has a protobuf form. */
function hasProtobuf(api: ServedApi, { group, version, resource }: ParsedPath['path']): boolean {
  const kind = api.kind(group, version, resource);
  return kind === undefined || kind.protobuf === true;
}

/** Served by routes of its own in kube-apiserver, which refuse what they do not take in their words. */
const isBuiltin = (api: ServedApi, { group, version, resource }: ParsedPath['path']): boolean =>
  api.kind(group, version, resource)?.protobuf === true;

function viewOf({ api, request, query }: Exchange, path: ParsedPath['path']): View {
  const { accept } = request.headers;
  const protobuf = speaksProtobuf(accept) && hasProtobuf(api, path);
  const representation = negotiate(accept, protobuf, () => isBuiltin(api, path));
  const kind = api.kind(path.group, path.version, path.resource);
  const include = representation.form === 'table' ? includeObject(query) : 'Metadata';
  return { ...representation, include, ...(kind ? { kind } : {}) };
}

const watchedTypes = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';
const streamedTypes = 'application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch';

/** What a watch cannot be told in is refused by the router, which serves lists at the same path. */
function watchViewOf(exchange: Exchange, { path, verb }: ParsedPath): View {
  try {
    return viewOf(exchange, path);
  } catch (error) {
    if (!isReason(error, 'NotAcceptable') || (verb === 'list' && !error.message.startsWith('406'))) throw error;
    throw notAcceptable(`406: Not Acceptable\n\nAvailable representations: ${watchedTypes}, ${streamedTypes}`);
  }
}

/** The part of User-Agent before the slash: who manages what it writes, unless it says otherwise. */
const productOf = (userAgent: string | undefined) => userAgent?.split('/', 1)[0];

function apiRequestOf(exchange: Exchange, { path, verb, watchedName }: ParsedPath, patchType?: PatchType): ApiRequest {
  const { request, user, query, reply } = exchange;
  const { audit } = reply;
  const options: RequestOptions = parseOptions(query, verb, patchType);
  const userAgent = productOf(request.headers['user-agent']);
  return {
    verb,
    path,
    user,
    options: watchedName === undefined ? options : { ...options, fieldSelector: `metadata.name=${watchedName}` },
    ...(patchType ? { patchType } : {}),
    ...(userAgent ? { userAgent } : {}),
    ...(audit ? { annotate: audit.annotate, sent: audit.sent } : {}),
  };
}

/** DeleteOptions have a protobuf form whatever they are sent to. */
const takesProtobuf = ({ api }: Exchange, { verb, path }: ParsedPath): boolean =>
  verb === 'delete' || verb === 'deletecollection' || hasProtobuf(api, path);

/** A promise only where it is told in protobuf. */
function tellFailure(
  api: ServedApi,
  reply: Reply,
  pathname: string,
  error: unknown,
  report: (error: unknown) => void,
): void | Promise<void> {
  if (error instanceof TurnedAway) return sendTurnedAway(reply, error);
  if (isElsewhere(api, pathname, error)) return sendText(reply.response, 404, '404 page not found\n');
  return sendStatus(reply, statusErrorOf(error, report));
}

/** For a refusal of what cannot be read. */
function sentKind({ api }: Exchange, { verb, path }: ParsedPath): string {
  if (verb === 'delete' || verb === 'deletecollection') return '';
  return api.kind(path.group, path.version, path.resource)?.kind ?? '';
}

/** As kube-apiserver's log calls what it has read: of no version that is sent. */
const deleteOptionsType = { kind: 'DeleteOptions', apiVersion: 'meta.k8s.io/__internal' };

/** What is not decoded as an object of its kind is told as it was sent. */
function tellSent(audit: Trail, verb: Verb, body: JsonValue | undefined): void {
  if (verb === 'patch') audit.sentPatch(body);
  else if ((verb === 'delete' || verb === 'deletecollection') && body)
    audit.sent({ ...(body as JsonObject), ...deleteOptionsType } as DeleteOptions);
}

/** Reads what the verb takes with it. */
async function withBody(exchange: Exchange, parsed: ParsedPath): Promise<ApiRequest> {
  const { request, query } = exchange;
  const { verb } = parsed;
  if (verb === 'get' || verb === 'list' || verb === 'watch') return apiRequestOf(exchange, parsed);
  const contentType = request.headers['content-type'];
  const patchType = verb === 'patch' ? patchTypeOf(contentType, () => isBuiltin(exchange.api, parsed.path)) : undefined;
  const bytes = await readBody(request);
  if (!patchType && bytes.byteLength > 0) requireObjectFormat(contentType, () => takesProtobuf(exchange, parsed));
  const kind = patchType ? undefined : sentKind(exchange, parsed);
  const body = await decodeBody(bytes, contentType, kind);
  const apiRequest = apiRequestOf(exchange, parsed, patchType);
  if (exchange.reply.audit) tellSent(exchange.reply.audit, verb, body);
  if (verb === 'delete' || verb === 'deletecollection') return { ...apiRequest, body: parseDeleteOptions(query, body) };
  if (body === undefined) throw unreadable(kind, 'unexpected end of JSON input', bytes);
  return { ...apiRequest, body };
}

async function serveResource(exchange: Exchange, parsed: ParsedPath, clock: Clock): Promise<void> {
  const view = parsed.verb === 'list' ? watchViewOf(exchange, parsed) : viewOf(exchange, parsed.path);
  const answer = await exchange.api.handler.handle(await withBody(exchange, parsed));
  // A getter: asked once, it makes one promise.
  const { durable } = answer;
  if (durable) await durable;
  const { object, warnings, code } = answer;
  if (isList(object)) return sendList(exchange.reply, object, view, clock, warnings);
  return sendObject(exchange.reply, code, represent(object as never, view, clock.now()), view.media, warnings);
}

async function serveRaw({ api, request, reply, user, pathname, query }: Exchange): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    requireAccess(api.authorizer, { user, verb: request.method!.toLowerCase(), nonResourceUrl: pathname });
  const path = query.size > 0 ? `${pathname}?${query.toString()}` : pathname;
  const answer = await api.handler.raw(path, user, request.headers.accept);
  if (answer.code === 404 && servesGroup(api, pathname)) throw noSuchPath();
  if (answer.code !== 404 && request.method !== 'GET' && request.method !== 'HEAD') throw otherMethod();
  return sendRaw(reply, answer, request.headers['if-none-match']);
}

/** Whether a path lies beneath a group that is served: what is not found there is told as a Status. */
function servesGroup(api: ServedApi, pathname: string): boolean {
  const group = groupOf(pathname);
  return group !== undefined && (group === '' || (api.servesGroup?.(group) ?? true));
}

const otherMethod = () =>
  failure('MethodNotAllowed', 'the server does not allow this method on the requested resource', {});

/** Nothing is served at such a path at all, so that it is no matter of the API's. */
function isElsewhere(api: ServedApi, pathname: string, error: unknown): boolean {
  if (!isReason(error, 'NotFound') || error.status.details?.kind !== undefined) return false;
  return !servesGroup(api, pathname);
}

/** Loaded with the first log, exec or proxy: most servers are never asked for one. */
function lazyConnections(clock: Clock): Connections {
  let loaded: Promise<Connections> | undefined;
  return {
    serve: async (exchange, request) => {
      loaded ??= import('./connect.ts').then(({ createConnections }) => createConnections(clock));
      return (await loaded).serve(exchange, request);
    },
    endAll: () => void loaded?.then(({ endAll }) => endAll()),
  };
}

function replyTo(
  { headers }: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
  random: Random,
): Reply {
  const pretty = query.has('pretty') ? flag(query, 'pretty') : readers.test(headers['user-agent'] ?? '');
  const gzip = acceptsGzip(headers['accept-encoding']);
  // Whoever passes a request on may have named it already.
  const auditId = String(headers['audit-id'] || random.uuid());
  return { response, auditId, pretty, gzip, accept: headers.accept };
}

/** Throws MethodNotAllowed. What stands behind a proxy may be asked for its options. */
function requireMethod(method: string, parsed: ParsedPath | undefined): void {
  if (methods.has(method) || (method === 'OPTIONS' && parsed && connects(parsed))) return;
  throw otherMethod();
}

/** The path is undefined where it cannot be decoded. */
function addressed(url: string): { readonly pathname: string | undefined; readonly query: URLSearchParams } {
  const mark = url.indexOf('?');
  const raw = mark < 0 ? url : url.slice(0, mark);
  const pathname = decodePath(raw.startsWith('/') ? raw : raw.replace(/^[a-z][a-z+.-]*:\/\/[^/]*/i, ''));
  return { pathname, query: mark < 0 ? noQuery : new URLSearchParams(url.slice(mark + 1)) };
}

export function createDoor(api: ServedApi, options: DoorOptions): Door {
  const { clock, random, onError = () => {}, audit } = options;
  const watches: Watches = createWatches(clock, random);
  const connections = lazyConnections(clock);

  const serveParsed = async (exchange: Exchange, parsed: ParsedPath, depth: number): Promise<void> => {
    if (connects(parsed)) return connections.serve(exchange, apiRequestOf(exchange, parsed));
    if (parsed.path.subresource === 'proxy') return serveBehind(exchange, parsed, depth);
    if (parsed.rest !== undefined) throw noSuchPath();
    if (parsed.verb !== 'watch') return serveResource(exchange, parsed, clock);
    const view = watchViewOf(exchange, parsed);
    return watches.serve(exchange, apiRequestOf(exchange, parsed), view);
  };

  const serveBehind = async (exchange: Exchange, parsed: ParsedPath, depth: number): Promise<void> => {
    const { path, verb, rest = '' } = parsed;
    const behind =
      depth > 0 ? await exchange.api.behind?.({ path, verb, user: exchange.user, options: {} }) : undefined;
    if (!behind) throw notImplemented(`proxying to ${path.resource} is not served here`);
    return serveExchange({ ...exchange, api: behind, pathname: `/${rest}` }, depth - 1);
  };

  const serveExchange = (exchange: Exchange, depth: number): Promise<void> =>
    serveAt(exchange, parsePath(exchange.request.method!, exchange.pathname, flag(exchange.query, 'watch')), depth);

  const serveAt = (exchange: Exchange, parsed: ParsedPath | undefined, depth: number): Promise<void> => {
    const { api, pathname } = exchange;
    const remote = api.aggregation?.at(pathname);
    if (remote) return serveRemote(exchange, parsed, remote);
    return parsed ? serveParsed(exchange, parsed, depth) : serveRaw(exchange);
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, query } = addressed(request.url ?? '/');
    if (pathname === undefined) return sendText(response, 400, '400 Bad Request', true);
    const reply = replyTo(request, response, query, random);
    const method = request.method ?? 'GET';
    let seat: Seat | undefined;
    let waitedMs = 0;
    const parsed = parsePath(method, pathname, flag(query, 'watch'));
    const lasting = parsed !== undefined && (parsed.verb === 'watch' || connects(parsed));
    const count = counted(api, { request, response, pathname, query, parsed, lasting });
    try {
      requireMethod(method, parsed);
      const decided = audit && beginTrail(audit, reply, { request, pathname, query, parsed });
      const user = identify(api, request, reply.audit);
      const arrived = clock.monotonic();
      const taken = api.flow && enter(api.flow, reply, { user, method, pathname, query, parsed });
      seat = taken === undefined || taken instanceof Seat ? taken : await seated(taken, reply);
      waitedMs = clock.monotonic() - arrived;
      decided?.(api, user);
      await serveAt({ api, request, reply, user, pathname, query }, parsed, proxyDepth);
    } catch (error) {
      await tellFailure(api, reply, pathname, error, onError);
    } finally {
      seat?.leave();
      if (response.headersSent) reply.audit?.started(response.statusCode);
      count?.(waitedMs);
    }
  };

  return {
    serve: (request, response) => void serve(request, response),
    endStreams: () => {
      watches.endAll();
      connections.endAll();
      api.aggregation?.endStreams();
    },
  };
}
