/** `/openapi/v2`, `/openapi/v3` and its documents at their addresses: forms, hashes, and what clients may keep. */
import type { KindDefinition } from '#kube/kind/definition.ts';
import type { JsonObject } from '#kube/meta/object.ts';
import type { RawResponse } from '#kube/request/request.ts';
import { parseAccept } from '../http/accept.ts';
import type { OpenApiDocuments } from './documents.ts';

/** Documents of other API servers behind this one. */
export interface ForeignDocuments {
  readonly any: () => boolean;
  /** Path -> hash, of OpenAPI v3. */
  readonly v3: () => Promise<ReadonlyMap<string, string>>;
  /** Parts of OpenAPI v2, to be merged into ours; the same array while nothing was asked anew. */
  readonly v2: () => Promise<readonly JsonObject[]>;
}

export interface OpenApiOptions {
  readonly definitions: () => readonly KindDefinition[];
  readonly onChange: (listener: () => void) => unknown;
  /** The Kubernetes version the documents are of: `v1.35.3`. */
  readonly release: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly foreign?: ForeignDocuments;
}

export interface OpenApi {
  /** undefined: not a path of OpenAPI. What is not there is answered 404, without a word. */
  readonly answer: (
    pathname: string,
    query: URLSearchParams,
    accept?: string,
  ) => Promise<RawResponse | undefined> | undefined;
}

const [v2Path, v3Path] = ['/openapi/v2', '/openapi/v3'] as const;

type Form = 'json' | 'protobuf';

const protobufTypes = {
  v2: 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf',
  v3: 'application/com.github.proto-openapi.spec.v3.v1.0+protobuf',
} as const;

/** undefined: neither. A type may also be written with an `@`, as clients used to. */
function formOf(accept: string | undefined, version: 'v2' | 'v3'): Form | undefined {
  for (const { type } of parseAccept(accept || '*/*')) {
    if (type === '*/*' || type === 'application/*' || type === 'application/json') return 'json';
    if (type.replace('@', '.') === protobufTypes[version]) return 'protobuf';
  }
  return undefined;
}

const wordless = (code: number, headers: Readonly<Record<string, string>> = {}): RawResponse => ({
  code,
  contentType: '',
  body: '',
  headers,
});

const nothing: readonly JsonObject[] = [];

const yearMs = 365 * 24 * 3_600_000;

/** A hash names its content, so a client may keep the document. */
const kept = (now: number): Readonly<Record<string, string>> => ({
  'cache-control': 'public, immutable',
  expires: new Date(now + yearMs).toUTCString().replace('GMT', 'UTC'),
});

const protobufs = new WeakMap<JsonObject, Buffer>();

async function bodyOf(document: JsonObject, version: 'v2' | 'v3', form: Form): Promise<JsonObject | Buffer> {
  if (form === 'json') return document;
  const known = protobufs.get(document);
  if (known) return known;
  const encode =
    version === 'v2'
      ? (await import('#kube/openapi/gnostic/v2.ts')).protobufV2
      : (await import('#kube/openapi/gnostic/v3.ts')).protobufV3;
  const bytes = encode(document);
  protobufs.set(document, bytes);
  return bytes;
}

const contentType = (version: 'v2' | 'v3', form: Form) =>
  form === 'json' ? 'application/json' : protobufTypes[version];

export function createOpenApi({ definitions, onChange, release, now, foreign }: OpenApiOptions): OpenApi {
  let documents: Promise<OpenApiDocuments> | undefined;
  onChange(() => {
    documents = undefined;
  });
  const current = () =>
    (documents ??= import('./documents.ts').then(({ openApiDocuments }) => openApiDocuments(definitions(), release)));

  const url = (path: string, hash: string) => `${v3Path}/${path}?hash=${hash}`;

  const index = async (): Promise<RawResponse> => {
    const { paths, hashOf } = await current();
    const hashes = new Map(paths().map((path) => [path, hashOf(path)!]));
    if (foreign?.any()) for (const [path, hash] of await foreign.v3()) hashes.set(path, hash);
    const listed = [...hashes].sort(([left], [right]) => (left < right ? -1 : 1));
    const body = {
      paths: Object.fromEntries(listed.map(([path, hash]) => [path, { serverRelativeURL: url(path, hash) }])),
    };
    // kube-apiserver says so, though it is JSON.
    return { code: 200, contentType: 'text/plain; charset=utf-8', body };
  };

  const documentAt = async (path: string, asked: string | null, accept?: string): Promise<RawResponse> => {
    const { v3, hashOf } = await current();
    const document = v3(path);
    if (!document) return wordless(404);
    const form = formOf(accept, 'v3');
    if (!form) return wordless(406, { vary: 'Accept' });
    const hash = hashOf(path)!;
    const headers = { etag: `"${hash}"`, vary: 'Accept' };
    if (asked !== null && asked !== hash) {
      return { ...wordless(301, { ...headers, location: url(path, hash) }), contentType: contentType('v3', form) };
    }
    return {
      code: 200,
      contentType: contentType('v3', form),
      body: await bodyOf(document, 'v3', form),
      headers: { ...headers, ...(asked === null ? {} : kept(now())) },
    };
  };

  const whole = async (accept?: string): Promise<RawResponse> => {
    const vary = 'Accept-Encoding, Accept';
    const form = formOf(accept, 'v2');
    if (!form) return wordless(406, { vary });
    const { v2, hashOfV2 } = await current();
    const document = v2(foreign?.any() ? await foreign.v2() : nothing);
    const headers = { etag: `"${hashOfV2(document)}"`, vary };
    return { code: 200, contentType: contentType('v2', form), body: await bodyOf(document, 'v2', form), headers };
  };

  return {
    answer: (pathname, query, accept) => {
      if (pathname === v2Path) return whole(accept);
      if (pathname === v3Path) return index();
      if (!pathname.startsWith(`${v3Path}/`)) return undefined;
      return documentAt(pathname.slice(v3Path.length + 1), query.get('hash'), accept);
    },
  };
}
