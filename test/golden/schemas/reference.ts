/** The reference's published schemas and CRDs of the kinds we declare, in the form of ours. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KindDefinition } from '#kube/kind/definition.ts';
import type { JsonObject, JsonValue } from '#kube/meta/object.ts';
import { normaliseSchema } from '#kube/openapi/normalise.ts';
import { schemaFromOpenApi } from '#kube/openapi/openapi.ts';
import type { Schema } from '#kube/schema/schema.ts';
import { goldenFolder } from '../reference.ts';

const read = (name: string) => JSON.parse(readFileSync(join(goldenFolder, 'discovery', name), 'utf8'));

const prefix = '#/components/schemas/';

/** In `format`: the name of a type of Kubernetes' own, which the golden file names and does not hold. */
export const namedType = 'io.k8s.';

function resolved(value: JsonValue, schemas: Readonly<Record<string, JsonObject>>): JsonValue {
  if (Array.isArray(value)) return value.map((each) => resolved(each, schemas));
  if (value === null || typeof value !== 'object') return value;
  const { $ref, allOf, ...rest } = value as JsonObject;
  const [only, ...others] = (allOf ?? []) as readonly JsonValue[];
  const reference = $ref ?? (others.length === 0 ? (only as JsonObject | undefined)?.$ref : undefined);
  if (typeof reference === 'string') {
    const name = reference.slice(prefix.length);
    const { default: _, ...beside } = rest;
    return { ...(resolved(schemas[name] ?? { type: 'object', format: name }, schemas) as JsonObject), ...beside };
  }
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, resolved(each as JsonValue, schemas)]));
}

/** Go's zero values, which an aggregated server's OpenAPI gives as defaults, and no client can tell from absence. */
const isZero = (value: JsonValue | undefined) => value === '' || value === 0 || JSON.stringify(value) === '{}';

function withoutZeroDefaults(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withoutZeroDefaults);
  if (value === null || typeof value !== 'object') return value;
  const kept = Object.entries(value).filter(([key, each]) => !(key === 'default' && isZero(each)));
  return Object.fromEntries(kept.map(([key, each]) => [key, withoutZeroDefaults(each as JsonValue)]));
}

const aggregated = 'cluster.karmada.io';

const groups: Readonly<Record<string, string>> = {
  'apps.karmada.io': 'io.karmada.apps',
  'cluster.karmada.io': 'com.github.karmada-io.karmada.pkg.apis.cluster',
  'config.karmada.io': 'io.karmada.config',
  'policy.karmada.io': 'io.karmada.policy',
  'work.karmada.io': 'io.karmada.work',
};

export function referenceSchema({ group, version, kind }: KindDefinition): Schema {
  const schemas = read('schemas.json') as Readonly<Record<string, JsonObject>>;
  const name = `${groups[group]}.${version}.${kind}`;
  const whole = resolved(schemas[name]!, schemas);
  return normaliseSchema(schemaFromOpenApi((group === aggregated ? withoutZeroDefaults(whole) : whole) as JsonObject));
}

interface GoldenCrd {
  readonly name: string;
  readonly names: JsonObject;
  readonly scope: string;
  readonly versions: readonly {
    readonly name: string;
    readonly columns: JsonValue;
    readonly subresources: JsonValue;
  }[];
}

/** Names, scope, columns and subresources of the version we declare. Undefined for a kind that is no CRD there. */
export function referenceCrd({ group, resource, version }: KindDefinition): JsonObject | undefined {
  const found = (read('crds.json') as readonly GoldenCrd[]).find(({ name }) => name === `${resource}.${group}`);
  if (!found) return undefined;
  const { columns, subresources } = found.versions.find(({ name }) => name === version)!;
  return { names: found.names, scope: found.scope, columns, subresources: subresources ?? {} };
}
