/** What answers at a Pod's ports: a small server that says who it is and what it was asked. */
import type { Pod } from '#apis/kubernetes/types.ts';
import type { IncomingMessage, ServerResponse } from '#world/network/listen.ts';

export interface Responding {
  readonly pod: Pod;
  readonly container: string;
  readonly port: number;
  /** Told of each answer, for the container's log. */
  readonly answered: (line: string) => void;
}

/** Of a request's body so much is said again. */
const mostEchoed = 64 * 1024;

export async function respond(
  { pod, container, port, answered }: Responding,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = 'GET', url = '/', headers } = request;
  const path = url.split('?', 1)[0]!;
  const body = await readSome(request);
  const facts: Facts = {
    pod: pod.metadata.name ?? '',
    namespace: pod.metadata.namespace ?? '',
    node: pod.spec.nodeName ?? '',
    container,
    address: `${pod.status?.podIP ?? ''}:${port}`,
    method,
    path: url,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')])),
    ...(body === '' ? {} : { body }),
  };
  const [type, text] = answerOf(path, headers.accept ?? '', facts);
  response.writeHead(200, {
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(text),
    Server: 'flotilla-simulated',
  });
  response.end(method === 'HEAD' ? undefined : text);
  const [from = '127.0.0.1'] = [headers['x-forwarded-for'] ?? []].flat();
  answered(`${from} "${method} ${url.slice(0, 200)} HTTP/1.1" 200 ${Buffer.byteLength(text)}`);
}

interface Facts {
  readonly pod: string;
  readonly namespace: string;
  readonly node: string;
  readonly container: string;
  readonly address: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

function answerOf(path: string, accept: string, facts: Facts): readonly [type: string, text: string] {
  if (/^\/(healthz|livez|readyz)$/.test(path)) return ['text/plain; charset=utf-8', 'ok\n'];
  if (accept.includes('application/json') && !accept.includes('text/html'))
    return ['application/json', `${JSON.stringify(facts, null, 2)}\n`];
  return accept.includes('text/html')
    ? ['text/html; charset=utf-8', page(facts)]
    : ['text/plain; charset=utf-8', plain(facts)];
}

const lines = ({ headers, body, ...facts }: Facts): readonly string[] => [
  ...Object.entries(facts).map(([name, value]) => `${name}: ${value}`),
  '',
  ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ...(body === undefined ? [] : ['', body]),
];

const plain = (facts: Facts): string => `${lines(facts).join('\n')}\n`;

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

const page = (facts: Facts): string =>
  [
    '<!DOCTYPE html>',
    `<html><head><title>${escaped(facts.pod)}</title></head><body>`,
    `<h1>${escaped(`${facts.namespace}/${facts.pod}`)}</h1>`,
    `<pre>${escaped(plain(facts))}</pre>`,
    '<p><a href="/">start</a> <a href="/healthz">health</a></p>',
    '</body></html>',
    '',
  ].join('\n');

async function readSome(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request) {
    // The rest is read too: the answer comes behind it.
    if (size < mostEchoed) pieces.push(piece as Buffer);
    size += (piece as Buffer).byteLength;
  }
  return Buffer.concat(pieces).subarray(0, mostEchoed).toString('utf8');
}
