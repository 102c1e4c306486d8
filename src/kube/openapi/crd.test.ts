/** Kinds as CustomResourceDefinitions and back. */
import { describe, expect, test } from 'vitest';
import { customKinds } from '#apis/kinds.ts';
import { crdManifest, crdSchema } from './crd-manifest.ts';
import { normaliseSchema } from './normalise.ts';
import { schemaFromOpenApi } from './openapi.ts';

describe.each(customKinds.map((kind) => [kind.kind, kind] as const))('%s', (_, kind) => {
  test('keeps its meaning through a CRD', () => {
    const metadata = { type: 'object' as const };
    const expected = { ...kind.schema, properties: { ...kind.schema.properties, metadata } };
    expect(normaliseSchema(schemaFromOpenApi(crdSchema(kind.schema)))).toEqual(normaliseSchema(expected));
  });
});

test('a manifest says what a CRD says', () => {
  const work = customKinds.find(({ kind }) => kind === 'Work')!;
  expect(crdManifest(work, [], { labels: { app: 'x' } })).toMatchObject({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'works.work.karmada.io', labels: { app: 'x' } },
    spec: {
      group: 'work.karmada.io',
      scope: 'Namespaced',
      names: { kind: 'Work', listKind: 'WorkList', plural: 'works', singular: 'work', shortNames: ['wk'] },
      versions: [
        {
          name: 'v1alpha1',
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: { openAPIV3Schema: { type: 'object', properties: { metadata: { type: 'object' } } } },
        },
      ],
    },
  });
  const older = { ...work, version: 'v1alpha0' };
  const { spec } = crdManifest(work, [older]) as unknown as {
    spec: { versions: { name: string; storage: boolean }[] };
  };
  expect(spec.versions.map(({ name, storage }) => [name, storage])).toEqual([
    ['v1alpha1', true],
    ['v1alpha0', false],
  ]);
});

test('a column keeps only a format that a CRD may give', () => {
  const work = customKinds.find(({ kind }) => kind === 'Work')!;
  const columns = [
    { name: 'Name', type: 'string', format: 'name', jsonPath: '.metadata.name' },
    { name: 'Count', type: 'integer', format: 'int32', jsonPath: '.spec.count' },
  ] as const;
  expect(crdManifest({ ...work, columns }).spec).toMatchObject({
    versions: [
      {
        additionalPrinterColumns: [
          { jsonPath: '.metadata.name', name: 'Name', type: 'string' },
          { format: 'int32', jsonPath: '.spec.count', name: 'Count', type: 'integer' },
        ],
      },
    ],
  });
  const [version] = (crdManifest({ ...work, columns }).spec as { versions: { additionalPrinterColumns: object[] }[] })
    .versions;
  expect(version!.additionalPrinterColumns[0]).not.toHaveProperty('format');
});

describe('schemaFromOpenApi', () => {
  test('reads the long names and passes over what says nothing about values', () => {
    const schema = schemaFromOpenApi({
      type: 'object',
      title: 'A thing',
      example: {},
      properties: {
        size: { 'x-kubernetes-int-or-string': true },
        list: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
        rest: { type: 'object', additionalProperties: true },
      },
    });
    expect(schema).toEqual({
      type: 'object',
      properties: {
        size: { intOrString: true },
        list: { type: 'array', items: { type: 'string' }, listType: 'set' },
        rest: { type: 'object', additionalProperties: { preserveUnknownFields: true } },
      },
    });
  });

  test('a hostile depth ends', () => {
    let props: Record<string, unknown> = { type: 'object' };
    for (let depth = 0; depth < 100_000; depth++) props = { type: 'object', properties: { a: props } };
    expect(schemaFromOpenApi(props as never).type).toBe('object');
  });
});
