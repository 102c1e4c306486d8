/** Kinds that only their users know: what they mean is told by customizations in Lua and by webhooks, right or wrong. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CustomResourceDefinitions } from '#apis/kubernetes/types.ts';
import { webhookCalls } from '#app/up/webhook-calls.ts';
import type { ApiClient } from '#client/api-client.ts';
import { type Flow, startFlow } from '#harness/flow.ts';
import { type Anything, type Kubectl, kubectl } from '#harness/kubectl.ts';
import { bindingOf, named, nginx, policyFor } from '#harness/samples.ts';
import { startWebhookServer } from '#harness/webhook-server.ts';

const kinds = ['Workload', 'Looper', 'Gadget'];
const plural = (kind: string) => `${kind.toLowerCase()}s`;
const refs = [
  ...kinds.map((kind) => ({ group: 'example.io', version: 'v1', kind, resource: plural(kind), namespaced: true })),
  ...(['ResourceInterpreterCustomization', 'ResourceInterpreterWebhookConfiguration'] as const).map((kind) => ({
    group: 'config.karmada.io',
    version: 'v1alpha1',
    kind,
    resource: plural(kind),
    namespaced: false,
  })),
];

let flow: Flow;
let control: Kubectl;
let members: Readonly<Record<'member1' | 'member2', Kubectl>>;

const definition = (kind: string): Anything => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${plural(kind)}.example.io` },
  spec: {
    group: 'example.io',
    scope: 'Namespaced',
    names: { plural: plural(kind), singular: kind.toLowerCase(), kind, listKind: `${kind}List` },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        subresources: { status: {} },
      },
    ],
  },
});

const define = async (client: ApiClient) => {
  for (const kind of kinds) await client.resource(CustomResourceDefinitions).create(definition(kind));
};

beforeAll(async () => {
  flow = await startFlow();
  const clients = [flow.control, flow.member('member1'), flow.member('member2')];
  for (const client of clients) await flow.drive(define(client));
  control = kubectl(flow.control, refs);
  members = { member1: kubectl(flow.member('member1'), refs), member2: kubectl(flow.member('member2'), refs) };
});
afterAll(() => flow.stop());

const object = (kind: string, spec: Anything): Anything => ({
  apiVersion: 'example.io/v1',
  kind,
  metadata: { namespace: 'default', name: 'web' },
  spec,
});

const customization = (name: string, kind: string, scripts: Readonly<Record<string, string>>): Anything => ({
  apiVersion: 'config.karmada.io/v1alpha1',
  kind: 'ResourceInterpreterCustomization',
  metadata: { name },
  spec: {
    target: { apiVersion: 'example.io/v1', kind },
    customizations: Object.fromEntries(Object.entries(scripts).map(([field, luaScript]) => [field, { luaScript }])),
  },
});

const replicas = {
  replicaResource: 'function GetReplicas(obj) return obj.spec.size end',
  replicaRevision: 'function ReviseReplica(obj, n) obj.spec.size = n return obj end',
};

const weighted = {
  placement: {
    clusterAffinity: { clusterNames: ['member1', 'member2'] },
    replicaScheduling: {
      replicaSchedulingType: 'Divided',
      replicaDivisionPreference: 'Weighted',
      weightPreference: {
        staticWeightList: [
          { targetCluster: { clusterNames: ['member1'] }, weight: 2 },
          { targetCluster: { clusterNames: ['member2'] }, weight: 1 },
        ],
      },
    },
  },
};

const events = async (about: Anything, reason: string) =>
  (await control.list('v1', 'Event', 'default')).filter(
    ({ involvedObject, reason: of }) =>
      involvedObject.kind === about.kind && involvedObject.name === about.metadata.name && of === reason,
  );

/** By cluster, as the binding has it. */
const healthOf = async (template: Anything): Promise<Anything> => {
  const { status } = await control.get(bindingOf(template));
  return Object.fromEntries((status?.aggregatedStatus ?? []).map((item: Anything) => [item.clusterName, item.health]));
};

it('a kind that a customization explains is divided, judged and counted', async () => {
  const workload = object('Workload', { size: 6, hosts: [], limits: {} });
  await control.create(
    customization('workload', 'Workload', {
      ...replicas,
      statusReflection: 'function ReflectStatus(obj) return { ready = obj.status and obj.status.ready or 0 } end',
      healthInterpretation:
        'function InterpretHealth(obj) return obj.status ~= nil and obj.status.ready == obj.spec.size end',
      statusAggregation: `
        function AggregateStatus(obj, items)
          local ready = 0
          for i = 1, #items do ready = ready + (items[i].status and items[i].status.ready or 0) end
          obj.status = { ready = ready }
          return obj
        end`,
    }),
  );
  await control.create(workload);
  await control.create(policyFor('workload', [workload], weighted));
  const sizes = { member1: 4, member2: 2 } as const;
  for (const name of ['member1', 'member2'] as const) {
    const live = await flow.until(`${name} has its part`, () => members[name].find(workload));
    // What is empty stays what it was, in the script's hands too.
    expect(live.spec).toEqual({ size: sizes[name], hosts: [], limits: {} });
  }
  await members.member1.say(workload, { ready: 4 });
  await members.member2.say(workload, { ready: 1 });
  await flow.until('the template counts both', async () => (await control.get(workload)).status?.ready === 5);
  expect(await healthOf(workload)).toEqual({ member1: 'Healthy', member2: 'Unhealthy' });
  await members.member2.say(workload, { ready: 2 });
  await flow.until('both are healthy', async () => (await healthOf(workload)).member2 === 'Healthy');
  expect((await control.get(workload)).status).toEqual({ ready: 6 });

  // Another meaning is taken up at once, though no template and no member's object has changed.
  await control.patch(customization('workload', 'Workload', {}), {
    spec: {
      customizations: {
        healthInterpretation: { luaScript: 'function InterpretHealth(obj) return obj.spec.size > 3 end' },
      },
    },
  });
  await flow.until('health is judged anew', async () => (await healthOf(workload)).member2 === 'Unhealthy');
  expect((await healthOf(workload)).member1).toBe('Healthy');
});

