/** Schemas as definitions write them (JSONSchemaProps), and walks over all schemas of one. */
import type { JsonObject, JsonValue } from '#kube/meta/object.ts';

export type Props = JsonObject;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
export const listOf = (value: unknown): readonly JsonValue[] => (Array.isArray(value) ? (value as JsonValue[]) : []);
export const schemasOf = (value: unknown): readonly Props[] => listOf(value).filter(isObject);
export const fieldsOf = (value: unknown): Readonly<Record<string, Props>> =>
  isObject(value)
    ? (Object.fromEntries(Object.entries(value).filter(([, each]) => isObject(each))) as Record<string, Props>)
    : {};

export const combinations = ['allOf', 'anyOf', 'oneOf'] as const;

/** Every schema directly below one, whatever keyword it stands under. */
function* below(props: Props): Generator<Props> {
  if (isObject(props.items)) yield props.items;
  yield* schemasOf(props.items);
  for (const name of combinations) yield* schemasOf(props[name]);
  if (isObject(props.not)) yield props.not;
  for (const keyword of ['properties', 'patternProperties', 'definitions', 'dependencies'])
    yield* Object.values(fieldsOf(props[keyword]));
  if (isObject(props.additionalProperties)) yield props.additionalProperties;
  if (isObject(props.additionalItems)) yield props.additionalItems;
}

/** Whether any schema in it, itself included, is so. */
export function someSchema(props: Props, is: (each: Props) => boolean): boolean {
  if (is(props)) return true;
  for (const each of below(props)) if (someSchema(each, is)) return true;
  return false;
}

/** Whether a keyword says something: Go's zero values say nothing. */
export const isGiven = (value: JsonValue | undefined): boolean =>
  value !== undefined &&
  value !== null &&
  value !== false &&
  value !== '' &&
  !(Array.isArray(value) && value.length === 0);
