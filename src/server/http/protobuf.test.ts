import { describe, expect, it } from 'vitest';
import { builtinKind } from '#apis/kubernetes/kinds.ts';
import { protobufMessage } from '#apis/kubernetes/protobuf.ts';
import type { JsonObject, KubeObject } from '#kube/meta/object.ts';
import { createCodec } from '#kube/protobuf/codec.ts';
import type { ApiHandler, ApiRequest, WatchSink } from '#kube/request/request.ts';
import { notFound } from '#kube/status/errors.ts';
import { failure } from '#kube/status/status.ts';
import type { HttpResponse } from '#world/network/http-client.ts';
import { keepFieldsAsText } from '../storage/kept-fields.ts';
import { cms, configMap, listOf, serve } from './serving.cases.ts';

const protobuf = 'application/vnd.kubernetes.protobuf';
const accept = { accept: protobuf };
const metadataAccept = { accept: `${protobuf};as=PartialObjectMetadata;g=meta.k8s.io;v=v1` };
const { encode, decode } = createCodec(protobufMessage);

async function bytesOf(answer: HttpResponse): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of answer.stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const decoded = async (answer: HttpResponse) => decode(await bytesOf(answer)) as JsonObject & KubeObject;

const answeringWith = (object: unknown): Partial<ApiHandler> => ({
  handle: async () => ({ code: 200, object: object as never, warnings: ['beware'] }),
});

/** A kind that has no protobuf form. */
const custom = { kind: () => ({ ...builtinKind('', 'v1', 'ConfigMap')!, protobuf: false }) };

describe('a body in protobuf', () => {
  const asked = async (method: string, path: string, body: Uint8Array | string, more = {}) => {
    const seen: ApiRequest[] = [];
    const handle: ApiHandler['handle'] = async (request) => {
      seen.push(request);
      return { code: 200, object: configMap('a'), warnings: [] };
    };
    const { request } = await serve({ handle }, more);
    const answer = await request(path, { method, headers: { 'content-type': protobuf }, body });
    return { status: answer.status, text: await answer.text(), request: seen[0] };
  };

  it('is an object like any other', async () => {
    const { request } = await asked('POST', cms, encode(configMap('a', '1', { x: 'y' })));
    expect(request!.body).toEqual(configMap('a', '1', { x: 'y' }));
  });

  it('of a deletion may be sent for any kind', async () => {
    const options = { kind: 'DeleteOptions', apiVersion: 'example.com/v1', propagationPolicy: 'Orphan' };
    const { request } = await asked('DELETE', `${cms}/a`, encode(options), custom);
    expect(request!.body).toEqual(options);
  });

  it.each([
    ['that is none', 400, '{}', {}, /does not appear to be a protobuf message, expected prefix \[107 56 115 0\]/],
    [
      'of a kind nobody knows',
      400,
      Buffer.from('k8s\0\n\x09\n\x02v1\x12\x03Cat'),
      {},
      /unrecognized .must be of type ConfigMap.: no kind .*Cat.* is registered for version/,
    ],
    [
      'for a kind without such a form',
      415,
      encode(configMap('a')),
      custom,
      /include: application\/json, application\/yaml"/,
    ],
  ])('%s is refused', async (_what, code, body, more, message) => {
    const { status, text } = await asked('POST', cms, body, more);
    expect(status).toBe(code);
    expect(text).toMatch(message);
  });
});

