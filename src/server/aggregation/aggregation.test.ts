/** One API server behind another, as clients of the one before it meet it. */
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { JsonObject, KubeObject } from '#kube/meta/object.ts';
import { createHttpAgent, type HttpAgent } from '#world/network/http-client.ts';
import { type ApiService, availability } from './api-service.ts';
import {
  apiServices,
  harbourApi,
  harbourService,
  services,
  startTwoServers,
  type TwoServers,
} from './two-servers.fixture.ts';

let two: TwoServers;
let agent: HttpAgent;
let stranger: HttpAgent;

beforeAll(async () => {
  two = await startTwoServers();
  const ca = two.front.authority.cert;
  agent = createHttpAgent({
    ca,
    ...(await two.front.authority.issueClient({ user: 'jane', groups: ['system:masters'] })),
  });
  stranger = createHttpAgent({ ca, ...(await two.front.authority.issueClient({ user: 'joe', groups: [] })) });
});
afterAll(async () => {
  await agent?.close();
  await stranger?.close();
  await two?.stop();
});

interface Asked {
  readonly method?: string;
  readonly body?: JsonObject;
  readonly headers?: Readonly<Record<string, string>>;
}

async function ask(path: string, { method = 'GET', body, headers = {} }: Asked = {}, as = agent) {
  const answer = await as.request({
    url: two.listeners.front.url + path,
    method,
    headers: { accept: 'application/json', ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await answer.text();
  const json = (text.startsWith('{') ? JSON.parse(text) : undefined) as JsonObject | undefined;
  return { status: answer.status, headers: answer.headers, text, json };
}

/** The next state of the APIService that satisfies `look`, from its watch. */
async function until(look: (service: ApiService) => boolean, name = 'v1.harbour.example.com'): Promise<ApiService> {
  return new Promise((resolve, reject) => {
    const path = { ...apiServices };
    const request = {
      verb: 'watch' as const,
      path,
      user: { name: 'test', groups: ['system:masters'] },
      options: { fieldSelector: `metadata.name=${name}` },
    };
    const watching = two.front.server.handler.watch(request, {
      event: ({ object }) => {
        if (!look(object as ApiService)) return;
        resolve(object as ApiService);
        watching.then((handle) => handle.stop(), reject);
      },
      end: (error) => error && reject(error),
    });
    watching.catch(reject);
  });
}

const ships = '/apis/harbour.example.com/v1/namespaces/default/ships';
const ship = (name: string): JsonObject => ({
  apiVersion: 'harbour.example.com/v1',
  kind: 'Ship',
  metadata: { name },
  spec: { crew: 3 },
});

describe('what a server serves itself', () => {
  it('has APIServices with the priorities of kube-apiserver', async () => {
    const { items } = (await two.write('list', apiServices)) as unknown as { items: ApiService[] };
    expect(items.map(({ metadata }) => metadata.name)).toContain('v1.');
    const apps = items.find(({ metadata }) => metadata.name === 'v1.apps')!;
    expect(apps.spec).toEqual({ group: 'apps', version: 'v1', groupPriorityMinimum: 17_800, versionPriority: 15 });
    expect(apps.metadata.labels).toEqual({ 'kube-aggregator.kubernetes.io/automanaged': 'onstart' });
    expect(availability(apps)).toMatchObject({ status: 'True', reason: 'Local' });
  });

  it('tells those behind whom to believe', async () => {
    const path = { group: '', version: 'v1', resource: 'configmaps', namespace: 'kube-system' };
    const map = (await two.write('get', { ...path, name: 'extension-apiserver-authentication' })) as KubeObject & {
      data: Record<string, string>;
    };
    expect(map.data).toMatchObject({
      'client-ca-file': 'a client CA',
      'requestheader-allowed-names': '["front-proxy-client"]',
      'requestheader-client-ca-file': two.frontProxy.cert,
    });
  });
});

describe('an API server behind', () => {
  it('is not available before its Service is there', async () => {
    await two.write('create', apiServices, harbourApi(two.listeners.behind.port, two.behind.authority.cert));
    const service = await until((each) => availability(each) !== undefined);
    expect(availability(service)).toMatchObject({
      status: 'False',
      reason: 'ServiceNotFound',
      message: 'service/harbour in "default" is not present',
    });
    const refused = await ask(ships);
    expect(refused).toMatchObject({ status: 503, text: 'service unavailable\n' });
    expect(refused.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect((await ask('/apis/harbour.example.com')).json).toMatchObject({
      kind: 'APIGroup',
      versions: [{ version: 'v1' }],
    });
  });

  it('is, once it answers', async () => {
    await two.write('create', services, harbourService());
    const service = await until((each) => availability(each)?.status === 'True');
    expect(availability(service)).toMatchObject({ reason: 'Passed', message: 'all checks passed' });
    expect(service.metadata.managedFields).toContainEqual(
      expect.objectContaining({ manager: 'kube-apiserver', subresource: 'status' }),
    );
  });

  it('answers every verb, for whoever asked', async () => {
    expect(await ask(ships, { method: 'POST', body: ship('one') })).toMatchObject({ status: 201 });
    expect((await ask(`${ships}/one`)).json).toMatchObject({ spec: { crew: 3 } });
    const patched = await ask(`${ships}/one`, {
      method: 'PATCH',
      body: { spec: { crew: 4 } },
      headers: { 'content-type': 'application/merge-patch+json', 'user-agent': 'sailor/1' },
    });
    expect(patched.json).toMatchObject({ spec: { crew: 4 } });
    expect((patched.json as unknown as KubeObject).metadata.managedFields).toContainEqual(
      expect.objectContaining({ manager: 'sailor' }),
    );
    expect((await ask(ships)).json).toMatchObject({ kind: 'ShipList', items: [{ metadata: { name: 'one' } }] });
    const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
    expect(
      (await ask('/apis/authentication.k8s.io/v1/selfsubjectreviews', { method: 'POST', body: review })).json,
    ).toMatchObject({
      status: { userInfo: { username: 'jane' } },
    });
    expect(await ask(`${ships}/one`, { method: 'DELETE' })).toMatchObject({ status: 200 });
    expect(await ask(`${ships}/one`)).toMatchObject({ status: 404, json: { reason: 'NotFound' } });
  });

  it('is not reached by those who may not, nor as somebody they are not', async () => {
    const refused = await ask(ships, {}, stranger);
    expect(refused).toMatchObject({ status: 403 });
    expect(refused.json!.message).toContain(
      'User "joe" cannot list resource "ships" in API group "harbour.example.com"',
    );
    const pretending = await ask(
      ships,
      { headers: { 'x-remote-user': 'admin', 'x-remote-group': 'system:masters' } },
      stranger,
    );
    expect(pretending.status).toBe(403);
  });

  it('streams watches', async () => {
    const answer = await agent.request({ url: `${two.listeners.front.url}${ships}?watch=true`, headers: {} });
    const names: string[] = [];
    const reading = (async () => {
      for await (const chunk of answer.stream) {
        for (const line of Buffer.from(chunk).toString('utf8').trim().split('\n')) {
          const { type, object } = JSON.parse(line) as { type: string; object: KubeObject };
          names.push(`${type} ${object.metadata.name}`);
        }
        if (names.length >= 2) break;
      }
    })();
    await ask(ships, { method: 'POST', body: ship('watched') });
    await ask(`${ships}/watched`, { method: 'DELETE' });
    await reading;
    expect(names).toEqual(['ADDED watched', 'DELETED watched']);
  });

  it('may make another connection of one', async () => {
    const pair = await two.behind.authority.issueServer({ commonName: 'behind', hosts: ['harbour.default.svc'] });
    const told: unknown[] = [];
    const server = createServer({ ...pair }, (_request, response) => response.end('{}'));
    server.on('upgrade', (request, socket) => {
      told.push(request.headers['x-remote-user'], request.url);
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
      socket.pipe(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const api = harbourApi(port, two.behind.authority.cert) as unknown as ApiService;
    const spec = { ...api.spec, group: 'echo.example.com' };
    await two.write('create', apiServices, { ...api, metadata: { name: 'v1.echo.example.com' }, spec } as never);
    await until((each) => availability(each)?.status === 'True', 'v1.echo.example.com');

    const { cert, key } = await two.front.authority.issueClient({ user: 'jane', groups: ['system:masters'] });
    const socket = connect({
      host: '127.0.0.1',
      port: two.listeners.front.port,
      ca: two.front.authority.cert,
      cert,
      key,
    });
    const lines: string[] = [];
    socket.on('data', (bytes: Buffer) => lines.push(bytes.toString('utf8')));
    socket.write(
      'GET /apis/echo.example.com/v1/shout?a=1 HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nahoy',
    );
    await vi.waitUntil(() => lines.join('').endsWith('\r\n\r\nahoy'));
    expect(lines.join('')).toMatch(/^HTTP\/1\.1 101 /);
    expect(told).toEqual(['jane', '/apis/echo.example.com/v1/shout?a=1']);
    socket.destroy();
    server.close();
    await two.write('delete', { ...apiServices, name: 'v1.echo.example.com' });
  });

  it('is discovered and documented through the one before it', async () => {
    const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
    const { items } = (await ask('/apis', { headers: { accept: aggregated } })).json as unknown as {
      items: { metadata: { name: string }; versions: { freshness: string; resources: { resource: string }[] }[] }[];
    };
    const harbour = items.find(({ metadata }) => metadata.name === 'harbour.example.com')!;
    expect(harbour.versions[0]).toMatchObject({
      freshness: 'Current',
      resources: [{ resource: 'ships', shortNames: ['sh'] }],
    });
    expect((await ask('/apis/harbour.example.com/v1')).json).toMatchObject({ kind: 'APIResourceList' });
    const { paths } = (await ask('/openapi/v3')).json as unknown as {
      paths: Record<string, { serverRelativeURL: string }>;
    };
    const url = paths['apis/harbour.example.com/v1']!.serverRelativeURL;
    expect((await ask(url)).json).toHaveProperty(['components', 'schemas', 'com.example.harbour.v1.Ship']);
    const whole = (await ask('/openapi/v2')).json!;
    expect(whole).toHaveProperty(['paths', `${ships.replace('default', '{namespace}')}/{name}`]);
    expect(whole).toHaveProperty(['definitions', 'com.example.harbour.v1.Ship']);
    expect(whole).toHaveProperty(['definitions', 'io.k8s.api.apps.v1.Deployment']);
  });

  it('is not told to those within the process, who cannot be passed on', async () => {
    const user = { name: 'gc', groups: ['system:masters'] };
    const groups = async (raw: typeof two.front.server.rawInside) => JSON.stringify((await raw('/apis', user)).body);
    expect(await groups(two.front.server.handler.raw)).toContain('harbour.example.com');
    expect(await groups(two.front.server.rawInside)).not.toContain('harbour.example.com');
  });

  it('is counted like what is served here', async () => {
    const lines = (await ask('/metrics')).text.split('\n');
    const starting = (start: string) => lines.filter((line) => line.startsWith(start));
    expect(starting('aggregator_unavailable_apiservice{name="v1.harbour')).toEqual([
      'aggregator_unavailable_apiservice{name="v1.harbour.example.com"} 0',
    ]);
    expect(starting('apiserver_request_total{code="201"')).not.toEqual([]);
    expect(starting('apiserver_storage_objects{resource="apiservices.apiregistration.k8s.io"}')).toHaveLength(1);
  });

  it('is gone with its APIService', async () => {
    await two.write('delete', { ...apiServices, name: 'v1.harbour.example.com' });
    expect(await ask(ships)).toMatchObject({ status: 404 });
    expect(await ask('/apis/harbour.example.com')).toMatchObject({ status: 404 });
    expect(JSON.stringify((await ask('/apis')).json)).not.toContain('harbour');
  });
});
