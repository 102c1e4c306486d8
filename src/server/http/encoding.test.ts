import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { ApiHandler } from '#kube/request/request.ts';
import { acceptsGzip, gzipFrom } from './encoding.ts';
import { cms, configMap, listOf, serve } from './serving.cases.ts';

describe('acceptsGzip', () => {
  it.each<[string | undefined, boolean]>([
    [undefined, false],
    ['', false],
    ['gzip', true],
    ['deflate, gzip', true],
    ['GZIP;q=0.5, br', true],
    ['gzip;q=0', false],
    ['gzip; q=0.000', false],
    ['x-gzip', false],
    ['identity', false],
  ])('%j', (header, expected) => {
    expect(acceptsGzip(header)).toBe(expected);
  });
});

describe('a large answer', () => {
  const text = 'ü'.repeat(gzipFrom);
  const document = { paths: { text } };
  const handler = (object: unknown): Partial<ApiHandler> => ({
    handle: async () => ({ code: 200, object: object as never, warnings: [] }),
    raw: async () => ({ code: 200, contentType: 'application/json', body: document, headers: { etag: '"1"' } }),
  });

  it.each<[string, object, string]>([
    ['object', configMap('large', '1', { text }), cms],
    ['list of few', listOf(63), cms],
    ['list of many', listOf(1_500), cms],
    ['document', {}, '/openapi/v2'],
  ])('comes gzipped to who takes it: a %s', async (_what, object, path) => {
    const { request } = await serve(handler(object));
    const plain = await request(path);
    expect(plain.headers['content-encoding']).toBeUndefined();
    const expected = await plain.text();
    expect(expected.length).toBeGreaterThan(gzipFrom / 2);
    for (let round = 0; round < 2; round++) {
      const answer = await request(path, { headers: { 'accept-encoding': 'gzip' } });
      expect(answer.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' });
      expect(answer.headers['content-type']).toBe(plain.headers['content-type']);
      const chunks: Uint8Array[] = [];
      for await (const chunk of answer.stream) chunks.push(chunk);
      const bytes = Buffer.concat(chunks);
      expect(bytes.byteLength).toBeLessThan(expected.length / 4);
      expect(gunzipSync(bytes).toString()).toBe(expected);
    }
  });

  it('that is not that large does not', async () => {
    for (const object of [
      configMap('small'),
      listOf(3),
      { ...listOf(100), items: listOf(100).items.map(({ metadata }) => configMap(metadata.name!)) },
    ]) {
      const { request, json } = await serve(handler(object));
      const headers = { 'accept-encoding': 'gzip' };
      expect((await request(cms, { headers })).headers['content-encoding']).toBeUndefined();
      expect(await json(cms, { headers })).toEqual(await json(cms));
    }
  });

  it('that the client already has is not sent', async () => {
    const { request } = await serve(handler({}));
    const answer = await request('/openapi/v2', { headers: { 'accept-encoding': 'gzip', 'if-none-match': '"1"' } });
    expect([answer.status, answer.headers['content-encoding']]).toEqual([304, undefined]);
  });

  it('harms nobody when its reader leaves', async () => {
    const { request, json } = await serve(handler(listOf(20_000)));
    const answer = await request(cms, { headers: { 'accept-encoding': 'gzip' } });
    for await (const _chunk of answer.stream) break;
    expect((await json(`${cms}?again=true`)).kind).toBe('ConfigMapList');
  });
});
