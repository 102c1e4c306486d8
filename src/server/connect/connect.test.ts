/** What is spoken on the wire with whoever connects to a Pod, against nodes made for the purpose. */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import type { Duplex } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { builtinKinds } from '#apis/kubernetes/kinds.ts';
import { Nodes as NodeObjects, Pods, ServiceAccounts } from '#apis/kubernetes/types.ts';
import { inProcessClient } from '#client/in-process.ts';
import { until } from '#harness/until.ts';
import { DialError, KubeletError, type Nodes, type ProcessStreams } from '#kube/connect/nodes.ts';
import { systemClock } from '#world/clock/system.ts';
import { connectedPair, innerServer } from '#world/network/inside.ts';
import { createAudit } from '../audit/audit.ts';
import { type Embedded, embeddedServer } from '../embedded.fixture.ts';
import type { ApiListener } from '../http/listen.ts';

const seen: { readonly streams: ProcessStreams; readonly command: readonly string[] }[] = [];
const asked: IncomingMessage[] = [];

/** Says back what it hears; `wait` goes on until its caller goes. */
async function echo(command: readonly string[], streams: ProcessStreams): Promise<number> {
  seen.push({ streams, command });
  if (command[0] === 'wait') {
    await new Promise<void>((resolve) => streams.signal.addEventListener('abort', () => resolve()));
    return 0;
  }
  if (command[0] === 'size') {
    const size = await new Promise((resolve) => streams.onResize(resolve));
    await streams.stdout?.(Buffer.from(JSON.stringify(size)));
    return 0;
  }
  if (command[0] === 'flood') {
    let sent = 0;
    while (sent < 50_000_000 && (await streams.stdout?.(Buffer.alloc(64 * 1024)))) flooded = sent += 64 * 1024;
    return 0;
  }
  for await (const bytes of streams.stdin ?? []) await streams.stdout?.(bytes);
  await streams.stderr?.(Buffer.from('over'));
  return Number(command[1] ?? 0);
}
let flooded = 0;

interface AuditEvent {
  readonly stage: string;
  readonly requestURI: string;
  readonly responseStatus?: { readonly code: number };
}
const events: AuditEvent[] = [];

const backend = innerServer((incoming, response) => {
  asked.push(incoming);
  const { url = '' } = incoming;
  if (url.startsWith('/page')) {
    const page =
      '<html><!-- <a href="/no"> --><a href="/x?y">x</a><img src="http://10.9.9.9:80/i"><a href="rel">r</a></html>';
    const body = url.includes('gzip') ? gzipSync(page) : Buffer.from(page);
    response.writeHead(200, {
      'Content-Type': 'text/html; charset=utf-8',
      'Access-Control-Allow-Origin': '*',
      Connection: 'X-Hop',
      'X-Hop': '1',
      ...(url.includes('gzip') ? { 'Content-Encoding': 'gzip' } : {}),
    });
    response.end(body);
  } else if (url.startsWith('/moved')) {
    response.writeHead(302, { Location: '/there' });
    response.end();
  } else incoming.pipe(response);
});

const nodes: Nodes = {
  logs: ({ container }) => {
    if (container === 'waiting')
      throw new KubeletError(400, 'container "waiting" in pod "web" is waiting to start: ContainerCreating');
    return (async function* () {
      yield Buffer.from('a line\n');
    })();
  },
  exec: (_target, command) => {
    if (command[0] === 'refused') throw new KubeletError(500, 'container not found ("web")');
    return (streams) => echo(command, streams);
  },
  attach: () => (streams) => echo(['attached'], streams),
  portForward: () => (port) => {
    if (port !== 80) throw new DialError(`dial tcp4 127.0.0.1:${port}: connect: connection refused`);
    return dial();
  },
  dialPod: (address, port) => {
    if (port !== 80) throw new DialError(`dial tcp ${address}:${port}: connect: connection refused`);
    return dial();
  },
  dialKubelet: () => dial(),
};

