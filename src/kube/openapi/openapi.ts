/**
 * OpenAPI v3 documents, one per group version, as `/openapi/v3/<path>` serves them: what kubectl explain, its
 * validation and its patches read. A document is built when it is first asked for.
 */
import type { KindDefinition } from '../kind/definition.ts';
import type { JsonObject, JsonValue } from '../meta/object.ts';
import { fnv1a32 } from '../names/hash.ts';
import { withEnvelope } from '../schema/metadata.ts';
import type { Schema } from '../schema/schema.ts';
import { pathsOf } from './paths.ts';
import { writeSchema } from './write.ts';

export { schemaFromOpenApi } from './read.ts';

export interface OpenApiDocument {
  /** Changes with the content; clients cache `…?hash=` for ever. */
  readonly hash: string;
  readonly document: JsonObject;
}

const metaPrefix = 'io.k8s.apimachinery.pkg.apis.meta.v1.';

const listMetaSchema: Schema = {
  type: 'object',
  properties: {
    continue: { type: 'string' },
    remainingItemCount: { type: 'integer', format: 'int64' },
    resourceVersion: { type: 'string' },
    selfLink: { type: 'string' },
  },
  component: `${metaPrefix}ListMeta`,
};

/** `release` is the Kubernetes version the server speaks for: `v1.35.3`. Keys are `api/v1`, `apis/apps/v1`, …  */
export function openApiDocuments(kinds: readonly KindDefinition[], release = ''): ReadonlyMap<string, OpenApiDocument> {
  const groups = new Map<string, KindDefinition[]>();
  for (const kind of kinds) {
    const path = kind.group === '' ? `api/${kind.version}` : `apis/${kind.group}/${kind.version}`;
    const group = groups.get(path);
    if (group) group.push(kind);
    else groups.set(path, [kind]);
  }
  return new Map([...groups].map(([path, members]) => [path, lazyDocument(path, members, release)]));
}

function lazyDocument(path: string, kinds: readonly KindDefinition[], release: string): OpenApiDocument {
  let hash: string | undefined;
  let document: JsonObject | undefined;
  return {
    get hash(): string {
      hash ??= hashOf(path, kinds, release);
      return hash;
    },
    get document(): JsonObject {
      document ??= documentOf(kinds, release);
      return document;
    },
  };
}

/** Built-in kinds change with the release only, so their schemas need not be decoded for it. */
function hashOf(path: string, kinds: readonly KindDefinition[], release: string): string {
  const texts = kinds.map((kind) =>
    kind.native ? kind.kind : JSON.stringify([kind.kind, kind.verbs, kind.subresources, writeSchema(kind.schema)]),
  );
  const text = [path, release, ...texts].join('\n');
  return fnv1a32(text).toString(16).toUpperCase().padStart(8, '0') + text.length.toString(16).toUpperCase();
}

function documentOf(kinds: readonly KindDefinition[], release: string): JsonObject {
  const components: Record<string, JsonValue> = {};
  const paths: Record<string, JsonValue> = {};
  const publish = publisher(components);
  for (const kind of kinds) {
    const name = componentName(kind);
    const list = name.slice(0, name.length - kind.kind.length) + kind.listKind;
    publish(name, kind.schema.component === undefined ? withEnvelope(kind.schema) : kind.schema);
    components[name] = { ...(components[name] as JsonObject), ...kindMark(kind, kind.kind) };
    publish(list, listSchema(kind.schema, name));
    components[list] = { ...(components[list] as JsonObject), ...kindMark(kind, kind.listKind) };
    Object.assign(paths, pathsOf(kind, { kind: name, list }));
  }
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: release },
    paths,
    components: { schemas: sorted(components) },
  };
}

/** Writes a schema under its name, and every component it refers to under theirs. */
function publisher(components: Record<string, JsonValue>): (name: string, schema: Schema) => void {
  const publish = (name: string, schema: Schema): void => {
    if (components[name] !== undefined) return;
    components[name] = {};
    components[name] = writeSchema(asPublished(schema), {
      reference: (each) => {
        if (each.component === undefined) return undefined;
        publish(each.component, each);
        return each.component;
      },
    });
  };
  return publish;
}

const ofPlace = new Set(['default', 'patchStrategy', 'patchMergeKey']);

/** A component by itself: what the place it was met in adds to it belongs beside the reference. */
function asPublished(schema: Schema): Schema {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => !ofPlace.has(keyword)));
}

function listSchema(schema: Schema, component: string): Schema {
  return {
    type: 'object',
    required: ['items'],
    properties: {
      apiVersion: { type: 'string' },
      items: { type: 'array', items: { ...schema, component, default: {} } },
      kind: { type: 'string' },
      metadata: { ...listMetaSchema, default: {} },
    },
  };
}

/** As Go names packages: `io.k8s.api.apps.v1.Deployment`; a custom kind by its group, turned around. */
function componentName({ group, version, kind, schema }: KindDefinition): string {
  return schema.component ?? `${group.split('.').reverse().join('.')}.${version}.${kind}`;
}

const kindMark = ({ group, version }: KindDefinition, kind: string): JsonObject => ({
  'x-kubernetes-group-version-kind': [{ group, kind, version }],
});

function sorted(record: Readonly<Record<string, JsonValue>>): JsonObject {
  return Object.fromEntries(Object.entries(record).sort(([left], [right]) => (left < right ? -1 : 1)));
}
