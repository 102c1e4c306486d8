import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { builtinKind } from '#apis/kubernetes/kinds.ts';
import type { JsonObject, KubeList, KubeObject } from '#kube/meta/object.ts';
import type { ApiHandler, ApiRequest, RawResponse, UserInfo, WatchSink } from '#kube/request/request.ts';
import { notFound, tooManyRequests } from '#kube/status/errors.ts';
import { failure } from '#kube/status/status.ts';
import { type CertificateAuthority, createCertificateAuthority, type KeyPair } from '#world/certificates/authority.ts';
import { systemClock } from '#world/clock/system.ts';
import { createHttpAgent, type HttpAgent, type HttpResponse } from '#world/network/http-client.ts';
import { systemRandom } from '#world/random/system.ts';
import { createAuthenticator } from '../auth/authenticator.ts';
import { allowAll } from '../auth/authorizer.ts';
import { bodyLimit } from './body.ts';
import { createInflight } from './inflight.ts';
import { type ApiListener, type ApiListenOptions, listen } from './listen.ts';
import type { ServedApi } from './served.ts';
import { waitingEvents } from './watch.ts';

let authority: CertificateAuthority;
let server: KeyPair;
let jane: KeyPair;
let agent: HttpAgent;
const listeners: ApiListener[] = [];

beforeAll(async () => {
  authority = await createCertificateAuthority('test-ca', systemClock);
  server = await authority.issueServer({ commonName: 'server', hosts: ['127.0.0.1'] });
  jane = await authority.issueClient({ user: 'jane', groups: ['dev'] });
  agent = createHttpAgent({ ca: authority.cert, ...jane });
});
afterEach(async () => {
  for (const listener of listeners.splice(0)) await listener.close(0);
});
afterAll(() => agent.close());

const configMap = (name: string, resourceVersion = '1', data: Record<string, string> = {}): KubeObject =>
  ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'web', resourceVersion }, data }) as KubeObject;

const listOf = (count: number): KubeList => ({
  apiVersion: 'v1',
  kind: 'ConfigMapList',
  metadata: { resourceVersion: '9' },
  items: Array.from({ length: count }, (_, index) => configMap(`cm-${index}`, `${index}`, { text: 'x'.repeat(2_000) })),
});

const ok: ApiHandler = {
  handle: async () => ({ code: 200, object: configMap('a'), warnings: [] }),
  watch: async () => ({ stop: () => {} }),
  raw: async (): Promise<RawResponse> => ({ code: 200, contentType: 'text/plain', body: 'ok' }),
};

async function serve(
  handler: Partial<ApiHandler>,
  more: Partial<ServedApi> = {},
  options: Partial<ApiListenOptions> = {},
) {
  const api: ServedApi = {
    name: 'test',
    handler: { ...ok, ...handler },
    authenticate: createAuthenticator([]),
    authorizer: allowAll,
    kind: () => builtinKind('', 'v1', 'ConfigMap'),
    durable: async () => {},
    ...more,
  };
  const listener = await listen(api, {
    clock: systemClock,
    random: systemRandom,
    tls: { ...server, clientCa: authority.cert },
    ...options,
  });
  listeners.push(listener);
  const request = (path: string, init: { method?: string; headers?: Record<string, string>; body?: string } = {}) =>
    agent.request({ url: listener.url + path, ...init });
  const json = async (path: string, init?: Parameters<typeof request>[1]) =>
    JSON.parse(await (await request(path, init)).text()) as JsonObject;
  return { request, json, listener };
}

const cms = '/api/v1/namespaces/web/configmaps';
const tableAccept = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' };

