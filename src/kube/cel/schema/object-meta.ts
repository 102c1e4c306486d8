/** What is seen of every resource, whatever its schema says. */
import type { Schema } from '../../schema/schema.ts';

const stringField: Schema = { type: 'string' };

/** Of a resource `apiVersion`, `kind`, `metadata.name` and `metadata.generateName` are there whatever the schema says. */
export function withObjectMeta(schema: Schema): Schema {
  const { properties = {} } = schema;
  const { metadata } = properties;
  const isString = (field: Schema | undefined) => field?.type === 'string';
  if (
    isString(properties.kind) &&
    isString(properties.apiVersion) &&
    metadata?.type === 'object' &&
    isString(metadata.properties?.name) &&
    isString(metadata.properties?.generateName)
  )
    return schema;
  return {
    ...schema,
    type: 'object',
    properties: {
      ...properties,
      kind: stringField,
      apiVersion: stringField,
      metadata: { type: 'object', properties: { name: stringField, generateName: stringField } },
    },
  };
}
