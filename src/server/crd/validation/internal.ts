/**
 * Definitions as kube-apiserver holds them inside: what all versions have in common stands in the spec itself, and
 * that is where its errors point. Some texts show that form, with Go's names of the fields.
 */
import { deepEqual } from '#kube/meta/equal.ts';
import type { JsonValue } from '#kube/meta/object.ts';
import type { DefinitionSpec, Version } from '../definition.ts';
import { fieldsOf, isObject, listOf, type Props, schemasOf } from './props.ts';

type Part = 'schema' | 'subresources' | 'additionalPrinterColumns' | 'selectableFields';

/** Where the spec keeps what all versions share. */
const sharedAs: Readonly<Record<Part, string>> = {
  schema: 'validation',
  subresources: 'subresources',
  additionalPrinterColumns: 'additionalPrinterColumns',
  selectableFields: 'selectableFields',
};

export interface Shared {
  readonly has: (part: Part) => boolean;
  /** `spec.validation` or `spec.versions[1].schema`. */
  readonly path: (part: Part, index: number) => string;
  /** The versions as texts show them. */
  readonly shown: () => JsonValue;
}

export function sharedBy({ versions }: DefinitionSpec): Shared {
  const [first] = versions ?? [];
  const same = (part: Part) => (versions ?? []).every((each) => deepEqual(each[part] ?? null, first?.[part] ?? null));
  const shared = new Set((Object.keys(sharedAs) as Part[]).filter(same));
  return {
    has: (part) => shared.has(part),
    path: (part, index) => (shared.has(part) ? `spec.${sharedAs[part]}` : `spec.versions[${index}].${part}`),
    shown: () => (versions ? versions.map((each) => shownVersion(each, shared)) : null),
  };
}

function shownVersion(version: Version, shared: ReadonlySet<Part>): JsonValue {
  const { name, served = false, storage = false, deprecated = false, deprecationWarning = null } = version;
  const own = <T>(part: Part, show: (value: T) => JsonValue): JsonValue => {
    const value = version[part] as T | undefined;
    return value === undefined || value === null || shared.has(part) ? null : show(value);
  };
  return {
    Name: name,
    Served: served,
    Storage: storage,
    Deprecated: deprecated,
    DeprecationWarning: deprecationWarning,
    Schema: own<{ openAPIV3Schema?: Props }>('schema', ({ openAPIV3Schema }) => ({
      OpenAPIV3Schema: openAPIV3Schema ? shownSchema(openAPIV3Schema) : null,
    })),
    Subresources: own<Props>('subresources', ({ status, scale }) => ({
      Status: status ? {} : null,
      Scale: isObject(scale) ? shownScale(scale) : null,
    })),
    AdditionalPrinterColumns: own<readonly Props[]>('additionalPrinterColumns', (columns) => columns.map(shownColumn)),
    SelectableFields: own<readonly Props[]>('selectableFields', (fields) =>
      fields.map(({ jsonPath = '' }) => ({ JSONPath: jsonPath })),
    ),
  };
}

const shownScale = ({
  specReplicasPath = '',
  statusReplicasPath = '',
  labelSelectorPath = null,
}: Props): JsonValue => ({
  SpecReplicasPath: specReplicasPath,
  StatusReplicasPath: statusReplicasPath,
  LabelSelectorPath: labelSelectorPath,
});

const shownColumn = (column: Props): JsonValue => ({
  Name: column.name ?? '',
  Type: column.type ?? '',
  Format: column.format ?? '',
  Description: column.description ?? '',
  Priority: column.priority ?? 0,
  JSONPath: column.jsonPath ?? '',
});

export const shownRule = (rule: Props): JsonValue => ({
  Rule: rule.rule ?? '',
  Message: rule.message ?? '',
  MessageExpression: rule.messageExpression ?? '',
  Reason: rule.reason ?? null,
  FieldPath: rule.fieldPath ?? '',
  OptionalOldSelf: rule.optionalOldSelf ?? null,
});