describe('an answer in protobuf', () => {
  it('is an object', async () => {
    const { request } = await serve(answeringWith(configMap('a', '7', { x: 'y' })));
    const answer = await request(`${cms}/a`, { headers: accept });
    expect(answer.headers['content-type']).toBe(protobuf);
    expect(answer.headers.warning).toBe('299 - "beware"');
    expect(await decoded(answer)).toEqual(configMap('a', '7', { x: 'y' }));
  });

  it('has managed fields that are kept as text', async () => {
    const managedFields = [{ manager: 'me', operation: 'Apply', fieldsV1: { 'f:data': {} } }];
    const object = { ...configMap('a'), metadata: { ...configMap('a').metadata, managedFields } } as KubeObject;
    const { request } = await serve(answeringWith(keepFieldsAsText(object)));
    expect((await decoded(await request(`${cms}/a`, { headers: accept }))).metadata.managedFields).toEqual(
      managedFields,
    );
  });

  it.each([0, 3, 64, 65, 1_500])('is a list of %i', async (count) => {
    const { request } = await serve(answeringWith(listOf(count)));
    const list = await decoded(await request(cms, { headers: accept }));
    expect(list).toMatchObject({ kind: 'ConfigMapList', apiVersion: 'v1', metadata: { resourceVersion: '9' } });
    const items = listOf(count).items.map(({ kind: _kind, apiVersion: _version, ...item }) => item);
    expect(list.items).toEqual(count === 0 ? null : items);
  });

  it('comes gzipped to who takes it', async () => {
    const { request } = await serve(answeringWith(listOf(1_500)));
    const answer = await request(cms, { headers: { ...accept, 'accept-encoding': 'gzip' } });
    expect(answer.headers['content-encoding']).toBe('gzip');
  });

  it.each([2, 500])('is metadata alone, %i times, of a kind without a protobuf form too', async (count) => {
    const { request } = await serve(answeringWith(listOf(count)), custom);
    const headers = { accept: metadataAccept.accept.replace('Metadata;', 'MetadataList;') };
    const list = await decoded(await request(cms, { headers }));
    expect(list).toMatchObject({ kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1' });
    expect(list.items).toHaveLength(count);
    expect((list.items as JsonObject[])[1]).toEqual({ metadata: listOf(2).items[1]!.metadata });
  });

  it('is refused or JSON where there is no protobuf form', async () => {
    const { request, json } = await serve(answeringWith(configMap('a')), custom);
    const refused = await request(`${cms}/a`, { headers: accept });
    expect(refused.status).toBe(406);
    expect(await decoded(refused)).toMatchObject({ kind: 'Status', reason: 'NotAcceptable' });
    expect(await json(`${cms}/a`, { headers: { accept: `${protobuf},application/json` } })).toEqual(configMap('a'));
  });

  it('is a Status', async () => {
    const handle = async () => {
      throw notFound({ group: '', resource: 'configmaps' }, 'a');
    };
    // A resource that nobody serves.
    const { request } = await serve({ handle }, { kind: () => undefined });
    const answer = await request(`${cms}/a`, { headers: accept });
    expect(answer.status).toBe(404);
    expect(answer.headers['content-type']).toBe(protobuf);
    expect(await decoded(answer)).toEqual({
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
});

describe('a watch in protobuf', () => {
  /** Frames as they come: type and object. */
  async function* frames(answer: HttpResponse): AsyncGenerator<{ type: string; object: JsonObject }> {
    let bytes = Buffer.alloc(0);
    for await (const chunk of answer.stream) {
      bytes = Buffer.concat([bytes, chunk]);
      while (bytes.byteLength >= 4 && bytes.byteLength >= 4 + bytes.readUInt32BE()) {
        const frame = bytes.subarray(4, 4 + bytes.readUInt32BE());
        bytes = bytes.subarray(4 + frame.byteLength);
        const object = frame.subarray(frame.indexOf('k8s\0'));
        yield { type: frame.toString('utf8', 2, 2 + frame[1]!), object: decode(object) };
      }
    }
  }

  async function watching(headers: Record<string, string>) {
    const started = Promise.withResolvers<WatchSink>();
    const watch: ApiHandler['watch'] = async (_request, sink) => {
      started.resolve(sink);
      return { stop: () => {} };
    };
    const { request } = await serve({ watch });
    const answer = await request(`${cms}?watch=true`, { headers });
    const events = frames(answer);
    return { answer, sink: await started.promise, next: async () => (await events.next()).value as unknown };
  }

  it('brings frames, the last of which may be a failure', async () => {
    const { answer, sink, next } = await watching({ accept: `${protobuf};stream=watch` });
    expect(answer.headers['content-type']).toBe(`${protobuf};stream=watch`);
    sink.event({ type: 'ADDED', object: configMap('a', '1', { x: 'y' }) });
    expect(await next()).toEqual({ type: 'ADDED', object: configMap('a', '1', { x: 'y' }) });
    const bookmark = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { resourceVersion: '5' } };
    sink.event({ type: 'BOOKMARK', object: bookmark });
    sink.end(failure('Expired', 'too old resource version: 1 (5)'));
    expect(await next()).toEqual({ type: 'BOOKMARK', object: bookmark });
    expect(await next()).toMatchObject({ type: 'ERROR', object: { kind: 'Status', code: 410 } });
    expect(await next()).toBeUndefined();
  });

  it('brings metadata alone', async () => {
    const { sink, next } = await watching(metadataAccept);
    sink.event({ type: 'ADDED', object: configMap('a', '1', { x: 'y' }) });
    const { metadata } = configMap('a');
    const object = { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
    expect(await next()).toEqual({ type: 'ADDED', object });
    sink.end();
  });
});
