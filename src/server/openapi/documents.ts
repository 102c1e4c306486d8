/**
 * The OpenAPI documents of a server. Nothing is built before it is asked for, and what built-in kinds make of it is
 * shared by all servers of the process.
 */
import { builtinKinds } from '#apis/kubernetes/kinds.ts';
import { builtinComponent, builtinComponents } from '#apis/kubernetes/tables.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import type { GroupVersionKind } from '#kube/meta/kind.ts';
import type { JsonObject } from '#kube/meta/object.ts';
import type { BuiltinComponents } from '#kube/openapi/components.ts';
import { type DocumentParts, versionDocument } from '#kube/openapi/documents.ts';
import { componentName, listComponentName } from '#kube/openapi/names.ts';
import { openApiParts } from '#kube/openapi/openapi.ts';
import { documentV2, type PartV2, partV2 } from '#kube/openapi/v2.ts';
import { documentV3 } from '#kube/openapi/v3.ts';
import { sha512Text } from '#world/certificates/digest.ts';
import { mergedV2 } from './merge.ts';

export interface OpenApiDocuments {
  /** Path -> document of OpenAPI v3: `apis/apps/v1`. */
  readonly paths: () => readonly string[];
  readonly v3: (path: string) => JsonObject | undefined;
  /** Changes with the content. */
  readonly hashOf: (path: string) => string | undefined;
  /** With what `foreign` parts say beside it. */
  readonly v2: (foreign: readonly JsonObject[]) => JsonObject;
  readonly hashOfV2: (document: JsonObject) => string;
}

/** By a group version's first kind: all members of a fleet serve the same built-in kinds. */
const knownParts = new WeakMap<KindDefinition, DocumentParts>();

const sameMembers = (left: readonly KindDefinition[], right: readonly KindDefinition[]) =>
  left.length === right.length && left.every((kind, index) => kind === right[index]);

function partsOf(members: readonly KindDefinition[]): DocumentParts {
  const first = members[0]!;
  const known = knownParts.get(first);
  if (known && sameMembers(known.kinds, members)) return known;
  const parts = versionDocument(members);
  knownParts.set(first, parts);
  return parts;
}

const builtinNames = new Set(builtinComponents());
let kindsByName: ReadonlyMap<string, GroupVersionKind> | undefined;

const byComponent = () =>
  new Map(
    builtinKinds().flatMap((kind) => [
      [componentName(kind), kind],
      [listComponentName(kind), { ...kind, kind: kind.listKind }],
    ]),
  );

const builtin: BuiltinComponents = {
  schema: (name) => (builtinNames.has(name) ? builtinComponent(name) : undefined),
  kind: (name) => {
    kindsByName ??= byComponent();
    return kindsByName.get(name);
  },
};

function remembered<T>(make: (parts: DocumentParts) => T): (parts: DocumentParts) => T {
  const known = new WeakMap<DocumentParts, { readonly value: T }>();
  return (parts) => {
    const found = known.get(parts) ?? { value: make(parts) };
    known.set(parts, found);
    return found.value;
  };
}

const partOfV2 = remembered<PartV2>((parts) => partV2(parts, builtin));
const v3Of = new Map<string, (parts: DocumentParts) => JsonObject>();

function writerV3(release: string): (parts: DocumentParts) => JsonObject {
  const writer = v3Of.get(release) ?? remembered((parts) => documentV3(parts, builtin, release));
  v3Of.set(release, writer);
  return writer;
}

const hashes = new WeakMap<JsonObject, string>();

function hashOf(document: JsonObject): string {
  const hash = hashes.get(document) ?? sha512Text(JSON.stringify(document));
  hashes.set(document, hash);
  return hash;
}

/** Of these kinds as they are now. */
export function openApiDocuments(kinds: readonly KindDefinition[], release: string): OpenApiDocuments {
  const parts = openApiParts(kinds, partsOf);
  const write = writerV3(release);
  let own: JsonObject | undefined;
  let merged: { readonly foreign: readonly JsonObject[]; readonly document: JsonObject } | undefined;
  const v3 = (path: string) => {
    const found = parts.get(path);
    return found && write(found);
  };
  return {
    paths: () => [...parts.keys()],
    v3,
    hashOf: (path) => {
      const document = v3(path);
      return document && hashOf(document);
    },
    v2: (foreign) => {
      own ??= documentV2([...parts.values()].map(partOfV2), release);
      if (foreign.length === 0) return own;
      if (merged?.foreign !== foreign) merged = { foreign, document: mergedV2(own, foreign) };
      return merged.document;
    },
    hashOfV2: hashOf,
  };
}