function dial(): Duplex {
  const [near, far] = connectedPair();
  backend.accept(far);
  return near;
}

let embedded: Embedded;
let listener: ApiListener;
let credentials: { readonly ca: string; readonly cert: string; readonly key: string };

beforeAll(async () => {
  const policy = {
    rules: [
      { level: 'Metadata' as const, resources: [{ group: '', resources: ['pods/exec'] }] },
      { level: 'None' as const },
    ],
    omitStages: [],
    omitManagedFields: false,
  };
  const audit = createAudit({ policy, clock: systemClock, write: (line) => events.push(JSON.parse(line)) });
  embedded = await embeddedServer({ name: 'test', kinds: builtinKinds(), nodes: async () => nodes, audit });
  listener = await embedded.listen();
  const pair = await embedded.authority.issueClient({ user: 'admin', groups: ['system:masters'] });
  credentials = { ca: embedded.authority.cert, cert: pair.cert, key: pair.key };
  const user = { name: 'admin', groups: ['system:masters'] };
  const client = inProcessClient({ name: 'test', handler: embedded.server.handler, user, clock: systemClock });
  const metadata = { name: 'web', namespace: 'default' };
  await client
    .resource(ServiceAccounts)
    .create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { ...metadata, name: 'default' } });
  await client.resource(NodeObjects).create({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'node1' }, spec: {} });
  const pod = await client.resource(Pods).create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata,
    spec: {
      nodeName: 'node1',
      containers: [
        { name: 'web', image: 'i', ports: [{ containerPort: 80 }] },
        { name: 'waiting', image: 'i' },
      ],
    },
  });
  const status = { phase: 'Running' as const, podIP: '10.9.9.9', podIPs: [{ ip: '10.9.9.9' }] };
  await client.resource(Pods).update({ ...pod, status }, { subresource: 'status' });
});
afterAll(async () => {
  embedded.server.stop();
  await listener.close();
});

const base = '/api/v1/namespaces/default/pods/web';

interface Session {
  readonly socket: WebSocket;
  readonly messages: Buffer[];
  readonly closed: Promise<unknown>;
}

function open(path: string, protocols: readonly string[], headers: Record<string, string> = {}): Session {
  const socket = new WebSocket(`${listener.url.replace('https', 'wss')}${base}/${path}`, [...protocols], {
    ...credentials,
    headers,
  });
  const messages: Buffer[] = [];
  socket.on('message', (data) => messages.push(data as Buffer));
  const closed = once(socket, 'close');
  // Whoever waits for it hears of a refusal; for others it is no matter.
  closed.catch(() => {});
  return { socket, messages, closed };
}

const opened = async (session: Session) => {
  await once(session.socket, 'open');
  return session;
};
const channel = (number: number, messages: readonly Buffer[]) =>
  Buffer.concat(messages.filter((each) => each[0] === number).map((each) => each.subarray(1))).toString();

const exec = 'exec?container=web&stdin=true&stdout=true&stderr=true&command=';

