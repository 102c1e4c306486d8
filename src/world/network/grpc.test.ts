/** gRPC over real connections: with TLS both ways, within its limits, and through the death of a server. */
import { afterEach, expect, test } from 'vitest';
import { createCertificateAuthority } from '../certificates/authority.ts';
import { systemClock } from '../clock/system.ts';
import {
  type GrpcClient,
  type GrpcClientOptions,
  GrpcError,
  type GrpcServer,
  type GrpcServerOptions,
  grpcClient,
  serveGrpc,
} from './grpc.ts';

const open: { readonly close: () => unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

const host = '127.0.0.1';
const path = '/test.Echo/Say';
const patienceMs = 10_000;
const patient = { timeout: 20_000 };

async function served(options: Partial<GrpcServerOptions> = {}): Promise<GrpcServer> {
  const server = await serveGrpc({ host, port: 0, methods: { [path]: async (request) => request }, ...options });
  open.push(server);
  return server;
}

function clientOf({ port }: { readonly port: number }, options: Partial<GrpcClientOptions> = {}): GrpcClient {
  const client = grpcClient({ address: `${host}:${port}`, ...options });
  open.push(client);
  return client;
}

const say = (client: GrpcClient, text: string, timeoutMs = patienceMs) =>
  client.call(path, Buffer.from(text), timeoutMs).then(
    (bytes) => bytes.toString(),
    (error: unknown) => (error as GrpcError).code,
  );

test('bytes go out and come back', async () => {
  const client = clientOf(await served());
  expect(await say(client, 'hello')).toBe('hello');
  expect(await say(client, '')).toBe('');
});

test('whom neither side knows is not spoken to', patient, async () => {
  const [ours, theirs] = await Promise.all(
    ['ours', 'theirs'].map((name) => createCertificateAuthority(name, systemClock)),
  );
  const serving = await ours!.issueServer({ commonName: 'estimator', hosts: [host] });
  const client = await ours!.issueClient({ user: 'scheduler', groups: [] });
  const server = await served({ tls: { ...serving, clientCa: ours!.cert } });

  const mutual = { ca: ours!.cert, ...client };
  expect(await say(clientOf(server, { tls: mutual }), 'hello')).toBe('hello');
  expect(await say(clientOf(server, { tls: { ca: ours!.cert } }), 'no certificate')).toBe('UNAVAILABLE');
  const stranger = await theirs!.issueClient({ user: 'scheduler', groups: [] });
  expect(await say(clientOf(server, { tls: { ca: ours!.cert, ...stranger } }), 'a stranger')).toBe('UNAVAILABLE');
  expect(await say(clientOf(server, { tls: { ...mutual, ca: theirs!.cert } }), 'an unknown server')).toBe(
    'UNAVAILABLE',
  );
  expect(await say(clientOf(server, { tls: { ...client, insecureSkipVerify: true } }), 'any server')).toBe(
    'any server',
  );
  expect(await say(clientOf(server), 'plain text')).toBe('UNAVAILABLE');
});

test('errors come as they were thrown, with Go’s status where there was none', async () => {
  const thrown = {
    '/e/Plain': new Error('the cluster is another'),
    '/e/Own': new GrpcError('NOT_FOUND', 'no such workload'),
  };
  const methods = Object.fromEntries(
    Object.entries(thrown).map(([name, error]) => [name, () => Promise.reject(error)]),
  );
  const client = clientOf(await served({ methods }));
  const call = (name: string) => client.call(name, Buffer.alloc(0), patienceMs);
  await expect(call('/e/Plain')).rejects.toMatchObject({ code: 'UNKNOWN', message: /the cluster is another$/ });
  await expect(call('/e/Own')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(call('/e/Missing')).rejects.toMatchObject({ code: 'UNIMPLEMENTED' });
});

test('nobody waits beyond the deadline, and what waits ends with the server', patient, async () => {
  const server = await served({ methods: { [path]: () => new Promise(() => {}) } });
  expect(await say(clientOf(server), 'are you there?', 50)).toBe('DEADLINE_EXCEEDED');
  const waiting = say(clientOf(server), 'still there?');
  await say(clientOf(server), 'the other call has arrived before this one', 50);
  await server.close();
  expect(await waiting).not.toBe('still there?');
});

test('messages and calls are bounded', async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let arrived = () => {};
  const first = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const hold = async (request: Buffer) => {
    arrived();
    await held;
    return request;
  };
  const server = await served({ methods: { [path]: hold }, limits: { calls: 1, messageBytes: 100 } });
  const client = clientOf(server);
  expect(await say(client, 'x'.repeat(101))).toBe('RESOURCE_EXHAUSTED');
  const running = say(client, 'one');
  await first;
  expect(await say(clientOf(server), 'two')).toBe('RESOURCE_EXHAUSTED');
  release();
  expect(await running).toBe('one');
});

test('a server that comes back is found again', patient, async () => {
  const first = await served();
  const client = clientOf(first);
  expect(await say(client, 'one')).toBe('one');
  await first.close();
  expect(await say(client, 'two')).toBe('UNAVAILABLE');
  await served({ port: first.port });
  let answer = '';
  while (answer !== 'three') answer = await say(client, 'three');
});

test('a port that is taken is an error, and so is a certificate that is none', async () => {
  const { port } = await served();
  await expect(served({ port })).rejects.toThrow(`cannot serve gRPC on ${host}:${port}: another process has the port`);
  await expect(served({ tls: { cert: 'x', key: 'y' } })).rejects.toThrow(/^cannot serve gRPC on .*PEM/);
});
