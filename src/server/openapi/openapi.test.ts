import { describe, expect, it } from 'vitest';
import { builtinKinds } from '#apis/kubernetes/kinds.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import type { JsonObject } from '#kube/meta/object.ts';
import { createOpenApi } from './openapi.ts';

const query = (text = '') => new URLSearchParams(text);

function serving(kinds: KindDefinition[]) {
  const listeners: (() => void)[] = [];
  const openapi = createOpenApi({
    definitions: () => kinds,
    onChange: (listener) => listeners.push(listener),
    release: 'v1.35.3',
  });
  const index = () =>
    (
      openapi.answer('/openapi/v3', query())!.body as unknown as {
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
  it('has a document for each group version, at the address the index gives', () => {
    const { answer, index } = serving([...builtinKinds()]);
    const url = index()['apis/apps/v1']!.serverRelativeURL;
    expect(url).toMatch(/^\/openapi\/v3\/apis\/apps\/v1\?hash=[0-9A-F]+$/);
    const found = answer('/openapi/v3/apis/apps/v1', query(`hash=${hashOf(url)}`))!;
    expect(found.headers).toMatchObject({ etag: `"${hashOf(url)}"`, 'cache-control': 'public, immutable' });
    const body = found.body as JsonObject;
    expect(body.openapi).toBe('3.0.0');
    expect((body.components as JsonObject).schemas).toHaveProperty(['io.k8s.api.apps.v1.Deployment']);
    expect(body.paths).toHaveProperty(['/apis/apps/v1/namespaces/{namespace}/deployments/{name}', 'patch']);
    expect(answer('/openapi/v3/apis/nothing/v1', query())).toBeUndefined();
    expect(answer('/version', query())).toBeUndefined();
  });

  it('leads from an old hash to the new one', () => {
    const { answer, index } = serving([...builtinKinds()]);
    expect(answer('/openapi/v3/api/v1', query('hash=OLD'))).toMatchObject({
      code: 301,
      headers: { location: index()['api/v1']!.serverRelativeURL },
    });
  });

  it('is one document for all servers that serve the same', () => {
    const [one, two] = [serving([...builtinKinds()]), serving([...builtinKinds()])];
    const body = (server: typeof one) => server.answer('/openapi/v3/apis/batch/v1', query())!.body;
    expect(body(one)).toBe(body(two));
  });

  it('follows kinds, and changes the hash of their group version only', () => {
    const kinds = [...builtinKinds()];
    const server = serving(kinds);
    const before = server.index();
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
    const first = server.index();
    expect(first['apis/apps/v1']).toEqual(before['apis/apps/v1']);
    expect(before['apis/example.com/v1']).toBeUndefined();
    kinds.splice(-1, 1, { ...widget, schema: { type: 'object', properties: { size: { type: 'string' } } } });
    server.changed();
    expect(server.index()['apis/example.com/v1']).not.toEqual(first['apis/example.com/v1']);
  });
});

describe('OpenAPI v2', () => {
  it('is there for those who ask, in their format, and describes nothing', () => {
    const { answer } = serving([...builtinKinds()]);
    expect(answer('/openapi/v2', query())!.body).toMatchObject({ swagger: '2.0', paths: {} });
    const protobuf = answer('/openapi/v2', query(), 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf')!;
    expect(protobuf.contentType).toBe('application/com.github.proto-openapi.spec.v2.v1.0+protobuf');
    expect(protobuf.body).toBe('\x0a\x032.0\x12\x15\x0a\x0aKubernetes\x12\x07v1.35.3\x42\x00');
  });
});
