/** Whether a value has the JSON types its schema asks for: the quick question every write is asked. */
import { fieldsOf, itemsOf } from '#kube/schema/copy.ts';
import { bytesError } from '#kube/schema/decode-scalar.ts';
import type { Schema } from '#kube/schema/schema.ts';

/** `known` fits: what is the same reference in both is not looked at again. */
type Check = (value: unknown, known?: unknown) => boolean;

const compiled = new WeakMap<Schema, Check>();

/** `null` is the zero value of everything. */
export function fits(schema: Schema, value: unknown, known?: unknown): boolean {
  return checkOf(schema)(value, known);
}

/** Types whose JSON form is not their Go form; their own parsers speak. */
const scalarComponents = new Set(['Quantity', 'IntOrString', 'FieldsV1', 'JSON', 'RawExtension']);
const timeComponents = new Set(['Time', 'MicroTime']);
/** What Go's parser takes at a glance; what looks otherwise is told by it. */
const timeText = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** The part of a component's name after its package: `io.k8s.api.core.v1.Container` -> `Container`. */
const shortName = (component: string): string => component.slice(component.lastIndexOf('.') + 1);

/** Nothing is asked of these. */
function isOpaque({ intOrString, component, type }: Schema): boolean {
  return (
    type === undefined ||
    intOrString === true ||
    (component !== undefined && scalarComponents.has(shortName(component)))
  );
}

const anything: Check = () => true;

function checkOf(schema: Schema): Check {
  const known = compiled.get(schema);
  if (known) return known;
  // A schema may contain itself: until its own check is made, the placeholder looks it up.
  compiled.set(schema, (value, before) => compiled.get(schema)!(value, before));
  const check = compile(schema);
  compiled.set(schema, check);
  return check;
}

const largest: Readonly<Record<string, number>> = { int32: 2 ** 31, int64: 2 ** 63 };

/** Whether a number is one of the Go type. */
function isInteger(value: unknown, format: string | undefined): boolean {
  const limit = largest[format ?? 'int64'] ?? 2 ** 63;
  return typeof value === 'number' && Number.isInteger(value) && value < limit && value >= -limit;
}

function compile(schema: Schema): Check {
  if (isOpaque(schema)) return anything;
  const { type, format, component } = schema;
  if (component !== undefined && timeComponents.has(shortName(component))) return isTime;
  switch (type) {
    case 'object':
      return compileObject(schema);
    case 'array':
      return compileList(schema);
    case 'integer':
      return (value) => isInteger(value, format) || isNothing(value);
    case 'string':
      if (format === 'byte') return (value) => isNothing(value) || (typeof value === 'string' && !bytesError(value));
      return (value) => typeof value === 'string' || isNothing(value);
    case 'boolean':
    case 'number':
      // oxlint-disable-next-line valid-typeof
      return (value) => typeof value === type || isNothing(value);
    case undefined:
      return anything;
  }
}

const isTime: Check = (value) =>
  isNothing(value) || (typeof value === 'string' && (value === '' || timeText.test(value)));
const isNothing = (value: unknown) => value === null || value === undefined;

function compileObject({ properties, additionalProperties }: Schema): Check {
  const checks: Record<string, Check> = Object.create(null) as Record<string, Check>;
  const opaque = new Set<string>();
  for (const [name, property] of Object.entries(properties ?? {})) {
    const check = checkOf(property);
    if (check === anything) opaque.add(name);
    else checks[name] = check;
  }
  const rest = additionalProperties ? checkOf(additionalProperties) : undefined;
  return (value, known) => {
    if (typeof value !== 'object' || Array.isArray(value)) return value === undefined;
    if (value === known) return true;
    const fields = value as Readonly<Record<string, unknown>>;
    const before = fieldsOf(known);
    for (const name in fields) {
      // A value nothing is asked of is not even read: kept fields are parsed when they are.
      const check = checks[name] ?? (opaque.has(name) ? undefined : rest);
      if (check && !check(fields[name], before[name])) return false;
    }
    return true;
  };
}

function compileList({ items }: Schema): Check {
  const check = items ? checkOf(items) : anything;
  return (value, known) => {
    if (!Array.isArray(value)) return isNothing(value);
    const before = itemsOf(known);
    return value === known || value.every((item, index) => check(item, before[index]));
  };
}
