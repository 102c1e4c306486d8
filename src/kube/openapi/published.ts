/** Schemas as OpenAPI documents publish them: what a place adds is taken off, and v2 says less of custom kinds. */
import type { KindDefinition } from '../kind/definition.ts';
import { withEnvelope } from '../schema/metadata.ts';
import type { Schema } from '../schema/schema.ts';
import { componentName } from './names.ts';

const ofPlace = new Set(['default', 'patchStrategy', 'patchMergeKey']);

/** A component by itself: what the place it was met in adds to it belongs beside the reference. */
export const byItself = (schema: Schema): Schema => without(schema, ofPlace);

const without = (schema: Schema, keywords: ReadonlySet<string>): Schema =>
  Object.fromEntries(Object.entries(schema).filter(([keyword]) => !keywords.has(keyword)));

type ChildChange = (schema: Schema) => Schema;

function withChildren(schema: Schema, change: ChildChange): Schema {
  const { properties, additionalProperties, items } = schema;
  return {
    ...schema,
    ...(properties
      ? { properties: Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, change(each)])) }
      : {}),
    ...(additionalProperties ? { additionalProperties: change(additionalProperties) } : {}),
    ...(items ? { items: change(items) } : {}),
  };
}

const envelopeFields = ['kind', 'apiVersion'];

/** An object within a custom one has the envelope too. */
function withEmbedded(schema: Schema): Schema {
  const changed = withChildren(schema, withEmbedded);
  if (!schema.embeddedResource) return changed;
  const { required = [] } = schema;
  return {
    ...withEnvelope(changed),
    required: [...required, ...envelopeFields.filter((name) => !required.includes(name))],
  };
}

/** Of a kind, whole. */
export function publishedSchema(kind: KindDefinition): Schema {
  return kind.native === undefined && kind.schema.component === undefined
    ? withEnvelope(withEmbedded(kind.schema))
    : kind.schema;
}

const junctors = new Set(['allOf', 'anyOf', 'oneOf', 'not']);
const contents = new Set(['items', 'properties']);
const emptied = new Set([...contents, 'type', 'nullable']);

/** What OpenAPI v2, or kubectl's reading of it, cannot say of a custom kind (apiextensions' ToStructuralOpenAPIV2). */
function customForV2(schema: Schema): Schema {
  let kept = without(schema, junctors);
  if (schema.nullable) kept = without(kept, emptied);
  if (schema.preserveUnknownFields) {
    kept = without(kept, schema.type === 'object' || schema.type === 'array' ? emptied : contents);
  }
  if (kept.required && schema.properties) {
    const required = kept.required.filter((name) => !schema.properties![name]?.nullable);
    kept = required.length > 0 ? { ...kept, required } : without(kept, new Set(['required']));
  }
  return withChildren(kept, customForV2);
}

const embeddedForV2 = (schema: Schema): Schema => {
  if (schema.preserveUnknownFields) return schema;
  const changed = withChildren(schema, embeddedForV2);
  return schema.embeddedResource ? withEmbedded({ ...changed }) : changed;
};

/** Nothing is said of a kind that keeps unknown fields at its root. */
export function publishedSchemaV2(kind: KindDefinition): Schema {
  if (kind.native !== undefined || kind.schema.component !== undefined) return kind.schema;
  if (kind.schema.preserveUnknownFields) return { type: 'object' };
  return withEnvelope(embeddedForV2(customForV2(kind.schema)));
}

/** Quantities and the like, which v2 can only call texts. */
export const forV2 = (schema: Schema): Schema =>
  schema.component !== undefined && schema.oneOf ? { ...without(schema, junctors), type: 'string' } : schema;

/** The list of a custom kind. */
export function listSchema(kind: KindDefinition, listMeta: Schema): Schema {
  const item: Schema = { ...kind.schema, component: componentName(kind) };
  return {
    type: 'object',
    required: ['items'],
    properties: {
      apiVersion: { type: 'string' },
      items: { type: 'array', items: item },
      kind: { type: 'string' },
      metadata: listMeta,
    },
  };
}