describe('WebSocket channels', () => {
  it('of version 5 end when they are told to, and say how it went', async () => {
    const { socket, messages, closed } = await opened(
      open(`${exec}echo&command=7`, ['v4.channel.k8s.io', 'v5.channel.k8s.io']),
    );
    expect(socket.protocol).toBe('v5.channel.k8s.io');
    socket.send(Buffer.from('\u0000hello'));
    socket.send(Buffer.from([255, 0]));
    await closed;
    expect(messages[0]).toEqual(Buffer.from([1]));
    expect([channel(1, messages), channel(2, messages)]).toEqual(['hello', 'over']);
    expect(JSON.parse(channel(3, messages))).toEqual({
      metadata: {},
      status: 'Failure',
      message: 'command terminated with non-zero exit code: command terminated with exit code 7',
      reason: 'NonZeroExitCode',
      details: { causes: [{ reason: 'ExitCode', message: '7' }] },
    });
  });

  it('can be text in base64', async () => {
    const { socket, messages } = await opened(open(`${exec}size`, ['v4.base64.channel.k8s.io']));
    socket.send(`4${Buffer.from('{"Width":120,"Height":40}').toString('base64')}`);
    await until('it ends', () => messages.some((each) => each[0] === 0x33));
    const text = messages
      .find((each) => each[0] === 0x31 && each.byteLength > 1)!
      .subarray(1)
      .toString();
    expect(JSON.parse(Buffer.from(text, 'base64').toString())).toEqual({ width: 120, height: 40 });
  });

  it('of no version say only what went wrong', async () => {
    const { messages, closed } = await opened(open('exec?container=web&stdout=true&command=echo&command=3', []));
    await closed;
    expect(channel(3, messages)).toBe(
      'command terminated with non-zero exit code: command terminated with exit code 3',
    );
  });

  it('are told a refusal of the kubelet: in version 5 by channel, before as its answer', async () => {
    const newer = open(`${exec}refused`, ['v5.channel.k8s.io']);
    await newer.closed;
    expect(JSON.parse(channel(3, newer.messages))).toMatchObject({
      reason: 'InternalError',
      message: 'Internal error occurred: unable to upgrade connection: container not found ("web")',
    });
    for (const [protocol, command, code] of [
      ['v4.channel.k8s.io', 'refused', 500],
      ['v9.channel.k8s.io', 'echo', 403],
    ] as const) {
      const { socket } = open(`${exec}${command}`, [protocol]);
      socket.on('error', () => {});
      const [, answer] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
      expect(answer.statusCode).toBe(code);
      answer.destroy();
    }
  });

  it('end what they run when the client goes, and stop it when the client does not read', async () => {
    const { socket } = await opened(open(`${exec}wait`, ['v5.channel.k8s.io']));
    await until('it runs', () => seen.at(-1)?.command[0] === 'wait');
    const { signal } = seen.at(-1)!.streams;
    socket.terminate();
    await until('it is told', () => signal.aborted);

    const slow = await opened(open(`${exec}flood`, ['v5.channel.k8s.io']));
    slow.socket.pause();
    await until('it runs', () => seen.at(-1)?.command[0] === 'flood');
    slow.socket.terminate();
    await until('it has ended', () => flooded > 0);
    expect(flooded).toBeLessThan(50_000_000);
  });

  it('forward ports, each with a number in front', async () => {
    const { socket, messages } = await opened(open('portforward?ports=80&ports=81', ['v4.channel.k8s.io']));
    socket.send(Buffer.from('\u0000GET /moved HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'));
    await until('both have answered', () => channel(3, messages).length > 2 && channel(0, messages).includes('302'));
    expect(channel(0, messages).slice(0, 2)).toBe('P\u0000');
    expect(channel(3, messages).slice(2)).toBe(
      'error forwarding port 81 to pod web_default, uid : dial tcp4 127.0.0.1:81: connect: connection refused',
    );
    socket.close();
  });

  it('may bring a token among their protocols', async () => {
    const token = Buffer.from('no-token').toString('base64url');
    const protocol = `base64url.bearer.authorization.k8s.io.${token}`;
    const socket = new WebSocket(
      `${listener.url.replace('https', 'wss')}${base}/exec`,
      ['v5.channel.k8s.io', protocol],
      { ca: credentials.ca },
    );
    socket.on('error', () => {});
    const [, answer] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
    expect(answer.statusCode).toBe(401);
    answer.destroy();
  });
});

