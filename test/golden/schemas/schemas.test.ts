/** Every kind we declare has the schema, the names and the columns that the reference publishes. */
import { describe, expect, test } from 'vitest';
import { customKinds, servedKinds } from '#apis/kinds.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import type { JsonObject } from '#kube/meta/object.ts';
import { crdManifest, crdSchema } from '#kube/openapi/crd-manifest.ts';
import { normaliseSchema } from '#kube/openapi/normalise.ts';
import { schemaFromOpenApi } from '#kube/openapi/openapi.ts';
import type { Schema } from '#kube/schema/schema.ts';
import { goldenFolder, goldenPresent } from '../reference.ts';
import { expectedCrd, expectedSchema } from './expectation.ts';
import { namedType, referenceCrd, referenceSchema } from './reference.ts';

const kinds = [...customKinds, ...servedKinds];
const published = (kind: KindDefinition) => normaliseSchema(schemaFromOpenApi(crdSchema(kind.schema)));

/** Ours, with the reference's word for a type of Kubernetes' own wherever it only names that. */
function namingTypes(ours: Schema | undefined, reference: Schema): Schema | undefined {
  if (reference.format?.startsWith(namedType)) return reference;
  if (!ours) return ours;
  const { properties, items, additionalProperties } = reference;
  return {
    ...ours,
    ...(items && ours.items ? { items: namingTypes(ours.items, items) } : {}),
    ...(typeof additionalProperties === 'object' && typeof ours.additionalProperties === 'object'
      ? { additionalProperties: namingTypes(ours.additionalProperties, additionalProperties) }
      : {}),
    ...(properties && ours.properties
      ? {
          properties: Object.fromEntries(
            Object.entries(ours.properties).map(([name, each]) => [
              name,
              properties[name] ? namingTypes(each, properties[name])! : each,
            ]),
          ),
        }
      : {}),
  } as Schema;
}

describe.each(kinds.map((kind) => [kind.kind, kind] as const))('%s', (_, kind) => {
  test('has the reference schema', () => {
    const expected = expectedSchema(kind);
    expect(namingTypes(published(kind), expected)).toEqual(expected);
  });

  test('is expected to be what ../shared/golden says', ({ skip }) => {
    skip(!goldenPresent, `${goldenFolder} is not there`);
    expect(expectedSchema(kind)).toEqual(referenceSchema(kind));
    expect(expectedCrd(kind)).toEqual(referenceCrd(kind));
  });
});

test.each(customKinds.map((kind) => [kind.kind, kind] as const))(
  'the CRD of %s has its names and columns',
  (_, kind) => {
    const { names, scope, columns, subresources } = expectedCrd(kind)!;
    const { spec } = crdManifest(kind) as unknown as { spec: { versions: readonly JsonObject[] } };
    expect(spec).toMatchObject({ names, scope });
    expect(spec.versions[0]!.additionalPrinterColumns ?? []).toEqual(columns);
    expect(spec.versions[0]!.subresources ?? {}).toEqual(subresources);
  },
);