describe('a request', () => {
  it('arrives as a value, with its user, options and body', async () => {
    const seen: ApiRequest[] = [];
    const { request } = await serve({
      handle: async (apiRequest) => {
        seen.push(apiRequest);
        return { code: 201, object: configMap('a'), warnings: ['beware "it"', 'ü'] };
      },
    });
    const answer = await request(`${cms}?fieldManager=me&dryRun=All`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'kubectl/v1.32 (linux)' },
      body: JSON.stringify(configMap('a')),
    });
    expect(seen[0]).toMatchObject({
      verb: 'create',
      path: { group: '', version: 'v1', resource: 'configmaps', namespace: 'web' },
      user: { name: 'jane', groups: ['dev', 'system:authenticated'] },
      options: { fieldManager: 'me', dryRun: true },
      body: configMap('a'),
      userAgent: 'kubectl',
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.warning).toEqual(['299 - "beware \\"it\\""', '299 - " "']);
    expect(answer.headers['cache-control']).toBe('no-cache, private');
    expect(answer.headers['audit-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(JSON.parse(await answer.text())).toEqual(configMap('a'));
  });

  it('may be YAML, and may ask for YAML', async () => {
    const seen: unknown[] = [];
    const { request } = await serve({
      handle: async ({ body, patchType }) => {
        seen.push(body, patchType);
        return { code: 200, object: configMap('a'), warnings: [] };
      },
    });
    const yaml = 'kind: ConfigMap\ndata: {a: b}\n';
    const answer = await request(cms, {
      method: 'POST',
      headers: { 'content-type': 'application/yaml', accept: 'application/yaml' },
      body: yaml,
    });
    expect(await answer.text()).toContain('kind: ConfigMap\n');
    const patch = { 'content-type': 'application/apply-patch+yaml' };
    await request(`${cms}/a?fieldManager=me`, { method: 'PATCH', headers: patch, body: yaml });
    expect(seen).toEqual([
      { kind: 'ConfigMap', data: { a: 'b' } },
      undefined,
      { kind: 'ConfigMap', data: { a: 'b' } },
      'apply',
    ]);
  });

  it('is answered only when its revision is durable', async () => {
    const disk = Promise.withResolvers<void>();
    let answered = false;
    const { request } = await serve({
      handle: async () => ({ code: 200, object: configMap('a'), warnings: [], durable: disk.promise }),
    });
    const answer = request(`${cms}/a`).then(() => {
      answered = true;
    });
    for (let round = 0; round < 20; round++) await new Promise((resolve) => setImmediate(resolve));
    expect(answered).toBe(false);
    disk.resolve();
    await answer;
  });
});

describe('a refusal', () => {
  const refusal = async (
    path: string,
    init: Parameters<HttpAgent['request']>[0] | object = {},
    handler: Partial<ApiHandler> = {},
  ) => {
    const { request } = await serve(handler);
    const answer = await request(path, init);
    return { status: answer.status, headers: answer.headers, body: JSON.parse(await answer.text()) as JsonObject };
  };

  it('is a Status', async () => {
    const { status, body } = await refusal(
      `${cms}/a`,
      {},
      {
        handle: async () => {
          throw notFound({ group: '', resource: 'configmaps' }, 'a');
        },
      },
    );
    expect(status).toBe(404);
    expect(body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'configmaps "a" not found',
      reason: 'NotFound',
      details: { name: 'a', kind: 'configmaps' },
      code: 404,
    });
  });

  it('of what is not ours to know is an internal error, reported', async () => {
    const reported: unknown[] = [];
    const error = new TypeError('x is not a function');
    const { json } = await serve(
      {
        handle: async () => {
          throw error;
        },
      },
      {},
      { onError: (thrown) => reported.push(thrown) },
    );
    expect(await json(`${cms}/a`)).toMatchObject({
      code: 500,
      reason: 'InternalError',
      message: 'Internal error occurred: x is not a function',
    });
    expect(reported).toEqual([error]);
  });

  it.each([
    [
      'protobuf',
      415,
      { method: 'POST', headers: { 'content-type': 'application/vnd.kubernetes.protobuf' }, body: 'k8s\0' },
      /in an unknown format .*\(protobuf is not served here/,
    ],
    [
      'an unknown patch',
      415,
      { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: '{}' },
      /accepted media types include: application\/json-patch\+json/,
    ],
    [
      'broken JSON',
      400,
      { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"a":' },
      /json parse error/,
    ],
    [
      'broken YAML',
      400,
      { method: 'POST', headers: { 'content-type': 'application/yaml' }, body: 'a: [' },
      /error converting YAML to JSON/,
    ],
    [
      'nothing',
      400,
      { method: 'POST', headers: { 'content-type': 'application/json' } },
      /unexpected end of JSON input/,
    ],
    [
      'a body beyond the limit',
      413,
      { method: 'POST', headers: { 'content-type': 'application/json' }, body: `"${'x'.repeat(bodyLimit)}"` },
      /^Request entity too large: limit is 3145728$/,
    ],
    [
      'only protobuf accepted',
      406,
      { headers: { accept: 'application/vnd.kubernetes.protobuf' } },
      /only the following media types are accepted/,
    ],
    ['an unknown method', 405, { method: 'OPTIONS' }, /OPTIONS is not supported/],
    ['a bad token', 401, { headers: { authorization: 'Bearer x' } }, /^Unauthorized$/],
  ])('meets %s', async (what, code, init, message) => {
    if (what === 'a bad token') {
      const { listener } = await serve({});
      const stranger = createHttpAgent({ ca: authority.cert });
      const answer = await stranger.request({ url: listener.url + cms, ...init });
      expect(answer.status).toBe(code);
      expect(JSON.parse(await answer.text())).toMatchObject({ message: expect.stringMatching(message), code });
      await stranger.close();
      return;
    }
    const { status, body } = await refusal(cms, init);
    expect(status).toBe(code);
    expect(body).toMatchObject({ kind: 'Status', code, message: expect.stringMatching(message) });
  });

  it('says when to come again', async () => {
    const { status, headers } = await refusal(
      `${cms}/a`,
      {},
      {
        handle: async () => {
          throw tooManyRequests('later', 7);
        },
      },
    );
    expect(status).toBe(429);
    expect(headers['retry-after']).toBe('7');
  });

  it('meets what is too much at once', async () => {
    const hold = Promise.withResolvers<void>();
    const { request } = await serve(
      {
        handle: async () => {
          await hold.promise;
          return { code: 200, object: configMap('a'), warnings: [] };
        },
      },
      {},
      { inflight: createInflight({ readonly: 1, mutating: 1 }) },
    );
    const answers = [request(`${cms}/a`), request(`${cms}/b`)];
    const first = await Promise.race(answers);
    expect(first.status).toBe(429);
    hold.resolve();
    expect((await Promise.all(answers)).map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 429]);
  });

  it('meets streams that are not served', async () => {
    const { status, body } = await refusal('/api/v1/namespaces/web/pods/a/proxy/x');
    expect(status).toBe(501);
    expect(body).toMatchObject({ reason: 'NotImplemented' });
  });
});

describe('lists', () => {
  it('of any length come whole', async () => {
    for (const count of [0, 3, 1_500]) {
      const { json } = await serve({ handle: async () => ({ code: 200, object: listOf(count), warnings: [] }) });
      const { items, ...rest } = (await json(cms)) as unknown as KubeList;
      expect(rest).toEqual({ kind: 'ConfigMapList', apiVersion: 'v1', metadata: { resourceVersion: '9' } });
      expect(items).toEqual(listOf(count).items);
    }
  });

  it('come as metadata alone', async () => {
    const accept = { accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io' };
    for (const count of [2, 500]) {
      const { json } = await serve({ handle: async () => ({ code: 200, object: listOf(count), warnings: [] }) });
      const body = (await json(cms, { headers: accept })) as unknown as KubeList;
      expect(body).toMatchObject({ kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1' });
      expect(body.items).toHaveLength(count);
      expect(body.items[1]).toEqual({
        kind: 'PartialObjectMetadata',
        apiVersion: 'meta.k8s.io/v1',
        metadata: listOf(2).items[1]!.metadata,
      });
    }
  });

  it('come as Tables, with as much of the objects as asked for', async () => {
    for (const count of [2, 500]) {
      const { json } = await serve({ handle: async () => ({ code: 200, object: listOf(count), warnings: [] }) });
      const tables = await Promise.all(
        ['', '?includeObject=Object', '?includeObject=None'].map((query) =>
          json(cms + query, { headers: tableAccept }),
        ),
      );
      const [metadata, whole, none] = tables as unknown as {
        kind: string;
        columnDefinitions: { name: string }[];
        rows: { cells: unknown[]; object?: KubeObject }[];
      }[];
      expect(metadata!.kind).toBe('Table');
      expect(metadata!.columnDefinitions.map(({ name }) => name)).toEqual(['Name', 'Data', 'Age']);
      expect(metadata!.rows).toHaveLength(count);
      expect(metadata!.rows[0]).toMatchObject({
        cells: ['cm-0', 1, expect.anything()],
        object: { kind: 'PartialObjectMetadata' },
      });
      expect(whole!.rows[1]!.object).toEqual(listOf(2).items[1]);
      expect(none!.rows[0]).not.toHaveProperty('object');
    }
  });

  it('show no Table of what is not of the kind', async () => {
    const scale = { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'a' } };
    const { json } = await serve({ handle: async () => ({ code: 200, object: scale, warnings: [] }) });
    expect(await json(`${cms}/a/scale`, { headers: tableAccept })).toEqual(scale);
  });
});

/** A handler whose watch is fed by the test. */
function feeding() {
  const started = Promise.withResolvers<WatchSink>();
  const stopped = Promise.withResolvers<void>();
  const watch: ApiHandler['watch'] = async (_request, sink) => {
    started.resolve(sink);
    return { stop: stopped.resolve };
  };
  return { watch, sink: started.promise, stopped: stopped.promise };
}

async function* lines(answer: HttpResponse): AsyncGenerator<JsonObject> {
  let text = '';
  for await (const chunk of answer.stream) {
    text += Buffer.from(chunk).toString();
    const parts = text.split('\n');
    text = parts.pop()!;
    for (const part of parts) yield JSON.parse(part) as JsonObject;
  }
}

const next = async (events: AsyncGenerator<JsonObject>) => (await events.next()).value as JsonObject;

describe('a watch', () => {
  it('brings events as lines, ends with an error as an event', async () => {
    const source = feeding();
    const { request } = await serve(source);
    const answer = await request(`${cms}?watch=true`);
    expect(answer.headers['content-type']).toBe('application/json');
    const events = lines(answer);
    const sink = await source.sink;
    sink.event({ type: 'ADDED', object: configMap('a') });
    expect(await next(events)).toEqual({ type: 'ADDED', object: configMap('a') });
    sink.event({ type: 'DELETED', object: configMap('a', '2') });
    sink.end(failure('Expired', 'too old resource version: 1 (5)'));
    expect(await next(events)).toMatchObject({ type: 'DELETED' });
    expect(await next(events)).toMatchObject({ type: 'ERROR', object: { kind: 'Status', code: 410 } });
    expect((await events.next()).done).toBe(true);
    await source.stopped;
  });

  it('is stopped when the reader leaves', async () => {
    const source = feeding();
    const { request } = await serve(source);
    const abort = lines(await request(`${cms}?watch=true`));
    (await source.sink).event({ type: 'ADDED', object: configMap('a') });
    await next(abort);
    await abort.return(undefined);
    await source.stopped;
  });

  it('ends when its time is over, and when the server closes', async () => {
    const source = feeding();
    const { request } = await serve(source);
    const events = lines(await request(`${cms}?watch=true&timeoutSeconds=1`));
    expect((await events.next()).done).toBe(true);
    await source.stopped;

    const second = feeding();
    const closing = await serve(second);
    const rest = lines(await closing.request(`${cms}?watch=true`));
    const closed = closing.listener.close(5_000);
    expect((await rest.next()).done).toBe(true);
    await closed;
  });

  it('shows no event before its revision is durable', async () => {
    const disk = Promise.withResolvers<void>();
    const asked: number[] = [];
    const durable = (revision: number) => {
      asked.push(revision);
      return revision > 1 ? disk.promise : Promise.resolve();
    };
    const source = feeding();
    const { request } = await serve(source, { durable });
    const events = lines(await request(`${cms}?watch=true`));
    const sink = await source.sink;
    sink.event({ type: 'ADDED', object: configMap('a', '1') });
    await next(events);
    sink.event({ type: 'MODIFIED', object: configMap('a', '2') });
    let seen = false;
    const second = next(events).then((event) => {
      seen = true;
      return event;
    });
    for (let round = 0; round < 20; round++) await new Promise((resolve) => setImmediate(resolve));
    expect(seen).toBe(false);
    disk.resolve();
    expect(await second).toMatchObject({ object: { metadata: { resourceVersion: '2' } } });
    expect(asked).toEqual([1, 2]);
  });

  it('cuts off a reader that is too far behind', async () => {
    const source = feeding();
    const { request } = await serve(source);
    await request(`${cms}?watch=true`);
    const sink = await source.sink;
    const object = configMap('a', '1', { text: 'x'.repeat(4_000) });
    for (let count = 0; count < waitingEvents + 1; count++) sink.event({ type: 'MODIFIED', object });
    await source.stopped;
  });

  it('begins with a state of any size', async () => {
    const count = waitingEvents + 500;
    const watch: ApiHandler['watch'] = async (_request, sink) => {
      for (let index = 0; index < count; index++) sink.event({ type: 'ADDED', object: configMap(`cm-${index}`) });
      return { stop: () => {} };
    };
    const { request } = await serve({ watch });
    const events = lines(await request(`${cms}?watch=true`));
    for (let index = 0; index < count; index++) expect((await next(events)).type).toBe('ADDED');
    await events.return(undefined);
  });

  it('brings Tables, with columns once', async () => {
    const source = feeding();
    const { request } = await serve(source);
    const events = lines(await request(`${cms}?watch=true`, { headers: tableAccept }));
    const sink = await source.sink;
    sink.event({ type: 'ADDED', object: configMap('a') });
    sink.event({
      type: 'BOOKMARK',
      object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { resourceVersion: '7' } },
    });
    sink.event({ type: 'MODIFIED', object: configMap('a') });
    const objects = [await next(events), await next(events), await next(events)].map(
      ({ object }) => object as JsonObject,
    );
    expect(objects.map((table) => (table.columnDefinitions as unknown[]).length)).toEqual([3, 0, 0]);
    expect(objects.map((table) => (table.rows as unknown[]).length)).toEqual([1, 1, 1]);
    expect(objects[1]).toMatchObject({
      metadata: { resourceVersion: '7' },
      rows: [{ object: { metadata: { resourceVersion: '7' } } }],
    });
    await events.return(undefined);
  });

  it('that cannot begin is refused with a Status', async () => {
    const { request } = await serve({
      watch: async () => {
        throw failure('Expired', 'too old');
      },
    });
    expect((await request(`${cms}?watch=true`)).status).toBe(410);
  });
});

describe('documents', () => {
  const raw = (answer: RawResponse): Partial<ApiHandler> => ({ raw: async () => answer });

  it('are passed on, with the path, the user and what is accepted', async () => {
    const asked: unknown[] = [];
    const { request } = await serve({
      raw: async (path: string, user: UserInfo, accept?: string) => {
        asked.push([path, user.name, accept]);
        return { code: 200, contentType: 'text/plain', body: 'ok' };
      },
    });
    const answer = await request('/readyz?verbose=', { headers: { accept: 'x/y' } });
    expect(asked).toEqual([['/readyz?verbose=', 'jane', 'x/y']]);
    expect(await answer.text()).toBe('ok');
    expect((await request('/version', { method: 'POST', body: '{}' })).status).toBe(405);
  });

  it('that have not changed are not sent again', async () => {
    const { request } = await serve(
      raw({ code: 200, contentType: 'application/json', body: { a: 1 }, headers: { etag: '"E"' } }),
    );
    const first = await request('/apis');
    expect(first.headers.etag).toBe('"E"');
    expect(await first.text()).toBe('{"a":1}');
    const second = await request('/apis', { headers: { 'if-none-match': '"E"' } });
    expect(second.status).toBe(304);
    expect(await second.text()).toBe('');
  });

  it('can be read by people', async () => {
    const { request } = await serve(raw({ code: 200, contentType: 'application/json', body: { a: 1 } }));
    expect(await (await request('/version', { headers: { 'user-agent': 'curl/8' } })).text()).toBe('{\n  "a": 1\n}');
  });
});

describe('a proxy subresource', () => {
  it('leads to the API server behind it, as the same user', async () => {
    const seen: ApiRequest[] = [];
    const member: ServedApi = {
      name: 'member1',
      handler: {
        ...ok,
        handle: async (apiRequest) => {
          seen.push(apiRequest);
          return { code: 200, object: listOf(1), warnings: [] };
        },
      },
      authenticate: createAuthenticator([]),
      authorizer: allowAll,
      kind: () => undefined,
      durable: async () => {},
    };
    const { json } = await serve({}, { behind: ({ path }) => (path.name === 'member1' ? member : undefined) });
    const body = await json(
      '/apis/cluster.karmada.io/v1alpha1/clusters/member1/proxy/api/v1/namespaces/web/configmaps?limit=5',
    );
    expect(body).toMatchObject({ kind: 'ConfigMapList' });
    expect(seen[0]).toMatchObject({
      verb: 'list',
      path: { resource: 'configmaps', namespace: 'web' },
      user: { name: 'jane' },
      options: { limit: 5 },
    });
    expect(await json('/apis/cluster.karmada.io/v1alpha1/clusters/member2/proxy/api/v1/pods')).toMatchObject({
      code: 501,
    });
  });
});