it('a script that never ends is told on its binding, and holds up nobody else', async () => {
  const looper = object('Looper', { size: 2 });
  const loops = { ...replicas, replicaRevision: 'function ReviseReplica(obj, n)\n  while true do end\nend' };
  await control.create(customization('looper', 'Looper', loops));
  await control.create(looper);
  await control.create(policyFor('looper', [looper], weighted));
  const [failure] = await flow.until('the binding says so', async () => {
    const found = await events(bindingOf(looper), 'SyncWorkFailed');
    return found.length > 0 && found;
  });
  expect(failure.message).toMatch(
    /ResourceInterpreterCustomization looper ReviseReplica:\d+: .*used up its instructions/,
  );
  const deployment = named(nginx, 'meanwhile');
  await control.create(deployment);
  await control.create(policyFor('meanwhile', [deployment]));
  await flow.until('the Deployment is there', () => members.member1.find(deployment));
  expect(await members.member1.find(looper)).toBeUndefined();

  await control.patch(customization('looper', 'Looper', {}), {
    spec: { customizations: { replicaRevision: { luaScript: replicas.replicaRevision } } },
  });
  await flow.until('the mended script is used', () => members.member1.find(looper));

  for (const [field, script, reason, about] of [
    ['statusReflection', 'ReflectStatus', 'ReflectStatusFailed', bindingOf(looper)],
    ['healthInterpretation', 'InterpretHealth', 'InterpretHealthFailed', bindingOf(looper)],
    ['statusAggregation', 'AggregateStatus', 'AggregateStatusFailed', looper],
    ['replicaResource', 'GetReplicas', 'GetReplicasFailed', bindingOf(looper)],
  ] as const) {
    const luaScript = `function ${script}() error("not today") end`;
    await control.patch(customization('looper', 'Looper', {}), {
      spec: { customizations: { [field]: { luaScript } } },
    });
    await flow.until(reason, async () => (await events(about, reason))[0]?.message.includes('not today'));
  }
  expect(await healthOf(looper)).toEqual({ member1: 'Unknown', member2: 'Unknown' });
  await control.patch(customization('looper', 'Looper', {}), {
    spec: { customizations: { retention: { luaScript: 'function Retain(a, b) error("keep out") end' } } },
  });
  await flow.until('what was not written says why', async () => {
    const [item] = (await control.get(bindingOf(looper))).status.aggregatedStatus;
    return item.applied !== true && item.appliedMessage?.includes('looper Retain:1: keep out');
  });
});

it('a kind that a webhook explains', async () => {
  const server = await startWebhookServer();
  server.behave('/gadgets', ({ uid, operation, object: asked }) => {
    const { spec } = asked as Anything;
    const answers: Readonly<Record<string, Anything>> = {
      InterpretReplica: { replicas: spec.parts.length },
      InterpretHealth: { healthy: spec.parts.includes('wheel') },
    };
    return { body: JSON.stringify({ response: { uid, successful: true, ...answers[operation as string] } }) };
  });
  try {
    await control.create({
      apiVersion: 'config.karmada.io/v1alpha1',
      kind: 'ResourceInterpreterWebhookConfiguration',
      metadata: { name: 'gadgets' },
      webhooks: [
        {
          name: 'gadgets.example.io',
          clientConfig: { url: server.url('/gadgets'), caBundle: server.caBundle },
          interpreterContextVersions: ['v1alpha1'],
          rules: [
            {
              operations: ['InterpretReplica', 'InterpretHealth'],
              apiGroups: ['example.io'],
              apiVersions: ['*'],
              kinds: ['Gadget'],
            },
          ],
        },
      ],
    });
    const gadget = object('Gadget', { parts: ['wheel', 'axle', 'frame'] });
    await control.create(gadget);
    await control.create(policyFor('gadget', [gadget]));
    // A look takes a round trip to the server: simulated time does not run away from what it has to answer.
    const call = webhookCalls();
    const roundTrip = () =>
      call({ url: server.url('/nothing'), caBundle: server.caBundle }, {}, new AbortController().signal);
    await flow.until('the webhook has judged it', async () => {
      await roundTrip();
      return (await healthOf(gadget)).member1 === 'Healthy';
    });
    expect((await control.get(bindingOf(gadget))).spec.replicas).toBe(3);
  } finally {
    await server.stop();
  }
});
