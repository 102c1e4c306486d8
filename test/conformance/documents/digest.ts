/**
 * OpenAPI documents as one line for each definition and each resource's paths, with a hash of what they say: so that
 * ours can be held against a real kube-apiserver's without keeping its sentences. Descriptions do not count.
 */
import { createHash } from 'node:crypto';
import type { JsonObject, JsonValue } from '#kube/meta/object.ts';

export interface Documents {
  readonly v2: JsonObject;
  /** Path -> document. */
  readonly v3: ReadonlyMap<string, JsonObject>;
}

const parameterPrefix = '#/parameters/';

/** Keys in order, references to parameters followed, references with nothing beside them written in one way. */
function normal(value: JsonValue, parameters: JsonObject): JsonValue {
  if (Array.isArray(value)) return value.map((each) => normal(each as JsonValue, parameters));
  if (typeof value !== 'object' || value === null) return value;
  const object = value as JsonObject;
  const { $ref } = object;
  if (typeof $ref === 'string' && $ref.startsWith(parameterPrefix))
    return normal(parameters[$ref.slice(parameterPrefix.length)]!, parameters);
  const entries = Object.keys(object)
    .sort()
    .filter((key) => key !== 'description' || typeof object[key] !== 'string')
    .map((key) => [key, normal(object[key]!, parameters)] as const);
  const [only] = entries;
  const { allOf } = object;
  if (entries.length === 1 && only![0] === 'allOf' && Array.isArray(allOf) && allOf.length === 1)
    return (only![1] as readonly JsonValue[])[0]!;
  return Object.fromEntries(entries.map(([key, each]) => [key, key === groupVersionKind ? inOrder(each) : each]));
}

const groupVersionKind = 'x-kubernetes-group-version-kind';

const inOrder = (kinds: JsonValue): JsonValue =>
  Array.isArray(kinds) ? [...kinds].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : kinds;

const hash = (value: JsonValue) => createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12);

/** `/apis/apps/v1/namespaces/{namespace}/deployments/{name}/scale` -> `/apis/apps/v1 deployments` */
function resourceIn(path: string): string {
  const parts = path.split('/').slice(1);
  const root = parts.splice(0, parts[0] === 'api' ? 2 : parts[0] === 'apis' ? 3 : parts.length);
  const [first, ...rest] = parts[0] === 'watch' ? parts.slice(1) : parts;
  const resource = first === 'namespaces' && rest[0] === '{namespace}' ? rest[1] : first;
  return `/${root.join('/')} ${resource ?? ''}`;
}

function* definitionsOf(schemas: JsonObject, parameters: JsonObject): Generator<readonly [string, string]> {
  for (const [name, schema] of Object.entries(schemas)) yield [name, hash(normal(schema!, parameters))];
}

function pathsOf(paths: JsonObject, parameters: JsonObject): ReadonlyMap<string, string> {
  const groups = new Map<string, JsonObject>();
  for (const path of Object.keys(paths).sort()) {
    const key = resourceIn(path);
    groups.set(key, { ...groups.get(key), [path]: normal(paths[path]!, parameters) });
  }
  return new Map([...groups].map(([key, items]) => [key, hash(items)]));
}

const objectOf = (value: JsonValue | undefined) => (value ?? {}) as JsonObject;

/** `relevant`: of which definitions and paths. */
export function digest({ v2, v3 }: Documents, relevant: (name: string) => boolean = () => true): string {
  const lines: string[] = [];
  const add = (version: string, name: string, hashed: string) => {
    if (relevant(name)) lines.push(`${version} ${name} ${hashed}`);
  };
  const parameters = objectOf(v2.parameters);
  const { paths, definitions, parameters: _shared, ...rest } = v2;
  for (const [name, hashed] of definitionsOf(objectOf(definitions), parameters)) add('v2', name, hashed);
  for (const [name, hashed] of pathsOf(objectOf(paths), parameters)) add('v2', name, hashed);
  add('v2', 'document', hash(normal(rest, {})));
  const definitionsV3 = new Map<string, string>();
  for (const [path, document] of v3) {
    const { paths: own, components, ...around } = document;
    const { schemas, ...others } = objectOf(components);
    for (const [name, hashed] of definitionsOf(objectOf(schemas), {})) definitionsV3.set(`${name} ${hashed}`, hashed);
    for (const [name, hashed] of pathsOf(objectOf(own), {})) add('v3', name, hashed);
    const names = Object.keys(objectOf(schemas)).sort();
    add('v3', `document ${path}`, hash([normal(around, {}), normal(others, {}), names]));
  }
  for (const [key, hashed] of definitionsV3) add('v3', key.split(' ', 1)[0]!, hashed);
  return `${lines.sort().join('\n')}\n`;
}
