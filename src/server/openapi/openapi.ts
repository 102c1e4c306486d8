/** `/openapi/v3` and its documents, one per group version, each built when first asked for and shared between servers. */
import type { KindDefinition } from '#kube/kind/definition.ts';
import { type OpenApiDocument, openApiDocuments } from '#kube/openapi/openapi.ts';
import type { RawResponse } from '#kube/request/request.ts';
import { openApiV2 } from './v2.ts';

export interface OpenApiOptions {
  readonly definitions: () => readonly KindDefinition[];
  readonly onChange: (listener: () => void) => unknown;
  /** The Kubernetes version the documents are of: `v1.35.3`. */
  readonly release: string;
}

export interface OpenApi {
  /** undefined: not a path of OpenAPI, or a group version that is not served. */
  readonly answer: (pathname: string, query: URLSearchParams, accept?: string) => RawResponse | undefined;
}

interface Shared {
  readonly members: readonly KindDefinition[];
  readonly document: OpenApiDocument;
}

/** By a group version's first kind: all members of a fleet serve the same built-in kinds. */
const shared = new WeakMap<KindDefinition, Shared>();

const sameMembers = (left: readonly KindDefinition[], right: readonly KindDefinition[]) =>
  left.length === right.length && left.every((kind, index) => kind === right[index]);

function documentOf(members: readonly KindDefinition[], release: string): OpenApiDocument {
  const first = members[0]!;
  const known = shared.get(first);
  if (known && sameMembers(known.members, members)) return known.document;
  const document = [...openApiDocuments(members, release).values()][0]!;
  shared.set(first, { members, document });
  return document;
}

const pathOf = ({ group, version }: KindDefinition) => (group === '' ? `api/${version}` : `apis/${group}/${version}`);

function documentsOf(kinds: readonly KindDefinition[], release: string): ReadonlyMap<string, OpenApiDocument> {
  const groups = new Map<string, KindDefinition[]>();
  for (const kind of kinds) {
    const path = pathOf(kind);
    const members = groups.get(path);
    if (members) members.push(kind);
    else groups.set(path, [kind]);
  }
  return new Map([...groups].map(([path, members]) => [path, documentOf(members, release)]));
}

const root = '/openapi/v3';
/** A hash names its content, so a client may keep the document for ever. */
const forever = { 'cache-control': 'public, immutable', expires: 'Fri, 31 Dec 9999 23:59:59 GMT' };

export function createOpenApi({ definitions, onChange, release }: OpenApiOptions): OpenApi {
  let documents: ReadonlyMap<string, OpenApiDocument> | undefined;
  onChange(() => {
    documents = undefined;
  });
  const v2 = openApiV2(release);
  const current = () => (documents ??= documentsOf(definitions(), release));

  const url = (path: string, hash: string) => `${root}/${path}?hash=${hash}`;

  const index = (): RawResponse => {
    const paths: Record<string, { readonly serverRelativeURL: string }> = {};
    for (const [path, { hash }] of [...current()].sort(([left], [right]) => (left < right ? -1 : 1))) {
      paths[path] = { serverRelativeURL: url(path, hash) };
    }
    return { code: 200, contentType: 'application/json', body: { paths } };
  };

  const documentAt = (path: string, asked: string | null): RawResponse | undefined => {
    const found = current().get(path);
    if (!found) return undefined;
    const { hash } = found;
    if (asked !== null && asked !== hash) {
      return { code: 301, contentType: 'text/plain; charset=utf-8', body: '', headers: { location: url(path, hash) } };
    }
    const headers = { etag: `"${hash}"`, vary: 'Accept', ...(asked === null ? {} : forever) };
    return { code: 200, contentType: 'application/json', body: found.document, headers };
  };

  return {
    answer: (pathname, query, accept) => {
      if (pathname === '/openapi/v2') return v2(accept);
      if (pathname === root) return index();
      if (!pathname.startsWith(`${root}/`)) return undefined;
      return documentAt(pathname.slice(root.length + 1), query.get('hash'));
    },
  };
}
