/** What of an OpenAPI v3 document `explain` reads: the paths of a resource, and the schemas they speak of. */
import type { GroupVersion } from '#kube/meta/kind.ts';
import type { JsonValue } from '#kube/meta/object.ts';

export interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

const kindKey = 'x-kubernetes-group-version-kind';

export interface FieldSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly externalDocs?: { readonly description?: string; readonly url?: string };
  readonly enum?: readonly JsonValue[];
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly required?: readonly string[];
  readonly items?: FieldSchema;
  readonly additionalProperties?: FieldSchema | boolean;
  readonly allOf?: readonly FieldSchema[];
  readonly [kindKey]?: readonly Kind[];
}

type PathItem = Readonly<Record<string, { readonly [kindKey]?: Kind } | undefined>>;

export interface OpenApiDocument {
  readonly paths?: Readonly<Record<string, PathItem | undefined>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, FieldSchema>> };
}

const methods = ['get', 'post', 'put', 'patch', 'delete'];

/** The kind that the resource's operations name; undefined where the document has none of its paths. */
export function kindIn(
  { paths = {} }: OpenApiDocument,
  { group, version }: GroupVersion,
  resource: string,
): Kind | undefined {
  const root = `${group === '' ? '/api' : `/apis/${group}`}/${version}`;
  const places = [root, `${root}/namespaces/{namespace}`].flatMap((place) => [
    `${place}/${resource}`,
    `${place}/${resource}/{name}`,
  ]);
  return places
    .flatMap((place) => methods.map((method) => paths[place]?.[method]?.[kindKey]))
    .find((kind) => kind !== undefined);
}

/** By name, as whoever publishes them sorts them: the first that is of this kind. */
export function schemaOf({ components }: OpenApiDocument, of: Kind): FieldSchema | undefined {
  const schemas = Object.entries(components?.schemas ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return schemas.find(([, schema]) =>
    schema[kindKey]?.some(
      ({ group, version, kind }) => group === of.group && version === of.version && kind === of.kind,
    ),
  )?.[1];
}

const schemasAt = '#/components/schemas/';

/** What a reference leads to; undefined for none, and for one that leads nowhere. */
export function referred({ components }: OpenApiDocument, ref: string | undefined): FieldSchema | undefined {
  return ref?.startsWith(schemasAt) ? components?.schemas?.[ref.slice(schemasAt.length)] : undefined;
}

/** A schema that says nothing counts as none. */
export const filled = (schema: FieldSchema | boolean | undefined): FieldSchema | undefined =>
  typeof schema === 'object' && Object.keys(schema).length > 0 ? schema : undefined;
