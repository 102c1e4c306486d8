import { beforeEach, describe, expect, it } from 'vitest';
import { type Cluster, refusal, refusalText, startCluster, widget, widgetDefinition } from '../serve.cases.ts';

const definitions = 'apiextensions.k8s.io/v1/customresourcedefinitions';
const name = 'widgets.example.com';
const one = `${definitions}/-/${name}`;
const widgets = 'example.com/v1/widgets/default';
const served = async (cluster: Cluster, target = widgets) =>
  (await refusalText(cluster.list(target)).catch(() => 'served')) === 'served';

describe('CustomResourceDefinitions', () => {
  let cluster: Cluster;
  beforeEach(async () => {
    cluster = await startCluster();
  });

  it('are served at once, and say so', async () => {
    const created = await cluster.create(definitions, widgetDefinition());
    expect(created.status).toMatchObject({
      acceptedNames: {
        plural: 'widgets',
        singular: 'widget',
        kind: 'Widget',
        listKind: 'WidgetList',
        shortNames: ['wd'],
      },
      storedVersions: ['v1'],
      conditions: [
        {
          type: 'NamesAccepted',
          status: 'True',
          reason: 'NoConflicts',
          message: 'no conflicts found',
          lastTransitionTime: '2026-01-01T00:00:00Z',
        },
        {
          type: 'Established',
          status: 'True',
          reason: 'InitialNamesAccepted',
          message: 'the initial names have been accepted',
        },
      ],
    });
    expect(created.spec).toMatchObject({ conversion: { strategy: 'None' } });
    await cluster.create(widgets, widget('a', { size: 1 }));
    expect(await cluster.list(widgets)).toMatchObject({
      apiVersion: 'example.com/v1',
      kind: 'WidgetList',
      items: [{ spec: { size: 1 } }],
    });
    expect(cluster.server.kind('example.com', 'v1', 'widgets')).toMatchObject({
      shortNames: ['wd'],
      singular: 'widget',
    });
  });

  it('match hostile patterns in a time that ends', async () => {
    const name = { type: 'string', pattern: '^(a+)+$' };
    const schema = { type: 'object', properties: { spec: { type: 'object', properties: { name } } } };
    await cluster.create(definitions, widgetDefinition(schema));
    await cluster.create(widgets, widget('fits', { name: 'a'.repeat(50) }));
    const why = await refusalText(cluster.create(widgets, widget('hostile', { name: `${'a'.repeat(10_000)}!` })));
    expect(why).toContain("spec.name in body should match '^(a+)+$'");
  });

  it('tell those who listen for kinds', async () => {
    let told = 0;
    cluster.server.kinds.onChange(() => told++);
    await cluster.create(definitions, widgetDefinition());
    expect(told).toBe(1);
    await cluster.remove(one);
    await cluster.clock.settle();
    expect(told).toBeGreaterThan(1);
    expect(cluster.server.kind('example.com', 'v1', 'widgets')).toBeUndefined();
  });

  it('count generations of objects without a status subresource by everything but metadata', async () => {
    await cluster.create(definitions, widgetDefinition());
    await cluster.create(widgets, widget('a'));
    expect(
      (await cluster.patch(`${widgets}/a`, 'merge', { metadata: { labels: { a: 'b' } } })).metadata.generation,
    ).toBe(1);
    expect((await cluster.patch(`${widgets}/a`, 'merge', { status: { x: 1 } })).metadata.generation).toBe(2);
  });

  it.each([
    [
      { metadata: { name: 'other.example.com' } },
      'metadata.name: Invalid value: "other.example.com": must be spec.names.plural+"."+spec.group',
    ],
    [
      { spec: { scope: 'Galaxy' } },
      'spec.scope: Unsupported value: "Galaxy": supported values: "Cluster", "Namespaced"',
    ],
    [
      {
        spec: {
          versions: [{ name: 'v1', served: true, storage: false, schema: { openAPIV3Schema: { type: 'object' } } }],
        },
      },
      'must have exactly one version marked as storage version',
    ],
    [
      {
        spec: {
          versions: [
            {
              name: 'v1',
              served: true,
              storage: true,
              schema: { openAPIV3Schema: { type: 'object', properties: { spec: {} } } },
            },
          ],
        },
      },
      'spec.validation.openAPIV3Schema.properties[spec].type: Required value: must not be empty for specified object fields',
    ],
    [
      { spec: { versions: [{ name: 'v1', served: true, storage: true }] } },
      'spec.versions[0].schema.openAPIV3Schema: Required value',
    ],
  ])('are refused when they make no sense: %j', async (change: { metadata?: object; spec?: object }, text) => {
    const base = widgetDefinition();
    const body = {
      ...base,
      metadata: { ...base.metadata, ...change.metadata },
      spec: { ...base.spec, ...change.spec },
    };
    expect((await refusal(cluster.create(definitions, body))).message).toContain(text);
  });

  it('keep their names once established', async () => {
    const created = await cluster.create(definitions, widgetDefinition());
    const spec = { ...(created.spec as object), scope: 'Cluster' };
    expect(await refusalText(cluster.update(one, { ...created, spec }))).toBe(
      '422 Invalid: CustomResourceDefinition.apiextensions.k8s.io "widgets.example.com" is invalid: spec.scope: Invalid value: "Cluster": field is immutable',
    );
  });

  it('wait when their names are taken', async () => {
    await cluster.create(definitions, widgetDefinition());
    const base = widgetDefinition();
    const names = { plural: 'gadgets', kind: 'Widget', shortNames: ['wd'] };
    const second = await cluster.create(definitions, {
      ...base,
      metadata: { name: 'gadgets.example.com' },
      spec: { ...base.spec, names },
    });
    expect(second.status).toMatchObject({
      conditions: [
        {
          type: 'NamesAccepted',
          status: 'False',
          message: '"WidgetList" is already in use',
          reason: 'ListKindConflict',
        },
        { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' },
      ],
    });
    expect(await served(cluster, 'example.com/v1/gadgets/default')).toBe(false);
  });

  it('get the names they wait for when those are free', async () => {
    await cluster.create(definitions, widgetDefinition());
    const base = widgetDefinition();
    const names = { plural: 'gadgets', kind: 'Gadget', shortNames: ['wd'] };
    await cluster.create(definitions, {
      ...base,
      metadata: { name: 'gadgets.example.com' },
      spec: { ...base.spec, names },
    });
    await cluster.remove(one);
    await cluster.clock.settle();
    expect((await cluster.get(`${definitions}/-/gadgets.example.com`)).status).toMatchObject({
      acceptedNames: { shortNames: ['wd'] },
      conditions: [
        { type: 'NamesAccepted', status: 'True' },
        { type: 'Established', status: 'True' },
      ],
    });
    expect(await served(cluster, 'example.com/v1/gadgets/default')).toBe(true);
  });

  it('stay served when they ask for a name that is taken', async () => {
    await cluster.create(definitions, widgetDefinition());
    const base = widgetDefinition();
    const names = { plural: 'gadgets', kind: 'Gadget' };
    const other = { ...base, metadata: { name: 'gadgets.example.com' }, spec: { ...base.spec, names } };
    await cluster.create(definitions, other);
    const asking = await cluster.patch(`${definitions}/-/gadgets.example.com`, 'merge', {
      spec: { names: { shortNames: ['wd', 'gd'] } },
    });
    expect(asking.status).toMatchObject({
      conditions: [
        { type: 'NamesAccepted', status: 'False', reason: 'ShortNamesConflict', message: '"wd" is already in use' },
        { type: 'Established', status: 'True' },
      ],
    });
    expect(await served(cluster, 'example.com/v1/gadgets/default')).toBe(true);
  });

  it('of groups of Kubernetes say whether they were reviewed', async () => {
    const base = widgetDefinition();
    const annotations = { 'api-approved.kubernetes.io': 'https://github.com/kubernetes/kubernetes/pull/1' };
    const created = await cluster.create(definitions, {
      ...base,
      metadata: { name: 'widgets.x.k8s.io', annotations },
      spec: { ...base.spec, group: 'x.k8s.io' },
    });
    expect((created.status as { conditions: object[] }).conditions).toContainEqual(
      expect.objectContaining({
        type: 'KubernetesAPIApprovalPolicyConformant',
        status: 'True',
        reason: 'ApprovedAnnotation',
        message: `approved in ${annotations['api-approved.kubernetes.io']}`,
      }),
    );
  });

  it('serve several versions of the same object', async () => {
    const version = (versionName: string, storage: boolean, properties: object) => ({
      name: versionName,
      served: true,
      storage,
      schema: { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties } } } },
    });
    const base = widgetDefinition();
    const integer = { type: 'integer' };
    const versions = [
      version('v1', true, { size: integer, old: integer }),
      version('v2', false, { size: integer, fresh: { type: 'integer', default: 7 } }),
    ];
    await cluster.create(definitions, { ...base, spec: { ...base.spec, versions } });
    await cluster.create(widgets, widget('a', { size: 1, old: 2 }));
    const v2 = 'example.com/v2/widgets/default';
    // Defaults of a version are for those who write in it.
    expect(await cluster.get(`${v2}/a`)).toMatchObject({ apiVersion: 'example.com/v2', spec: { size: 1 } });
    expect(await cluster.get(`${v2}/a`)).not.toHaveProperty('spec.fresh');
    const watching = await cluster.watch(v2);
    await cluster.patch(`${widgets}/a`, 'merge', { spec: { size: 3 } });
    await cluster.clock.settle();
    expect(watching.events.at(-1)?.object).toMatchObject({ apiVersion: 'example.com/v2', spec: { size: 3 } });
    await cluster.create(v2, { ...widget('b', { size: 5 }), apiVersion: 'example.com/v2' });
    expect(await cluster.get(`${widgets}/b`)).toMatchObject({ apiVersion: 'example.com/v1', spec: { size: 5 } });
  });

  it('warn of versions that are deprecated', async () => {
    await cluster.create(definitions, widgetDefinition(undefined, { deprecated: true }));
    expect((await cluster.request('list', widgets)).warnings).toEqual(['example.com/v1 Widget is deprecated']);
    await cluster.patch(one, 'json', [{ op: 'add', path: '/spec/versions/0/deprecationWarning', value: 'use v2' }]);
    expect((await cluster.request('list', widgets)).warnings).toEqual(['use v2']);
    expect((await cluster.request('list', 'v1/endpoints/default')).warnings).toEqual([
      'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
    ]);
  });

  it('show what a new schema makes of old objects', async () => {
    const schema = (properties: object) => ({ type: 'object', properties: { spec: { type: 'object', properties } } });
    const created = await cluster.create(definitions, widgetDefinition(schema({ size: { type: 'integer' } })));
    await cluster.create(widgets, widget('a', { size: 1 }));
    const next = widgetDefinition(schema({ size: { type: 'integer' }, colour: { type: 'string', default: 'red' } }));
    await cluster.update(one, { ...next, metadata: created.metadata });
    expect((await cluster.get(`${widgets}/a`)).spec).toEqual({ size: 1, colour: 'red' });
  });

  it('take their objects with them', async () => {
    await cluster.create(definitions, widgetDefinition());
    await cluster.create(widgets, { ...widget('held'), metadata: { name: 'held', finalizers: ['example.com/x'] } });
    await cluster.create(widgets, widget('free'));
    const watching = await cluster.watch(widgets);
    const marked = await cluster.remove(one);
    expect(marked.metadata).toMatchObject({
      deletionTimestamp: '2026-01-01T00:00:00Z',
      finalizers: ['customresourcecleanup.apiextensions.k8s.io'],
    });
    expect(marked.status).toMatchObject({
      conditions: expect.arrayContaining([expect.objectContaining({ type: 'Terminating', status: 'True' })]),
    });
    expect(await refusalText(cluster.create(widgets, widget('late')))).toBe(
      '403 Forbidden: widgets.example.com "late" is forbidden: create not allowed while custom resource definition is terminating',
    );
    await cluster.clock.settle();
    expect((await cluster.list(widgets)).items.map(({ metadata }) => metadata.name)).toEqual(['held']);
    await cluster.patch(`${widgets}/held`, 'merge', { metadata: { finalizers: null } });
    await cluster.clock.settle();
    expect((await refusal(cluster.get(one))).reason).toBe('NotFound');
    expect(await served(cluster)).toBe(false);
    expect(watching.seen()).toEqual(['ADDED free', 'ADDED held', 'DELETED free', 'MODIFIED held', 'DELETED held']);
    expect(watching.ended()).toEqual({});
    await cluster.create(definitions, widgetDefinition());
    expect((await cluster.list(widgets)).items).toEqual([]);
  });

  it('are remembered by the next server on the same store, also half way through their end', async () => {
    await cluster.create(definitions, widgetDefinition());
    await cluster.create(widgets, { ...widget('held'), metadata: { name: 'held', finalizers: ['example.com/x'] } });
    const again = await startCluster({
      store: cluster.store,
      world: { clock: cluster.clock, random: { next: () => 0.5, uuid: () => 'u' } },
    });
    expect((await again.list(widgets)).items).toHaveLength(1);
    await cluster.remove(one);
    await cluster.clock.settle();
    const third = await startCluster({
      store: cluster.store,
      world: { clock: cluster.clock, random: { next: () => 0.5, uuid: () => 'u' } },
    });
    await third.patch(`${widgets}/held`, 'merge', { metadata: { finalizers: null } });
    await cluster.clock.settle();
    expect((await refusal(third.get(one))).reason).toBe('NotFound');
  });

  it('of kinds that are built in change nothing', async () => {
    const before = cluster.server.kinds.find('apps', 'v1', 'deployments');
    const base = widgetDefinition();
    const body = {
      ...base,
      metadata: { name: 'deployments.apps' },
      spec: { ...base.spec, group: 'apps', names: { plural: 'deployments', kind: 'Deployment' } },
    };
    expect((await refusal(cluster.create(definitions, body))).message).toContain(
      'should be a domain with at least one dot',
    );
    expect(cluster.server.kinds.find('apps', 'v1', 'deployments')).toBe(before);
  });
});
