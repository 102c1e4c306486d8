import { describe, expect, it } from 'vitest';
import { builtinKinds } from '#apis/kubernetes/kinds.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import type { JsonObject } from '#kube/meta/object.ts';
import { mergedV2 } from './merge.ts';
import { createOpenApi } from './openapi.ts';

const query = (text = '') => new URLSearchParams(text);

function serving(kinds: KindDefinition[]) {
  const listeners: (() => void)[] = [];
  const openapi = createOpenApi({
    definitions: () => kinds,
    onChange: (listener) => listeners.push(listener),
    release: 'v1.35.3',
    now: () => 0,
  });
  const index = async () =>
    (
      (await openapi.answer('/openapi/v3', query()))!.body as unknown as {
        paths: Record<string, { serverRelativeURL: string }>;
      }
    ).paths;
  const changed = () => {
    for (const listener of listeners) listener();
  };
  return { ...openapi, index, changed };
}

const hashOf = (url: string) => new URLSearchParams(url.split('?')[1]).get('hash')!;

describe('OpenAPI v3', () => {
  it('has a document for each group version, at the address the index gives', async () => {
    const { answer, index } = serving([...builtinKinds()]);
    const url = (await index())['apis/apps/v1']!.serverRelativeURL;
    expect(url).toMatch(/^\/openapi\/v3\/apis\/apps\/v1\?hash=[0-9A-F]+$/);
    const found = (await answer('/openapi/v3/apis/apps/v1', query(`hash=${hashOf(url)}`)))!;
    expect(found.headers?.expires).toBe('Fri, 01 Jan 1971 00:00:00 UTC');
    expect(found.headers).toMatchObject({ etag: `"${hashOf(url)}"`, 'cache-control': 'public, immutable' });
    const body = found.body as JsonObject;
    expect(body.openapi).toBe('3.0.0');
    expect((body.components as JsonObject).schemas).toHaveProperty(['io.k8s.api.apps.v1.Deployment']);
    expect(body.paths).toHaveProperty(['/apis/apps/v1/namespaces/{namespace}/deployments/{name}', 'patch']);
    expect(await answer('/openapi/v3/apis/nothing/v1', query())).toMatchObject({ code: 404, contentType: '' });
    expect(await answer('/openapi/v3/api/v1', query(), 'text/html')).toMatchObject({ code: 406, body: '' });
    expect(answer('/version', query())).toBeUndefined();
  });

  it('leads from an old hash to the new one', async () => {
    const { answer, index } = serving([...builtinKinds()]);
    expect(await answer('/openapi/v3/api/v1', query('hash=OLD'))).toMatchObject({
      code: 301,
      headers: { location: (await index())['api/v1']!.serverRelativeURL },
    });
  });

  it('is one document for all servers that serve the same', async () => {
    const [one, two] = [serving([...builtinKinds()]), serving([...builtinKinds()])];
    const body = async (server: typeof one) => (await server.answer('/openapi/v3/apis/batch/v1', query()))!.body;
    expect(await body(one)).toBe(await body(two));
  });

  it('follows kinds, and changes the hash of their group version only', async () => {
    const kinds = [...builtinKinds()];
    const server = serving(kinds);
    const before = await server.index();
    const widget: KindDefinition = {
      ...kinds.find(({ kind }) => kind === 'ConfigMap')!,
      group: 'example.com',
      resource: 'widgets',
      kind: 'Widget',
      listKind: 'WidgetList',
      schema: { type: 'object', properties: { size: { type: 'integer' } } },
      native: undefined,
    };
    kinds.push(widget);
    server.changed();
    const first = await server.index();
    expect(first['apis/apps/v1']).toEqual(before['apis/apps/v1']);
    expect(before['apis/example.com/v1']).toBeUndefined();
    kinds.splice(-1, 1, { ...widget, schema: { type: 'object', properties: { size: { type: 'string' } } } });
    server.changed();
    expect((await server.index())['apis/example.com/v1']).not.toEqual(first['apis/example.com/v1']);
  });
});

describe('OpenAPI v2', () => {
  const type = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

  it('is one document of everything, with a tag', async () => {
    const { answer } = serving([...builtinKinds()]);
    const { body, headers } = (await answer('/openapi/v2', query()))!;
    expect(body).toMatchObject({ swagger: '2.0', info: { title: 'Kubernetes', version: '1.35' } });
    expect(body).toHaveProperty(['paths', '/api/v1/namespaces/{namespace}/pods/{name}', 'get', 'operationId']);
    expect(body).toHaveProperty(['definitions', 'io.k8s.api.core.v1.Pod', 'properties', 'spec']);
    expect(headers?.etag).toMatch(/^"[0-9A-F]{128}"$/);
    expect((await answer('/openapi/v2', query(), 'application/yaml'))!.code).toBe(406);
  });

  it('has a protobuf form under its old and its new name', async () => {
    const { answer } = serving([...builtinKinds()]);
    for (const asked of [type, type.replace('v2.v1', 'v2@v1')]) {
      const protobuf = (await answer('/openapi/v2', query(), asked))!;
      expect(protobuf.contentType).toBe(type);
      expect(
        Buffer.from(protobuf.body as Uint8Array)
          .subarray(0, 25)
          .toString('latin1'),
      ).toBe('\x0a\x032.0\x12\x12\x0a\x0aKubernetes\x12\x041.35');
    }
  });

  it('says of a custom kind what v2 can say', async () => {
    const spec = {
      type: 'object',
      required: ['maybe', 'name'],
      properties: {
        name: { type: 'string', default: 'a', anyOf: [{ pattern: 'a' }] },
        maybe: { type: 'object', nullable: true, properties: { a: { type: 'string' } } },
        open: { type: 'object', preserveUnknownFields: true, properties: { a: { type: 'string' } } },
      },
    } as const;
    const [configMap] = builtinKinds().filter(({ kind }) => kind === 'ConfigMap');
    const widget: KindDefinition = {
      ...configMap!,
      group: 'example.com',
      resource: 'widgets',
      kind: 'Widget',
      listKind: 'WidgetList',
      schema: { type: 'object', properties: { spec } },
      native: undefined,
    };
    const { answer } = serving([...builtinKinds(), widget]);
    const body = (await answer('/openapi/v2', query()))!.body as JsonObject;
    expect(body).toHaveProperty(['definitions', 'com.example.v1.Widget', 'properties', 'spec'], {
      type: 'object',
      required: ['name'],
      properties: { name: { type: 'string' }, maybe: {}, open: { 'x-kubernetes-preserve-unknown-fields': true } },
    });
  });
});

describe('documents of other API servers', () => {
  it('are merged into v2, and renamed where they say something else', async () => {
    const own = { paths: { '/a': 1 }, definitions: { Same: { type: 'string' }, Other: { type: 'string' } } };
    const foreign = {
      paths: { '/a': 2, '/b': { $ref: '#/definitions/Other' } },
      definitions: { Same: { type: 'string' }, Other: { type: 'integer' }, New: { $ref: '#/definitions/Other' } },
    };
    expect(mergedV2(own, [foreign])).toEqual({
      paths: { '/a': 1, '/b': { $ref: '#/definitions/Other_v2' } },
      definitions: {
        Same: { type: 'string' },
        Other: { type: 'string' },
        Other_v2: { type: 'integer' },
        New: { $ref: '#/definitions/Other_v2' },
      },
      parameters: {},
    });
  });
});
