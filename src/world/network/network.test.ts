import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type CertificateAuthority, createCertificateAuthority, type KeyPair } from '../certificates/authority.ts';
import { systemClock } from '../clock/system.ts';
import { createHttpAgent, type HttpAgent, type HttpAgentOptions, httpsRequest, TransportError } from './http-client.ts';
import {
  type IncomingMessage,
  ListenError,
  type Listener,
  listen,
  peerCertificate,
  type ServerResponse,
} from './listen.ts';

let authority: CertificateAuthority;
let serverPair: KeyPair;
let clientPair: KeyPair;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  authority = await createCertificateAuthority('test-ca', systemClock);
  serverPair = await authority.issueServer({ commonName: 'server', hosts: ['127.0.0.1', 'localhost'] });
  clientPair = await authority.issueClient({ user: 'jane', groups: ['ops', 'dev'] });
});

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

type OnRequest = (request: IncomingMessage, response: ServerResponse) => void;

async function serve(onRequest: OnRequest): Promise<Listener> {
  const listener = await listen({ tls: { ...serverPair, clientCa: authority.cert }, onRequest });
  closing.push(() => listener.close());
  return listener;
}

function agentOf(options: HttpAgentOptions): HttpAgent {
  const agent = createHttpAgent(options);
  closing.unshift(agent.close);
  return agent;
}

const whoAreYou: OnRequest = (request, response) => response.end(JSON.stringify(peerCertificate(request) ?? 'nobody'));

async function failureOf(promise: Promise<unknown>): Promise<TransportError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(TransportError);
  return error as TransportError;
}

describe('TLS', () => {
  it('tells who a client certificate belongs to, on every request of a connection', async () => {
    const { url } = await serve(whoAreYou);
    const agent = agentOf({ ca: authority.cert, ...clientPair, connections: 1 });
    for (let round = 0; round < 2; round++) {
      const answer = await httpsRequest({ agent, url });
      expect(JSON.parse(await answer.text())).toEqual({
        commonName: 'jane',
        organizations: ['ops', 'dev'],
        uids: [],
        fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
    }
  });

  it('knows a client again on a resumed session', async () => {
    const { url } = await serve((request, response) => {
      response.setHeader('connection', 'close');
      whoAreYou(request, response);
    });
    const agent = agentOf({ ca: authority.cert, ...clientPair, connections: 1 });
    for (let round = 0; round < 3; round++) {
      const answer = await httpsRequest({ agent, url });
      expect(JSON.parse(await answer.text())).toMatchObject({ commonName: 'jane' });
    }
  });

  it('lets clients in without a certificate and marks those of strangers', async () => {
    const { url } = await serve(whoAreYou);
    const strangers = await (await createCertificateAuthority('strangers', systemClock)).issueClient({
      user: 'eve',
      groups: [],
    });
    const ask = async (options: HttpAgentOptions) => {
      const answer = await httpsRequest({ agent: agentOf({ ca: authority.cert, ...options }), url });
      return JSON.parse(await answer.text()) as unknown;
    };
    expect(await ask({})).toBe('nobody');
    expect(await ask(strangers)).toBe('untrusted');
  });

  it('refuses servers it cannot trust, unless told to trust anybody', async () => {
    const { url } = await serve(whoAreYou);
    const other = await createCertificateAuthority('other', systemClock);
    expect(await failureOf(agentOf({ ca: other.cert }).request({ url }))).toMatchObject({ reason: 'untrusted' });
    expect(await failureOf(agentOf({ ca: authority.cert, serverName: 'elsewhere' }).request({ url }))).toMatchObject({
      reason: 'untrusted',
    });
    expect((await agentOf({ insecureSkipTlsVerify: true }).request({ url })).status).toBe(200);
  });
});

describe('requests', () => {
  it('carries method, headers, query and body there, status and headers back', async () => {
    const { url } = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        response.setHeader('warning', ['a', 'b']);
        response.statusCode = 201;
        response.end(`${request.method} ${request.url} ${String(request.headers['x-test'])} ${body}`);
      });
    });
    const agent = agentOf({ ca: authority.cert });
    const answer = await httpsRequest({
      agent,
      url: `${url}/a?b=c`,
      method: 'PATCH',
      headers: { 'x-test': 'yes' },
      body: 'ü',
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.warning).toEqual(['a', 'b']);
    expect(await answer.text()).toBe('PATCH /a?b=c yes ü');
  });

  it.each(['GET', 'PUT', 'DELETE'])('keeps the connection behind a %s with a body', async (method) => {
    const { url } = await serve((request, response) => {
      request.resume();
      request.on('end', () => response.end(String(request.socket.remotePort)));
    });
    const agent = agentOf({ ca: authority.cert, connections: 1 });
    const ask = async () => (await httpsRequest({ agent, url, method, body: '{}' })).text();
    expect(await ask()).toBe(await ask());
  });

  it('streams, and closes the connection when the reader stops', async () => {
    const closed = Promise.withResolvers<void>();
    const { url } = await serve((_request, response) => {
      response.write('one\n');
      response.on('close', closed.resolve);
    });
    const answer = await httpsRequest({ agent: agentOf({ ca: authority.cert }), url });
    for await (const chunk of answer.stream) {
      expect(Buffer.from(chunk).toString()).toBe('one\n');
      break;
    }
    await closed.promise;
  });

  it('throws the reason of an abort, before and while an answer comes', async () => {
    const { url } = await serve((_request, response) => response.write('half'));
    const agent = agentOf({ ca: authority.cert });
    const abort = new AbortController();
    const answer = await httpsRequest({ agent, url, signal: abort.signal });
    const text = answer.text();
    abort.abort(new Error('enough'));
    await expect(text).rejects.toThrow('enough');
    await expect(httpsRequest({ agent, url, signal: abort.signal })).rejects.toThrow('enough');
  });

  it('says when nothing answers, when it takes too long, and when it breaks off', async () => {
    const { url, close } = await serve((request, response) => {
      if (request.url === '/broken') {
        response.write('half');
        response.destroy();
      }
    });
    const agent = agentOf({ ca: authority.cert });
    expect(await failureOf(agent.request({ url, timeoutMs: 20 }))).toMatchObject({ reason: 'timeout' });
    expect(await failureOf(agent.request({ url: `${url}/broken` }).then((answer) => answer.text()))).toMatchObject({
      reason: 'broken',
    });
    await close();
    expect(await failureOf(agent.request({ url }))).toMatchObject({ reason: 'unreachable' });
    await agent.close();
    expect(await failureOf(agent.request({ url }))).toMatchObject({ message: expect.stringContaining('closed') });
  });
});

describe('listening', () => {
  it('says in one sentence that a port is in use', async () => {
    const { port } = await serve(whoAreYou);
    const error = await listen({ port, onRequest: whoAreYou }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ListenError);
    expect(error).toMatchObject({ reason: 'port-in-use', message: `port ${port} on 127.0.0.1 is in use` });
  });

  it('lets answers under way finish before it closes', async () => {
    const reached = Promise.withResolvers<ServerResponse>();
    const { url, close } = await serve((_request, response) => reached.resolve(response));
    const answer = agentOf({ ca: authority.cert }).request({ url });
    const response = await reached.promise;
    const closed = close(5_000);
    response.end('done');
    expect(await (await answer).text()).toBe('done');
    await closed;
  });
});