type Show = (value: JsonValue | undefined) => JsonValue;

const or =
  (absent: JsonValue): Show =>
  (value) =>
    value ?? absent;
const text = or('');
const flag = or(false);
const nothing = or(null);
const schema: Show = (value) => (isObject(value) ? shownSchema(value) : null);
const schemas: Show = (value) => (Array.isArray(value) ? schemasOf(value).map(shownSchema) : null);
const named: Show = (value) =>
  isObject(value)
    ? Object.fromEntries(
        Object.entries(fieldsOf(value))
          .sort(([left], [right]) => (left < right ? -1 : 1))
          .map(([name, each]) => [name, shownSchema(each)]),
      )
    : null;
const schemaOrFlag: Show = (value) =>
  value === undefined || value === null ? null : { Allows: value !== false, Schema: schema(value) };
const schemaOrList: Show = (value) =>
  value === undefined || value === null ? null : { Schema: schema(value), JSONSchemas: schemas(value) };

/** In the order of Go's struct. */
const fields: readonly (readonly [string, string, Show])[] = [
  ['ID', 'id', text],
  ['Schema', '$schema', text],
  ['Ref', '$ref', nothing],
  ['Description', 'description', text],
  ['Type', 'type', text],
  ['Nullable', 'nullable', flag],
  ['Format', 'format', text],
  ['Title', 'title', text],
  ['Default', 'default', nothing],
  ['Maximum', 'maximum', nothing],
  ['ExclusiveMaximum', 'exclusiveMaximum', flag],
  ['Minimum', 'minimum', nothing],
  ['ExclusiveMinimum', 'exclusiveMinimum', flag],
  ['MaxLength', 'maxLength', nothing],
  ['MinLength', 'minLength', nothing],
  ['Pattern', 'pattern', text],
  ['MaxItems', 'maxItems', nothing],
  ['MinItems', 'minItems', nothing],
  ['UniqueItems', 'uniqueItems', flag],
  ['MultipleOf', 'multipleOf', nothing],
  ['Enum', 'enum', nothing],
  ['MaxProperties', 'maxProperties', nothing],
  ['MinProperties', 'minProperties', nothing],
  ['Required', 'required', nothing],
  ['Items', 'items', schemaOrList],
  ['AllOf', 'allOf', schemas],
  ['OneOf', 'oneOf', schemas],
  ['AnyOf', 'anyOf', schemas],
  ['Not', 'not', schema],
  ['Properties', 'properties', named],
  ['AdditionalProperties', 'additionalProperties', schemaOrFlag],
  ['PatternProperties', 'patternProperties', named],
  ['Dependencies', 'dependencies', nothing],
  ['AdditionalItems', 'additionalItems', schemaOrFlag],
  ['Definitions', 'definitions', named],
  ['ExternalDocs', 'externalDocs', nothing],
  ['Example', 'example', nothing],
  ['XPreserveUnknownFields', 'x-kubernetes-preserve-unknown-fields', nothing],
  ['XEmbeddedResource', 'x-kubernetes-embedded-resource', flag],
  ['XIntOrString', 'x-kubernetes-int-or-string', flag],
  ['XListMapKeys', 'x-kubernetes-list-map-keys', nothing],
  ['XListType', 'x-kubernetes-list-type', nothing],
  ['XMapType', 'x-kubernetes-map-type', nothing],
  [
    'XValidations',
    'x-kubernetes-validations',
    (value) => (Array.isArray(value) ? listOf(value).filter(isObject).map(shownRule) : null),
  ],
];

export function shownSchema(props: Props): JsonValue {
  return Object.fromEntries(fields.map(([name, keyword, show]) => [name, show(props[keyword])]));
}

/** Go's names of the keywords that are given, in Go's order. */
export const givenFields = (props: Props): readonly string[] =>
  fields
    .filter(([, keyword, show]) => JSON.stringify(show(props[keyword])) !== JSON.stringify(show(undefined)))
    .map(([name]) => name);
