/** A request passed on to a Pod, a Service or a kubelet, and its answer passed back. */
import type { ProxyConnection } from '#kube/connect/connection.ts';
import { DialError } from '#kube/connect/nodes.ts';
import { serviceUnavailable } from '#kube/status/errors.ts';
import { StatusError } from '#kube/status/status.ts';
import { gunzipBytes, gzipBytes } from '#world/network/compress.ts';
import { type Duplex, type InnerAnswer, requestOver, secured } from '#world/network/inside.ts';
import type { ClientSide } from './client.ts';
import { rewriteLinks } from './html.ts';
import { answerHeaders, pairsOf, requestHeaders } from './proxy-headers.ts';
import { escapedPath, type ProxiedPage, prefixOf, proxiedUrl } from './proxy-links.ts';
import { join } from './pump.ts';

/** Pages are read whole for their links; larger ones pass as they are. */
const mostPageBytes = 8 * 1024 * 1024;

export interface ProxiedRequest {
  /** Decoded. */
  readonly pathname: string;
  /** With its question mark; '' for none. */
  readonly search: string;
  readonly upgrade: boolean;
}

/** Throws StatusError when nobody answers there. */
export async function serveProxy(
  client: ClientSide,
  connection: ProxyConnection,
  { pathname, search, upgrade }: ProxiedRequest,
): Promise<void> {
  const { request, response } = client;
  const { method = 'GET' } = request;
  const path = connection.path;
  if (path === '' && !upgrade && (method === 'GET' || method === 'HEAD')) {
    // A page without a slash at its end would have its relative links one step too high.
    response.writeHead(301, {
      ...client.headers('text/plain'),
      'Content-Length': 0,
      Location: `${escapedPath(pathname)}/${search}`,
    });
    response.end();
    return;
  }
  const page = {
    prefix: escapedPath(prefixOf(pathname, path)),
    host: connection.host,
    requestHost: request.headers.host ?? '',
  };
  const target = dialed(connection, upgrade);
  response.once('close', () => target.destroy());
  const answer = await asked(client, target, {
    path: escapedPath(path || '/') + search,
    uri: escapedPath(pathname),
    upgrade,
    method,
  });
  if (answer.upgraded) return switched(client, answer);
  await passBack(client, answer, page);
}

/** kube-apiserver's words for an upgrade that finds nobody have no reason. */
const dialingFailed = (message: string) =>
  new StatusError({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, code: 500 });

const unreachable = (error: unknown) =>
  serviceUnavailable(`error trying to reach service: ${error instanceof Error ? error.message : String(error)}`);

function dialed(connection: ProxyConnection, upgrade: boolean): Duplex {
  try {
    const raw = connection.dial();
    return connection.scheme === 'https' ? secured(raw) : raw;
  } catch (error) {
    if (!(error instanceof DialError)) throw error;
    throw upgrade ? dialingFailed(`error dialing backend: ${error.message}`) : unreachable(error);
  }
}

interface Asked {
  readonly path: string;
  readonly uri: string;
  readonly upgrade: boolean;
  readonly method: string;
}

async function asked(
  { request }: ClientSide,
  target: Duplex,
  { path, uri, upgrade, method }: Asked,
): Promise<InnerAnswer> {
  const clientAddress = request.socket.remoteAddress ?? '';
  const headers = requestHeaders(request.rawHeaders, { clientAddress, uri, upgrade });
  const hasBody = request.headers['content-length'] !== undefined || request.headers['transfer-encoding'] !== undefined;
  try {
    return await requestOver(target, {
      method,
      path,
      headers: headers.flat(),
      ...(hasBody && !upgrade ? { body: request } : {}),
    });
  } catch (error) {
    throw unreachable(goError(error));
  }
}

/** What the other end of a TLS handshake said was no TLS: in the words of Go's client. */
const goError = (error: unknown): unknown =>
  (error as NodeJS.ErrnoException).code?.startsWith('ERR_SSL_')
    ? new Error('http: server gave HTTP response to HTTPS client')
    : error;

async function switched(client: ClientSide, { status, statusText, rawHeaders, upgraded }: InnerAnswer): Promise<void> {
  const { connection, head } = upgraded!;
  const upgrade = client.takeOver();
  if (!upgrade) return void connection.destroy();
  const lines = pairsOf(rawHeaders).map(([name, value]) => `${name}: ${value}`);
  upgrade.socket.write(`${[`HTTP/1.1 ${status} ${statusText}`, ...lines].join('\r\n')}\r\n\r\n`);
  if (head.byteLength > 0) upgrade.socket.write(head);
  if (upgrade.head.byteLength > 0) connection.write(upgrade.head);
  await join(upgrade.socket, connection);
}

async function passBack(client: ClientSide, answer: InnerAnswer, page: ProxiedPage): Promise<void> {
  const { response, request } = client;
  const { 'Content-Type': _type, ...own } = client.headers('');
  const headers: Record<string, string | string[]> = { ...own, ...answerHeaders(answer.rawHeaders) };
  const named = (name: string) => Object.keys(headers).find((each) => each.toLowerCase() === name);
  const locationName = named('location');
  if (locationName) headers[locationName] = proxiedUrl(String(headers[locationName]), page);
  const html =
    String(headers[named('content-type') ?? ''] ?? '')
      .split(';', 1)[0]!
      .trim() === 'text/html';
  const encoding = String(headers[named('content-encoding') ?? ''] ?? '');
  const lengthName = named('content-length');
  const small = Number(lengthName ? headers[lengthName] : 0) <= mostPageBytes;
  const rewritten =
    html && !locationName && small && request.method !== 'HEAD' && (encoding === '' || encoding === 'gzip');
  if (rewritten) {
    const whole = await wholeBody(answer);
    const text = (encoding === 'gzip' ? await gunzipBytes(whole, mostPageBytes) : whole).toString('utf8');
    const changed = Buffer.from(rewriteLinks(text, (url) => proxiedUrl(url, page)));
    const body = encoding === 'gzip' ? await gzipBytes(changed) : changed;
    if (lengthName) delete headers[lengthName];
    response.writeHead(answer.status, answer.statusText, { ...headers, 'Content-Length': body.byteLength });
    response.end(body);
    return;
  }
  response.writeHead(answer.status, answer.statusText, headers);
  response.flushHeaders();
  answer.body.on('error', () => response.destroy());
  answer.body.pipe(response);
  await new Promise<void>((resolve) => response.once('close', resolve));
}

/** Throws ServiceUnavailable for one that grows larger than pages are read. */
async function wholeBody({ body }: InnerAnswer): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of body) {
    pieces.push(piece as Buffer);
    size += (piece as Buffer).byteLength;
    if (size > mostPageBytes)
      throw serviceUnavailable(`a page of over ${mostPageBytes} bytes is not read through this proxy`);
  }
  return Buffer.concat(pieces, size);
}
