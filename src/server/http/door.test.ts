import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#kube/meta/object.ts';
import type { ApiHandler, ApiRequest, RawResponse, UserInfo } from '#kube/request/request.ts';
import { notFound, tooManyRequests } from '#kube/status/errors.ts';
import { systemClock } from '#world/clock/system.ts';
import { flowControl } from '../flowcontrol/flow-control.ts';
import { bodyLimit } from './body.ts';
import { type Asked, cms, configMap, listOf, serve, serving, stranger } from './serving.cases.ts';

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
  const refusal = async (path: string, init: Asked = {}, handler: Partial<ApiHandler> = {}) => {
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
      'an unknown body',
      415,
      { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'a' },
      /in an unknown format - accepted media types include: application\/json, application\/yaml/,
    ],
    [
      'an unknown patch',
      415,
      { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: '{}' },
      /^415: Unsupported Media Type$/,
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
      /must be of type ConfigMap\): yaml: line 1/,
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
    ['only HTML accepted', 406, { headers: { accept: 'text/html' } }, /^406: Not Acceptable/],
    ['an unknown method', 405, { method: 'OPTIONS' }, /does not allow this method/],
    ['a bad token', 401, { headers: { authorization: 'Bearer x' } }, /^Unauthorized$/],
  ])('meets %s', async (what, code, init, message) => {
    if (what === 'a bad token') {
      const { listener } = await serve({});
      const nobody = stranger();
      const answer = await nobody.request({ url: listener.url + cms, ...init });
      expect(answer.status).toBe(code);
      expect(JSON.parse(await answer.text())).toMatchObject({ message: expect.stringMatching(message), code });
      await nobody.close();
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
      { flow: flowControl({ schemas: () => [], levels: () => [], stored: () => 0 }, systemClock, 1) },
    );
    const answers = [request(`${cms}/a`), request(`${cms}/b`)];
    const first = await Promise.race(answers);
    expect(first.status).toBe(429);
    expect(first.headers).toMatchObject({ 'retry-after': '1', 'content-type': 'text/plain; charset=utf-8' });
    expect(await first.text()).toBe('Too many requests, please try again later.\n');
    hold.resolve();
    expect((await Promise.all(answers)).map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 429]);
  });

  it('meets streams that are not served', async () => {
    const { status, body } = await refusal('/api/v1/namespaces/web/pods/a/proxy/x');
    expect(status).toBe(501);
    expect(body).toMatchObject({ reason: 'NotImplemented' });
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
    const member = serving({
      handle: async (apiRequest) => {
        seen.push(apiRequest);
        return { code: 200, object: listOf(1), warnings: [] };
      },
    });
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
