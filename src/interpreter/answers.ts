/**
 * What a script or a webhook answered, held against what its operation asks for: the answer as the interpreter's
 * contract has it, or an error that says which part is wrong. Pure.
 */
import { checkLabelSelector } from '#apis/kubernetes/native/validate/labels.ts';
import { component } from '#apis/work/binding-spec.ts';
import { replicaRequirements } from '#apis/work/requirements.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import type { JsonObject, JsonValue, UnstructuredObject } from '#kube/meta/object.ts';
import { array, map, object, required, type Static, string } from '#kube/schema/build.ts';
import { pruneCustom } from '#kube/schema/prune.ts';
import type { Schema } from '#kube/schema/schema.ts';
import { validateSchema } from '#kube/schema/validate.ts';
import type { StatusCause } from '#kube/status/status.ts';
import type { Component, Dependency, Health, Replicas } from './interpreter.ts';

/** null and undefined are both Lua's nil. */
export type Told = JsonValue | undefined;

const mostReplicas = 2 ** 31 - 1;
/** More are not recorded on a binding, whose annotations may hold 256 KiB; the shortest takes 45 bytes. */
const mostDependencies = 5_000;

const selectorRequirement = object({ key: required(string()), operator: required(string()), values: array(string()) });
const dependency = object({
  apiVersion: required(string()),
  kind: required(string()),
  namespace: string(),
  name: string(),
  labelSelector: object({ matchLabels: map(string()), matchExpressions: array(selectorRequirement) }),
});

/** Each under the name that errors call it by. */
const answers = object({
  requirements: replicaRequirements,
  components: array(component),
  dependencies: array(dependency),
});
type Answers = Static<typeof answers>;

/** A value as an error shows it, by its type: values may be large, or secret. */
function typeOf(value: Told): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty table' : 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

const wrong = (what: string, wanted: string, value: Told) =>
  new Error(`${what} must be ${wanted}, and is ${typeOf(value)}`);

const isEmpty = (value: JsonValue) => typeof value === 'object' && value !== null && Object.keys(value).length === 0;

/** An empty Lua table is a list as much as an object: here it becomes what the schema asks for. */
function fitted(schema: Schema, value: JsonValue): JsonValue {
  if (schema.type === 'array' && isEmpty(value)) return [];
  if (schema.type === 'object' && isEmpty(value)) return {};
  if (Array.isArray(value)) {
    const { items } = schema;
    return items ? (value as readonly JsonValue[]).map((item) => fitted(items, item)) : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  const rest = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => {
      const known = schema.properties?.[name] ?? rest;
      return [name, known && field !== undefined ? fitted(known, field) : field];
    }),
  );
}

function refuse(causes: readonly StatusCause[]): void {
  if (causes.length === 0) return;
  throw new Error(causes.map(({ field, message }) => (field ? `${field}: ${message}` : message)).join('; '));
}

/** The value without what the schema does not know; throws where it does not hold. */
function shaped<K extends keyof Answers>(what: K, value: JsonValue): NonNullable<Answers[K]> {
  const { value: known } = pruneCustom(answers, fitted(answers, { [what]: value }));
  refuse(validateSchema(answers, known));
  return (known as Answers)[what]!;
}

function countOf(value: Told): number {
  if (typeof value !== 'number') throw wrong('replicas', 'a number', value);
  // Go's conversion to int32 drops what is behind the point.
  const count = Math.trunc(value);
  if (count >= 0 && count <= mostReplicas) return count === 0 ? 0 : count;
  throw new Error(`replicas must be between 0 and ${mostReplicas}, and are ${value}`);
}

export function replicasIn(count: Told, requirements: Told): Replicas {
  const replicas = countOf(count);
  if (requirements === null || requirements === undefined) return { replicas };
  if (typeof requirements !== 'object') throw wrong('requirements', 'an object or nothing', requirements);
  return { replicas, requirements: shaped('requirements', requirements) };
}

export function componentsIn(value: Told): readonly Component[] {
  if (value === null || value === undefined || typeof value !== 'object')
    throw wrong('components', 'a list of {name, replicas, replicaRequirements}', value);
  const list = shaped('components', value);
  return list.map((each, i) => {
    try {
      return { ...each, replicas: countOf(each.replicas) };
    } catch (error) {
      throw new Error(`components[${i}].${(error as Error).message}`);
    }
  });
}

const ordered = ({ apiVersion, kind, namespace = '', name = '', labelSelector }: Dependency) =>
  JSON.stringify([apiVersion, kind, namespace, name, labelSelector ?? null]);

/** Each once, always in the same order: what they come to is written down and compared. */
export function mergedDependencies(list: readonly Dependency[]): readonly Dependency[] {
  const byKey = new Map(list.map((each) => [ordered(each), each]));
  return [...byKey].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}

/** pkg/util/interpreter/validation: a kind, and a name or a selector. */
export function dependenciesIn(value: Told): readonly Dependency[] {
  if (value === null || value === undefined || typeof value !== 'object')
    throw wrong('dependencies', 'a list of {apiVersion, kind, namespace, name or labelSelector}', value);
  if (Array.isArray(value) && value.length > mostDependencies)
    throw new Error(`dependencies must be ${mostDependencies} at most, and are ${value.length}`);
  const list = shaped('dependencies', value);
  const causes: StatusCause[] = [];
  for (const [i, each] of list.entries()) {
    const at = `dependencies[${i}]`;
    const missing = (field: string, message: string) => causes.push({ reason: 'FieldValueInvalid', field, message });
    if (each.apiVersion === '') missing(`${at}.apiVersion`, 'missing required apiVersion');
    if (each.kind === '') missing(`${at}.kind`, 'missing required kind');
    if (!each.name && !each.labelSelector) missing(at, 'dependency can not leave name and labelSelector all empty');
    if (each.labelSelector) checkLabelSelector(causes, `${at}.labelSelector`, each.labelSelector);
  }
  refuse(causes);
  return mergedDependencies(list);
}

export function healthIn(value: Told): Health {
  if (typeof value !== 'boolean') throw wrong('health', 'true or false', value);
  return value ? 'Healthy' : 'Unhealthy';
}

export function statusIn(value: Told): JsonObject {
  if (value === null || typeof value !== 'object' || (Array.isArray(value) && value.length > 0))
    throw wrong('status', 'an object', value);
  return Array.isArray(value) ? {} : (value as JsonObject);
}

/** The object as it was changed; the same reference when it was not. It stays the same object of the same kind. */
export function objectIn(before: UnstructuredObject, value: Told): UnstructuredObject {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw wrong('the answer', 'the whole object', value);
  const after = value as UnstructuredObject;
  for (const field of ['apiVersion', 'kind'] as const) {
    if (after[field] !== before[field]) throw new Error(`${field} of the object must stay ${before[field]}`);
  }
  for (const field of ['name', 'namespace'] as const) {
    const kept = before.metadata[field];
    if (after.metadata?.[field] !== kept)
      throw new Error(`metadata.${field} of the object must stay ${kept ?? 'absent'}`);
  }
  return deepEqual(after, before) ? before : after;
}

/** The status of an aggregated object; the template's own reference when it says the same. */
export function aggregatedIn(template: UnstructuredObject, value: Told): JsonObject | undefined {
  const after = objectIn(template, value);
  const old = template.status as JsonObject | undefined;
  if (after.status === undefined || after.status === null) return old && Object.keys(old).length > 0 ? {} : old;
  const status = statusIn(after.status as JsonValue);
  return deepEqual(status, old) ? old : status;
}
