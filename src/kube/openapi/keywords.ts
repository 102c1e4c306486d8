/** The keywords of a Schema under their OpenAPI names, in the order they are written. */
import type { Schema } from '../schema/schema.ts';

/** Keywords whose values are plain JSON; children and names of components are walked by whoever reads or writes. */
export type PlainKeyword = Exclude<
  keyof Schema,
  'properties' | 'additionalProperties' | 'items' | 'allOf' | 'anyOf' | 'oneOf' | 'not' | 'component'
>;

export const openApiNames: Readonly<Record<PlainKeyword, string>> = {
  description: 'description',
  type: 'type',
  format: 'format',
  default: 'default',
  enum: 'enum',
  nullable: 'nullable',
  minimum: 'minimum',
  maximum: 'maximum',
  exclusiveMinimum: 'exclusiveMinimum',
  exclusiveMaximum: 'exclusiveMaximum',
  multipleOf: 'multipleOf',
  minLength: 'minLength',
  maxLength: 'maxLength',
  pattern: 'pattern',
  minItems: 'minItems',
  maxItems: 'maxItems',
  uniqueItems: 'uniqueItems',
  minProperties: 'minProperties',
  maxProperties: 'maxProperties',
  required: 'required',
  listType: 'x-kubernetes-list-type',
  listMapKeys: 'x-kubernetes-list-map-keys',
  mapType: 'x-kubernetes-map-type',
  patchStrategy: 'x-kubernetes-patch-strategy',
  patchMergeKey: 'x-kubernetes-patch-merge-key',
  preserveUnknownFields: 'x-kubernetes-preserve-unknown-fields',
  embeddedResource: 'x-kubernetes-embedded-resource',
  intOrString: 'x-kubernetes-int-or-string',
  unions: 'x-kubernetes-unions',
  validations: 'x-kubernetes-validations',
};

export const plainKeywords = Object.keys(openApiNames) as readonly PlainKeyword[];

/** Marks a CRD's schema may not carry: patches of custom resources are merge patches. */
export const builtinOnly: ReadonlySet<PlainKeyword> = new Set(['patchStrategy', 'patchMergeKey', 'unions']);
