/** What `kubectl explain` says of our kinds: something of every field, in a few words, and the same of the same type. */
import { describe, expect, test } from 'vitest';
import { crdSchema } from '#kube/openapi/crd-manifest.ts';
import { normaliseSchema } from '#kube/openapi/normalise.ts';
import { schemaFromOpenApi } from '#kube/openapi/openapi.ts';
import type { Schema } from '#kube/schema/schema.ts';
import { customKinds, servedKinds } from './kinds.ts';

/** Longer ones are for the guides. */
const mostLetters = 240;

interface Told {
  /** `PropagationPolicy.spec.placement`. */
  readonly path: string;
  readonly schema: Schema;
}

/** Everything a schema has below it, without the envelope, which the API server tells itself. */
function below(path: string, { properties = {}, items, additionalProperties }: Schema): readonly Told[] {
  const inner = items ?? additionalProperties;
  const fields = Object.entries(properties).map(([name, schema]) => ({ path: `${path}.${name}`, schema }));
  return [...fields.flatMap((each) => [each, ...below(each.path, each.schema)]), ...(inner ? below(path, inner) : [])];
}

function everything(kind: string, schema: Schema): readonly Told[] {
  const { apiVersion: _, kind: __, metadata: ___, ...properties } = schema.properties ?? {};
  return [{ path: kind, schema }, ...below(kind, { properties })];
}

/** As servers publish them, which has been through a CustomResourceDefinition. */
const kinds = [...customKinds, ...servedKinds].map(
  ({ kind, schema }) => [kind, everything(kind, schemaFromOpenApi(crdSchema(schema)))] as const,
);

describe.each(kinds)('%s', (_, told) => {
  test('says something of every field', () => {
    const silent = told.filter(({ schema: { description = '' } }) => !/^\S.*[.]$/.test(description));
    expect(silent.map(({ path }) => path)).toEqual([]);
  });

  test('says it in a few words', () => {
    const long = told.filter(({ schema: { description = '' } }) => description.length > mostLetters);
    expect(long.map(({ path, schema }) => `${path}: ${schema.description!.length}`)).toEqual([]);
  });
});

/** Field by field what is said of types with several fields, by what they are made of. */
function disagreements(): readonly string[] {
  const known = new Map<string, { readonly path: string; readonly texts: string }>();
  const types = kinds.flatMap(([, told]) => told.map(({ path, schema }) => ({ path, type: schema.items ?? schema })));
  return types.flatMap(({ path, type }) => {
    const { spec, status } = type.properties ?? {};
    if (Object.keys(type.properties ?? {}).length < 2 || spec || status?.properties) return [];
    const key = JSON.stringify(normaliseSchema(type));
    const texts = JSON.stringify(below('', type).map(({ path: at, schema }) => [at, schema.description]));
    const before = known.get(key);
    if (before === undefined) known.set(key, { path, texts });
    return before === undefined || before.texts === texts ? [] : [`${path} is not ${before.path}`];
  });
}

test('no two kinds disagree on a type they share', () => expect(disagreements()).toEqual([]));

test('bindings and Works say of what policies give them what policies say', () => {
  const texts = new Map(
    kinds.flatMap(([, told]) => told.map(({ path, schema }) => [path, schema.description] as const)),
  );
  const given = ['conflictResolution', 'failover', 'preserveResourcesOnDeletion', 'propagateDeps', 'suspension'];
  const differing = given.filter(
    (field) => texts.get(`PropagationPolicy.spec.${field}`) !== texts.get(`ResourceBinding.spec.${field}`),
  );
  expect(differing).toEqual([]);
  expect(texts.get('Work.spec.preserveResourcesOnDeletion')).toBe(
    texts.get('PropagationPolicy.spec.preserveResourcesOnDeletion'),
  );
});
