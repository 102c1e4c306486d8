/** Taking over kinds of every sort: native ones with fields of their own, custom ones, and lists that cannot be merged. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CustomResourceDefinitions } from '#apis/kubernetes/types.ts';
import { type Flow, startFlow } from '#harness/flow.ts';
import { type Anything, kubectl } from '#harness/kubectl.ts';
import { applied, handsOn, named, nginx, policyFor, quiet, worksOf } from '#harness/samples.ts';

let flow: Flow;
beforeEach(async () => {
  flow = await startFlow({ members: ['member1'] });
});
afterEach(() => flow.stop());

/** The object is in the member already; the same is applied here and taken over. Answers it before and after. */
async function takeOver(object: Anything, template: Anything = object) {
  const { control, member1 } = handsOn(flow);
  const before = await member1.apply(object);
  await control.apply(template);
  await control.apply(policyFor('pp', [object]));
  await applied(flow, object);
  await quiet(flow);
  return { before, after: await member1.get(object) };
}

const meta = (name: string) => ({ namespace: 'default', name });

describe('Secret and ConfigMap', () => {
  it('are followed key by key, stringData too', async () => {
    const { control, member1 } = handsOn(flow);
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: meta('s'), data: { a: 'YQ==', b: 'Yg==' } };
    const { before, after } = await takeOver(secret);
    expect(after.data).toEqual(before.data);
    await member1.patch(secret, { data: { own: 'b3du' } });
    await control.apply({ ...secret, data: { a: 'YWE=' } });
    await quiet(flow);
    expect((await member1.get(secret)).data).toEqual({ a: 'YWE=', own: 'b3du' });
    await control.patch(secret, { stringData: { c: 'c' } });
    await quiet(flow);
    expect((await member1.get(secret)).data).toEqual({ a: 'YWE=', own: 'b3du', c: 'Yw==' });
  });

  it('keep what is too large for an annotation', async () => {
    const big = Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`key-${i}`.padEnd(60, 'x'), 'v']));
    const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: meta('big'), data: big };
    const { control, member1 } = handsOn(flow);
    await member1.create(configMap);
    await control.create(configMap);
    await control.apply(policyFor('pp', [configMap]));
    await applied(flow, configMap);
    await quiet(flow);
    const [work] = await worksOf(flow, configMap);
    expect(work.metadata.annotations['work.flotilla.io/stated-fields']).toBeUndefined();
    await control.edit(configMap, (now) => ({ ...now, data: { ...now.data, added: 'yes' } }));
    await quiet(flow);
    const live = await member1.get(configMap);
    expect(Object.keys(live.data).length).toBe(3001);
  });
});

describe('Service', () => {
  it('keeps the addresses and ports of its own cluster', async () => {
    const { control, member1 } = handsOn(flow);
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: meta('web'),
      spec: { type: 'NodePort', selector: { app: 'web' }, ports: [{ name: 'http', port: 80 }] },
    };
    const { before, after } = await takeOver(service);
    expect(after.spec).toEqual(before.spec);
    await control.apply({
      ...service,
      spec: {
        ...service.spec,
        ports: [
          { name: 'http', port: 80 },
          { name: 'metrics', port: 9090 },
        ],
      },
    });
    await quiet(flow);
    const live = await member1.get(service);
    expect(live.spec.clusterIP).toBe(before.spec.clusterIP);
    expect(live.spec.ports[0]).toEqual(before.spec.ports[0]);
    expect(live.spec.ports[1].port).toBe(9090);
  });

  it('made by create reaches a cluster that has none, with the ports that say only their number', async () => {
    const { control, member1 } = handsOn(flow);
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: meta('plain'),
      spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
    };
    await control.create(service);
    await control.apply(policyFor('pp', [service]));
    await applied(flow, service);
    const live = await member1.get(service);
    expect(live.spec.ports).toEqual([{ port: 80, protocol: 'TCP', targetPort: 80 }]);
    expect(live.spec.selector).toEqual({ app: 'web' });
  });
});

