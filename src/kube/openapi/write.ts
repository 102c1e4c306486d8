/** Schema -> OpenAPI JSON. */
import type { JsonObject, JsonValue } from '../meta/object.ts';
import type { Schema } from '../schema/schema.ts';
import { openApiNames, type PlainKeyword, plainKeywords } from './keywords.ts';

export interface WriteOptions {
  /** Keywords that are left out. */
  readonly without?: ReadonlySet<PlainKeyword>;
  /**
   * Asked for every schema below the first: the name it is published under, or undefined to write it where it stands.
   * Without it nothing is referred to, which a recursive schema cannot bear.
   */
  readonly reference?: (schema: Schema) => string | undefined;
  /** Where references lead: `#/components/schemas/` when absent. OpenAPI v2 lets siblings stand beside them. */
  readonly style?: 'v2';
  /** What a reference's component says itself, so that only what a place changes is written beside it. */
  readonly component?: (name: string) => Schema | undefined;
}

type OpenObject = Record<string, JsonValue>;

export function writeSchema(schema: Schema, options: WriteOptions = {}): JsonObject {
  const child = (each: Schema) => writeChild(each, options);
  const written: OpenObject = writePlain(schema, plainKeywords, options);
  if (schema.properties) written.properties = mapValues(schema.properties, child);
  if (schema.additionalProperties) written.additionalProperties = child(schema.additionalProperties);
  if (schema.items) written.items = child(schema.items);
  for (const name of ['allOf', 'anyOf', 'oneOf'] as const) {
    const alternatives = schema[name];
    if (alternatives) written[name] = alternatives.map(child);
  }
  if (schema.not) written.not = child(schema.not);
  return written;
}

/** What stands beside a reference and is not said by the component itself. */
const beside: readonly PlainKeyword[] = ['description', 'default', 'patchStrategy', 'patchMergeKey'];

const besideOf = ({ mapType }: Schema, component: Schema | undefined): readonly PlainKeyword[] =>
  component === undefined || mapType === component.mapType ? beside : [...beside, 'mapType'];

function writeChild(schema: Schema, options: WriteOptions): JsonObject {
  const name = options.reference?.(schema);
  if (name === undefined) return writeSchema(schema, options);
  const siblings = writePlain(schema, besideOf(schema, options.component?.(name)), options);
  if (options.style === 'v2') return { ...siblings, $ref: `#/definitions/${name}` };
  const reference = { $ref: `#/components/schemas/${name}` };
  // OpenAPI 3.0 ignores what stands beside $ref.
  return Object.keys(siblings).length === 0 ? reference : { allOf: [reference], ...siblings };
}

function writePlain(schema: Schema, keywords: readonly PlainKeyword[], { without }: WriteOptions): OpenObject {
  const written: OpenObject = {};
  for (const keyword of keywords) {
    const value = schema[keyword];
    if (value === undefined || without?.has(keyword)) continue;
    // The quantity of a built-in kind is known by its component; the format is ours.
    if (keyword === 'format' && value === 'quantity') continue;
    written[openApiNames[keyword]] = value as JsonValue;
  }
  return written;
}

function mapValues(record: Readonly<Record<string, Schema>>, change: (schema: Schema) => JsonValue): JsonObject {
  const result: OpenObject = {};
  for (const name in record) result[name] = change(record[name]!);
  return result;
}
