/** The tables decode to the definitions a server serves. */
import { describe, expect, expectTypeOf, test } from 'vitest';
import type { TypedResource } from '#client/api-client.ts';
import { applyDefaults } from '#kube/schema/defaults.ts';
import { objectMetaSchema } from '#kube/schema/metadata.ts';
import { prune } from '#kube/schema/prune.ts';
import type { Schema } from '#kube/schema/schema.ts';
import { bootstrapRbac } from './bootstrap-rbac.ts';
import { builtinKind, builtinKinds } from './kinds.ts';
import { builtinComponent, builtinComponents, kubernetesVersion } from './tables.ts';
import { type Deployment, Deployments, type Pod, Pods } from './types.ts';

const schemaOf = (group: string, version: string, kind: string) => builtinKind(group, version, kind)!.schema;

describe('builtinKinds', () => {
  test('lists every resource once, preferred versions first', () => {
    expect(kubernetesVersion).toMatch(/^v1\.\d+\.\d+$/);
    const names = builtinKinds().map(({ group, version, resource }) => `${group}/${version}/${resource}`);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('/v1/pods');
    expect(names.indexOf('autoscaling/v2/horizontalpodautoscalers')).toBeLessThan(
      names.indexOf('autoscaling/v1/horizontalpodautoscalers'),
    );
  });

  test('knows names, subresources and what is only answered', () => {
    expect(builtinKind('apps', 'v1', 'Deployment')).toMatchObject({
      resource: 'deployments',
      namespaced: true,
      listKind: 'DeploymentList',
      singular: 'deployment',
      shortNames: ['deploy'],
      categories: ['all'],
      stored: true,
      subresources: { status: true, scale: { specReplicasPath: '.spec.replicas' } },
    });
    expect(builtinKind('', 'v1', 'Pod')!.subresources.others).toContainEqual({
      name: 'eviction',
      kind: 'Eviction',
      group: 'policy',
      version: 'v1',
      verbs: ['create'],
    });
    expect(builtinKind('', 'v1', 'Endpoints')!.singular).toBe('endpoints');
    expect(builtinKind('', 'v1', 'Node')!.namespaced).toBe(false);
    for (const kind of ['TokenReview', 'SelfSubjectReview'])
      expect(builtinKind('authentication.k8s.io', 'v1', kind)).toMatchObject({ stored: false, verbs: ['create'] });
    expect(builtinKind('', 'v1', 'ComponentStatus')!.stored).toBe(false);
    expect(builtinKind('', 'v1', 'Deployment')).toBeUndefined();
  });

  test('has the columns of a real table', () => {
    const columns = builtinKind('apps', 'v1', 'Deployment')!.columns;
    expect(columns.map(({ name }) => name)).toEqual([
      'Name',
      'Ready',
      'Up-to-date',
      'Available',
      'Age',
      'Containers',
      'Images',
      'Selector',
    ]);
    expect(columns.filter(({ priority }) => priority).map(({ name }) => name)).toEqual([
      'Containers',
      'Images',
      'Selector',
    ]);
  });
});

describe('schemas', () => {
  test('every component decodes, and shares what it refers to', () => {
    for (const name of builtinComponents()) expect(builtinComponent(name).component).toBe(name);
    const deployment = schemaOf('apps', 'v1', 'Deployment').properties!.spec!.properties!.template!;
    const job = schemaOf('batch', 'v1', 'Job').properties!.spec!.properties!.template!;
    expect(deployment).toBe(job);
    expect(deployment.properties!.spec!.properties!.containers).toMatchObject({
      listType: 'map',
      listMapKeys: ['name'],
      patchStrategy: 'merge',
      patchMergeKey: 'name',
    });
  });

  test('a schema may contain itself', () => {
    const crd = schemaOf('apiextensions.k8s.io', 'v1', 'CustomResourceDefinition');
    const props = crd.properties!.spec!.properties!.versions!.items!.properties!.schema!.properties!.openAPIV3Schema!;
    expect(props.properties!.not!.properties).toBe(props.properties);
  });

  test('metadata is as kube/schema says it is', () => {
    const builtin = builtinComponent('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta');
    expect(shape(objectMetaSchema)).toEqual(shape(builtin));
  });

  test('defaults are the zero values Go writes', () => {
    const deployment = { spec: { template: { spec: { containers: [{ name: 'a' }] } } } };
    expect(applyDefaults(schemaOf('apps', 'v1', 'Deployment'), deployment)).toEqual({
      metadata: {},
      spec: {
        strategy: {},
        template: { metadata: {}, spec: { containers: [{ name: 'a', resources: {} }] } },
      },
      status: {},
    });
  });

  test('raw values are kept, unknown fields are not', () => {
    const revision = { data: { anything: { goes: 1 } }, dta: 1 };
    expect(prune(schemaOf('apps', 'v1', 'ControllerRevision'), revision)).toEqual({
      value: { data: { anything: { goes: 1 } } },
      unknown: ['dta'],
    });
  });
});

describe('types', () => {
  test('refs are typed and say what discovery says', () => {
    expectTypeOf(Deployments).toExtend<TypedResource<Deployment>>();
    expectTypeOf<Pod['spec']['containers'][number]['name']>().toEqualTypeOf<string>();
    expect(builtinKind('', 'v1', 'Pod')).toMatchObject({ ...Pods });
  });

  test('bootstrap roles are at hand', async () => {
    const { clusterRoles } = await bootstrapRbac();
    expect(clusterRoles.map(({ metadata }) => metadata.name)).toContain('cluster-admin');
  });
});

/** Names, Go's zero-value defaults, and what only our tables mark. */
const ofTables = new Set(['component', 'default', 'preserveUnknownFields']);

function shape(schema: Schema): unknown {
  const { properties = {}, items, additionalProperties, required = [] } = schema;
  return {
    ...Object.fromEntries(Object.entries(schema).filter(([keyword]) => !ofTables.has(keyword))),
    required: [...required].sort(),
    items: items && shape(items),
    additionalProperties: additionalProperties && shape(additionalProperties),
    properties: Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, shape(each)])),
  };
}
