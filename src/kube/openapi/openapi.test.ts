/** What kubectl reads of the OpenAPI documents. */
import { describe, expect, test } from 'vitest';
import { defineKind } from '#apis/define.ts';
import { builtinKinds } from '#apis/kubernetes/kinds.ts';
import { builtinComponent, builtinComponents } from '#apis/kubernetes/tables.ts';
import { array, int32, object, required, string } from '../schema/build.ts';
import { openApiParts } from './openapi.ts';
import { documentV3 } from './v3.ts';

const Ship = defineKind({
  group: 'harbour.example',
  version: 'v1',
  kind: 'Ship',
  plural: 'ships',
  scope: 'Cluster',
  subresources: { status: true },
  schema: object({ spec: required(object({ crew: int32({ description: 'How many.' }), ports: array(string()) })) }),
});

interface Json {
  readonly [key: string]: Json;
}
const names = new Set(builtinComponents());
const builtin = {
  schema: (name: string) => (names.has(name) ? builtinComponent(name) : undefined),
  kind: () => undefined,
};
const documents = new Map(
  [...openApiParts([...builtinKinds(), Ship])].map(([path, parts]) => [path, documentV3(parts, builtin, 'v1.35.3')]),
);
const read = (path: string) => documents.get(path) as unknown as Json;
const apps = read('apis/apps/v1');
const harbour = read('apis/harbour.example/v1');
const core = 'io.k8s.api.core.v1.';

describe('components', () => {
  test('are published under their Go names, with what patches need', () => {
    const schemas = apps.components!.schemas!;
    expect(schemas[`${core}PodSpec`]!.properties!.containers).toEqual({
      type: 'array',
      items: { allOf: [{ $ref: `#/components/schemas/${core}Container` }], default: {} },
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-patch-strategy': 'merge',
      'x-kubernetes-patch-merge-key': 'name',
    });
    expect(schemas['io.k8s.api.apps.v1.Deployment']!['x-kubernetes-group-version-kind']).toEqual([
      { group: 'apps', version: 'v1', kind: 'Deployment' },
    ]);
    expect(schemas['io.k8s.apimachinery.pkg.api.resource.Quantity']).toEqual({
      oneOf: [{ type: 'string' }, { type: 'number' }],
    });
  });

  test('refer only to what is there', () => {
    for (const [path, document] of documents) {
      const { schemas } = (document as unknown as Json).components!;
      const referred = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)];
      for (const [, name] of referred) expect(schemas![name!], `${path} refers to ${name}`).toBeDefined();
    }
  });

  test('of a custom kind are named by its group, turned around', () => {
    const schemas = harbour.components!.schemas!;
    expect(schemas['example.harbour.v1.Ship']).toMatchObject({
      required: ['spec'],
      properties: {
        metadata: { $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' },
        spec: { properties: { crew: { type: 'integer', format: 'int32', description: 'How many.' } } },
      },
      'x-kubernetes-group-version-kind': [{ group: 'harbour.example', version: 'v1', kind: 'Ship' }],
    });
    expect(schemas['example.harbour.v1.ShipList']).toBeDefined();
  });

  test('a schema that contains itself is referred to', () => {
    const props =
      read('apis/apiextensions.k8s.io/v1').components!.schemas![
        'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps'
      ]!;
    expect(props.properties!.not).toEqual({
      $ref: '#/components/schemas/io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps',
    });
  });
});

describe('paths', () => {
  const item = apps.paths!['/apis/apps/v1/namespaces/{namespace}/deployments/{name}']!;

  test('kubectl finds fieldValidation and dryRun on PATCH of the kind', () => {
    const names = (item.patch!.parameters as unknown as { name: string }[]).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['fieldValidation', 'dryRun', 'fieldManager', 'force']));
    expect(item.patch!['x-kubernetes-group-version-kind']).toEqual({
      group: 'apps',
      version: 'v1',
      kind: 'Deployment',
    });
    expect(item.patch!['x-kubernetes-action']).toBe('patch');
  });

  test('have what discovery has, no more', () => {
    expect(Object.keys(item)).toEqual(['get', 'put', 'delete', 'patch', 'parameters']);
    expect(item.patch!.operationId).toBe('patchAppsV1NamespacedDeployment');
    expect(
      Object.keys(read('apis/authentication.k8s.io/v1').paths!['/apis/authentication.k8s.io/v1/tokenreviews']!),
    ).toEqual(['post', 'parameters']);
    expect(Object.keys(harbour.paths!)).toEqual([
      '/apis/harbour.example/v1/ships',
      '/apis/harbour.example/v1/ships/{name}',
      '/apis/harbour.example/v1/ships/{name}/status',
    ]);
  });
});