describe('other native kinds', () => {
  it('ServiceAccount keeps the Secrets its own cluster gave it', async () => {
    const { member1 } = handsOn(flow);
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: meta('robot'), secrets: [{ name: 'own' }] };
    await takeOver(account, { ...account, secrets: [{ name: 'wanted' }] });
    const names = (await member1.get(account)).secrets.map((each: Anything) => each.name);
    expect(new Set(names)).toEqual(new Set(['own', 'wanted']));
  });

  it('StatefulSet is scaled and keeps its claim templates', async () => {
    const { control, member1 } = handsOn(flow);
    const set = {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: meta('db'),
      spec: {
        serviceName: 'db',
        replicas: 1,
        selector: { matchLabels: { app: 'db' } },
        template: { metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'db', image: 'db:1' }] } },
        volumeClaimTemplates: [
          {
            metadata: { name: 'data' },
            spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
          },
        ],
      },
    };
    const { before, after } = await takeOver(set);
    expect(after.spec).toEqual(before.spec);
    await control.scale(set, 3);
    await quiet(flow);
    expect((await member1.get(set)).spec).toEqual({ ...before.spec, replicas: 3 });
  });

  it('Job keeps the selector and labels its own cluster generated', async () => {
    const job = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: meta('once'),
      spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'once', image: 'busybox' }] } } },
    };
    const { before, after } = await takeOver(job);
    expect(after.spec).toEqual(before.spec);
    expect(after.spec.selector.matchLabels['batch.kubernetes.io/controller-uid']).toBe(before.metadata.uid);
  });

  it('a difference inside an atomic list is a change of the whole list', async () => {
    const { control, member1 } = handsOn(flow);
    const role = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: meta('reader'),
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
    };
    await takeOver(role, { ...role, rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }] });
    expect((await member1.get(role)).rules).toEqual([{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }]);
    await control.edit(role, (now) => ({ ...now, rules: [] }));
    await quiet(flow);
    expect((await member1.get(role)).rules ?? []).toEqual([]);
  });
});

const widgetKind = { group: 'example.com', version: 'v1', kind: 'Widget', resource: 'widgets', namespaced: true };
const definition = (schema: Anything): Anything => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
    versions: [
      { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema }, subresources: { status: {} } },
    ],
  },
});
const described = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        size: { type: 'integer' },
        colour: { type: 'string', default: 'red' },
        parts: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
          items: {
            type: 'object',
            required: ['name'],
            properties: { name: { type: 'string' }, weight: { type: 'integer' } },
          },
        },
      },
    },
    status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  },
};
const free = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

describe.each([
  ['described', described],
  ['free of any schema', free],
])('a custom resource %s', (_what, schema) => {
  it('is taken over and followed', async () => {
    for (const client of [flow.control, flow.member('member1')]) {
      await client.resource(CustomResourceDefinitions).create(definition(schema));
    }
    const control = kubectl(flow.control, [widgetKind]);
    const member1 = kubectl(flow.member('member1'), [widgetKind]);
    await flow.pass(2_000);
    const widget = {
      apiVersion: 'example.com/v1',
      kind: 'Widget',
      metadata: meta('w'),
      spec: { size: 1, parts: [{ name: 'a', weight: 1 }, { name: 'b' }] },
    };
    const before = await member1.create(widget);
    await control.create(widget);
    await control.apply(policyFor('pp', [widget]));
    const binding = {
      ...widget,
      apiVersion: 'work.karmada.io/v1alpha2',
      kind: 'ResourceBinding',
      metadata: meta('w-widget'),
    };
    await flow.until('the widget is applied', async () => {
      const found = await kubectl(flow.control).get(binding);
      return found.status?.conditions?.some((each: Anything) => each.type === 'FullyApplied' && each.status === 'True');
    });
    await quiet(flow);
    const after = await member1.get(widget);
    expect(after.spec).toEqual(before.spec);
    expect(after.metadata.labels['karmada.io/managed']).toBe('true');
    await control.patch(widget, { spec: { size: 5, parts: [{ name: 'a', weight: 2 }] } });
    await quiet(flow);
    const live = await member1.get(widget);
    expect(live.spec).toMatchObject({ size: 5, parts: [{ name: 'a', weight: 2 }] });
    await control.delete(widget);
    await flow.until('the widget is gone', async () => (await member1.find(widget)) === undefined);
    // Its definition gone, nobody serves the kind any more, and the policy ends all the same.
    await flow.control.resource(CustomResourceDefinitions).delete({ name: 'widgets.example.com' });
    await quiet(flow);
    const policy = policyFor('pp', [widget]);
    await flow.drive(control.delete(policy));
    await flow.until('the policy is gone', async () => (await control.find(policy)) === undefined);
  });
});