interface Got {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

async function get(
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Got> {
  const { body, ...rest } = options;
  const outgoing = request(`${listener.url}${path}`, { ...credentials, ...rest });
  outgoing.end(body);
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  const pieces: Buffer[] = [];
  for await (const piece of answer) pieces.push(piece as Buffer);
  return { status: answer.statusCode, headers: answer.headers, body: Buffer.concat(pieces) };
}

describe('a proxied server', () => {
  it('is asked without what is the API server’s own', async () => {
    const { body } = await get(`${base}/proxy/a%20b?c=%2F`, {
      method: 'POST',
      body: 'sent',
      headers: {
        Authorization: 'Bearer secret',
        'X-Forwarded-For': '1.2.3.4',
        Connection: 'X-Mine',
        'X-Mine': '1',
        'X-Kept': '2',
      },
    });
    expect(body.toString()).toBe('sent');
    const { url, method, headers } = asked.at(-1)!;
    expect([method, url]).toEqual(['POST', '/a%20b?c=%2F']);
    expect(headers).toMatchObject({
      'x-kept': '2',
      'x-forwarded-for': '1.2.3.4, 127.0.0.1',
      'x-forwarded-uri': '/api/v1/namespaces/default/pods/web/proxy/a%20b',
      host: listener.url.slice('https://'.length),
    });
    expect(headers).not.toHaveProperty('authorization');
    expect(headers).not.toHaveProperty('x-mine');
  });

  it('has its links, redirects and headers brought under the proxy', async () => {
    const prefix = '/api/v1/namespaces/default/pods/web:80/proxy';
    const { body, headers } = await get(`${prefix.replace('web:80', 'web:80')}/page`);
    expect(body.toString()).toBe(
      `<html><!-- <a href="/no"> --><a href="${prefix}/x?y">x</a><img src="${prefix}/i"><a href="rel">r</a></html>`,
    );
    expect(headers).not.toHaveProperty('x-hop');
    expect(headers).not.toHaveProperty('access-control-allow-origin');
    expect(gunzipSync((await get(`${prefix}/page?gzip`)).body).toString()).toContain(`href="${prefix}/x?y"`);
    expect((await get(`${prefix}/moved`)).headers.location).toBe(`${prefix}/there`);
    expect(await get(`${base}/proxy?q=1`)).toMatchObject({ status: 301, headers: { location: `${base}/proxy/?q=1` } });
  });

  it('that nobody is behind is told as kube-apiserver tells it', async () => {
    const { status, body } = await get('/api/v1/namespaces/default/pods/web:81/proxy/');
    expect(status).toBe(503);
    expect(JSON.parse(body.toString())).toMatchObject({
      reason: 'ServiceUnavailable',
      message: 'error trying to reach service: dial tcp 10.9.9.9:81: connect: connection refused',
    });
  });
});

describe('logs', () => {
  it('are text, or a refusal in the kubelet’s words', async () => {
    const told = await get(`${base}/log?container=web`);
    expect([told.status, told.headers['content-type'], told.body.toString()]).toEqual([200, 'text/plain', 'a line\n']);
    const { status, body } = await get(`${base}/log?container=waiting`);
    expect([status, JSON.parse(body.toString()).message]).toEqual([
      400,
      'container "waiting" in pod "web" is waiting to start: ContainerCreating',
    ]);
  });
});

it('is told in the audit log, from its beginning to its end', async () => {
  const told = async (path: string, protocol: string) => {
    events.length = 0;
    const { socket } = open(path, [protocol]);
    socket.on('error', () => {});
    await until('it is over', () => events.at(-1)?.stage === 'ResponseComplete');
    return events.map(({ stage, responseStatus }) => [stage, responseStatus?.code]);
  };
  expect(await told('exec?container=web&stdout=true&command=echo', 'v5.channel.k8s.io')).toEqual([
    ['RequestReceived', undefined],
    ['ResponseStarted', 101],
    ['ResponseComplete', 101],
  ]);
  expect((await told(`${exec}refused`, 'v4.channel.k8s.io')).at(-1)).toEqual(['ResponseComplete', 500]);
});

it('ends every connection when the server ends', async () => {
  const own = await embedded.listen();
  const socket = new WebSocket(
    `${own.url.replace('https', 'wss')}${base}/${exec}wait`,
    ['v5.channel.k8s.io'],
    credentials,
  );
  await once(socket, 'open');
  const closed = once(socket, 'close');
  await own.close();
  await closed;
});