describe('keys that occur twice', () => {
  const twice = {
    ...named(nginx, 'twice'),
    spec: {
      ...nginx.spec,
      template: {
        ...nginx.spec.template,
        spec: {
          containers: [
            {
              name: 'nginx',
              image: 'nginx:1',
              env: [
                { name: 'A', value: '1' },
                { name: 'A', value: '2' },
                { name: 'B', value: '3' },
              ],
            },
          ],
        },
      },
    },
  };
  const envOf = (live: Anything) => live.spec.template.spec.containers[0].env;

  it('are written by a full update, said on the Work; later removals still go', async () => {
    const { control, member1 } = handsOn(flow);
    await member1.create(twice);
    await member1.patch(twice, { metadata: { labels: { own: 'yes' } } });
    await control.create(twice);
    await control.apply(policyFor('pp', [twice]));
    await applied(flow, twice);
    await quiet(flow);
    expect(envOf(await member1.get(twice))).toEqual(envOf(twice));
    const [work] = await worksOf(flow, twice);
    const message = work.status.conditions.find((each: Anything) => each.type === 'Applied').message;
    expect(message).toContain('written by a full update');
    expect(message).toContain('duplicate entries for key [name="A"]');

    const withEnv = (env: Anything) => (now: Anything) => ({
      ...now,
      spec: {
        ...now.spec,
        template: {
          ...now.spec.template,
          spec: { ...now.spec.template.spec, containers: [{ ...now.spec.template.spec.containers[0], env }] },
        },
      },
    });
    await control.edit(
      twice,
      withEnv([
        { name: 'A', value: '1' },
        { name: 'A', value: '2' },
      ]),
    );
    await quiet(flow);
    let live = await member1.get(twice);
    expect(envOf(live)).toEqual([
      { name: 'A', value: '1' },
      { name: 'A', value: '2' },
    ]);
    expect(live.metadata.labels.own).toBe('yes');

    // Told apart again: back to apply, and the record of the updates goes.
    await control.edit(twice, withEnv([{ name: 'A', value: '1' }]));
    await quiet(flow);
    live = await member1.get(twice);
    expect(envOf(live)).toEqual([{ name: 'A', value: '1' }]);
    expect(live.metadata.annotations['work.flotilla.io/written-fields']).toBeUndefined();
    expect(
      live.metadata.managedFields.some((each: Anything) => each.manager === 'flotilla' && each.operation === 'Apply'),
    ).toBe(true);
    const [after] = await worksOf(flow, twice);
    expect(after.status.conditions.find((each: Anything) => each.type === 'Applied').message).toBe(
      'Manifest has been successfully applied',
    );
  });
});

describe('work.flotilla.io/write: replace', () => {
  it('writes as the reference does: what the template lacks is gone, the member keeps its own marks', async () => {
    const { control, member1 } = handsOn(flow);
    await member1.apply(nginx);
    await member1.patch(nginx, {
      spec: { template: { spec: { containers: [{ name: 'sidecar', image: 'envoy:1' }] } } },
    });
    await member1.label(nginx, 'own', 'yes');
    await control.apply({
      ...nginx,
      metadata: { ...nginx.metadata, labels: { ours: 'yes' }, annotations: { 'work.flotilla.io/write': 'replace' } },
    });
    await control.apply(policyFor('pp', [nginx]));
    await applied(flow, nginx);
    await quiet(flow);
    let live = await member1.get(nginx);
    expect(live.spec.template.spec.containers.map((each: Anything) => each.name)).toEqual(['nginx']);
    expect(live.metadata.labels).toMatchObject({ own: 'yes', ours: 'yes' });
    await control.label(nginx, 'ours', null);
    await member1.patch(nginx, {
      spec: { template: { spec: { containers: [{ name: 'sidecar', image: 'envoy:1' }] } } },
    });
    await quiet(flow);
    live = await member1.get(nginx);
    expect(live.metadata.labels.ours).toBeUndefined();
    expect(live.spec.template.spec.containers.map((each: Anything) => each.name)).toEqual(['nginx']);
    const writes = flow.writes.length;
    await flow.pass(60_000);
    expect(flow.writes.slice(writes).filter((each) => each.server === 'member1')).toEqual([]);
  });

  it('may be asked for by the policy', async () => {
    const { control, member1 } = handsOn(flow);
    await member1.apply(nginx);
    await control.apply(nginx);
    const policy = policyFor('pp', [nginx]);
    await control.apply(policy);
    await applied(flow, nginx);
    await control.annotate(policy, 'work.flotilla.io/write', 'replace');
    await quiet(flow);
    const [work] = await worksOf(flow, nginx);
    expect(work.metadata.annotations['work.flotilla.io/write']).toBe('replace');
    await member1.setEnv(nginx, 'nginx', 'OWN', '1');
    await quiet(flow);
    expect((await member1.get(nginx)).spec.template.spec.containers[0].env).toBeUndefined();
  });
});
