import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InterpreterWebhook } from '#apis/config/webhook-configuration.ts';
import { webhookCalls } from '#app/up/webhook-calls.ts';
import { type Behaviour, startWebhookServer } from '#harness/webhook-server.ts';
import type { JsonObject, JsonValue, KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import { simulatedClock } from '#world/clock/simulated.ts';
import { systemClock } from '#world/clock/system.ts';
import { seededRandom } from '#world/random/seeded.ts';
import type { Affects } from '../changes.ts';
import { heldObjects } from '../informers.fixture.ts';
import { interpreterOf } from '../interpreter.ts';
import type { HookWorld } from './call.ts';
import { webhookSource } from './source.ts';

const rule = { operations: ['*'], apiGroups: ['example.io'], apiVersions: ['v1'], kinds: ['Workload'] };
const object: UnstructuredObject = {
  apiVersion: 'example.io/v1',
  kind: 'Workload',
  metadata: { namespace: 'default', name: 'web' },
  spec: { replicas: 3 },
};
const items = [{ clusterName: 'member1', status: { ready: 2 } }];

const server = await startWebhookServer();
afterAll(() => server.stop());

const answering =
  (response: JsonObject, context: JsonObject = {}): Behaviour =>
  ({ uid }) => ({ body: JSON.stringify({ ...context, response: { uid, successful: true, ...response } }) });

const base64 = (value: JsonValue) => Buffer.from(JSON.stringify(value)).toString('base64');
const patching = (...patch: readonly JsonObject[]) => answering({ patchType: 'JSONPatch', patch: base64(patch) });

const hook = (path: string, more: Partial<InterpreterWebhook> = {}): InterpreterWebhook => ({
  name: 'workloads.example.com',
  clientConfig: { url: server.url(path), caBundle: server.caBundle },
  rules: [rule],
  interpreterContextVersions: ['v1alpha1'],
  ...more,
});

const configuration = (name: string, ...webhooks: readonly InterpreterWebhook[]): KubeObject =>
  ({
    apiVersion: 'config.karmada.io/v1alpha1',
    kind: 'ResourceInterpreterWebhookConfiguration',
    metadata: { name },
    webhooks,
  }) as KubeObject;

const world: HookWorld = {
  post: webhookCalls(),
  service: () => undefined,
  clock: systemClock,
  random: seededRandom(1),
};

const interpreterWith = (configurations: readonly KubeObject[], over: Partial<HookWorld> = {}) =>
  interpreterOf([webhookSource(heldObjects(configurations).informers, { ...world, ...over }, () => {})]);

/** The interpreter over one webhook that behaves so. */
function over(behaviour: Behaviour, more: Partial<InterpreterWebhook> = {}) {
  server.behave('/hook', behaviour);
  server.heard();
  return interpreterWith([configuration('first', hook('/hook', more))]);
}

describe('a webhook is asked', () => {
  it('for replicas, with the whole context', async () => {
    const requirements = { resourceRequest: { cpu: '1' } };
    const asked = over(answering({ replicas: 3, replicaRequirements: requirements }));
    expect(await asked.getReplicas(object)).toEqual({ replicas: 3, requirements });
    expect(server.heard()).toEqual([
      {
        path: '/hook',
        review: {
          apiVersion: 'config.karmada.io/v1alpha1',
          kind: 'ResourceInterpreterContext',
          request: {
            uid: expect.any(String),
            kind: { group: 'example.io', version: 'v1', kind: 'Workload' },
            name: 'web',
            namespace: 'default',
            operation: 'InterpretReplica',
            object,
          },
        },
      },
    ]);
  });

  it('for components', async () => {
    const components = [{ name: 'jobmanager', replicas: 1 }];
    expect(await over(answering({ components })).getComponents(object)).toEqual(components);
    expect(await over(answering({})).getComponents(object)).toEqual([]);
  });

  it('for the object with other replicas', async () => {
    const asked = over(patching({ op: 'replace', path: '/spec/replicas', value: 2 }));
    expect(await asked.reviseReplica(object, 2)).toEqual({ ...object, spec: { replicas: 2 } });
    expect(server.heard()[0]!.review.request).toMatchObject({ operation: 'ReviseReplica', replicas: 2 });
    expect(await over(answering({})).reviseReplica(object, 2)).toBe(object);
  });

  it('for what a member keeps', async () => {
    const observed = { ...object, spec: { replicas: 9 } };
    const asked = over(patching({ op: 'replace', path: '/spec/replicas', value: 9 }));
    expect(await asked.retain(object, observed)).toEqual(observed);
    expect(server.heard()[0]!.review.request).toMatchObject({ operation: 'Retain', object, observedObject: observed });
  });

  it('for status, health and the whole status', async () => {
    expect(await over(answering({ rawStatus: { ready: 1 } })).reflectStatus(object)).toEqual({ ready: 1 });
    expect(await over(answering({ healthy: true })).interpretHealth(object)).toBe('Healthy');
    expect(await over(answering({ healthy: false })).interpretHealth(object)).toBe('Unhealthy');
    const asked = over(patching({ op: 'add', path: '/status', value: { ready: 2 } }));
    expect(await asked.aggregateStatus(object, items)).toEqual({ ready: 2 });
    expect(server.heard()[0]!.review.request).toMatchObject({ operation: 'AggregateStatus', aggregatedStatus: items });
  });

  it('for dependencies', async () => {
    const dependencies = [{ apiVersion: 'v1', kind: 'Secret', namespace: 'default', name: 'a' }];
    expect(await over(answering({ dependencies })).getDependencies(object)).toEqual(dependencies);
    expect(await over(answering({})).getDependencies(object)).toEqual([]);
  });

  it('over one connection again and again', async () => {
    const asked = over(answering({ healthy: true }));
    for (let i = 0; i < 5; i++) expect(await asked.interpretHealth(object)).toBe('Healthy');
    expect(server.heard()).toHaveLength(5);
  });
});

describe('an answer is refused', () => {
  const prefix =
    'failed calling webhook "workloads.example.com" of ResourceInterpreterWebhookConfiguration first for InterpretReplica: ';
  it.each<[string, Behaviour, string | RegExp]>([
    [
      'of another call',
      () => ({ body: JSON.stringify({ response: { uid: 'x', successful: true } }) }),
      /expected response\.uid "[-0-9a-f]+", got "x"/,
    ],
    ['without a response', () => ({ body: '{}' }), 'webhook response was absent'],
    ['that is no JSON', () => ({ body: 'oops' }), /the answer is no JSON: /],
    ['that is no object', () => ({ body: '[]' }), 'the answer is no JSON object'],
    [
      'of another kind',
      answering({ replicas: 1 }, { kind: 'Other' }),
      'kind must be ResourceInterpreterContext, and is "Other"',
    ],
    [
      'of another version',
      answering({ replicas: 1 }, { apiVersion: 'config.karmada.io/v2' }),
      'apiVersion must be config.karmada.io/v1alpha1, and is "config.karmada.io/v2"',
    ],
    ['with an HTTP error', () => ({ status: 500, body: 'broken inside' }), 'it answered 500: broken inside'],
    [
      'that failed',
      answering({ successful: false, status: { code: 403, message: 'not mine' } }),
      'webhook call failed, get status code: 403, msg: not mine',
    ],
    [
      'that failed without a word',
      answering({ successful: false }),
      'webhook require response.status when response.successful is false',
    ],
    ['without replicas', answering({}), 'replicas must be a number, and is nothing'],
    ['with text for replicas', answering({ replicas: '3' }), 'replicas must be a number, and is a string'],
    ['with negative replicas', answering({ replicas: -1 }), 'replicas must be between 0 and 2147483647, and are -1'],
    [
      'with wrong requirements',
      answering({ replicas: 1, replicaRequirements: { nodeClaim: 'x' } }),
      /requirements\.nodeClaim: Invalid value: "string"/,
    ],
    ['that breaks off', () => ({ broken: true }), /Post "https:.*\/hook\?timeout=10s": /],
  ])('%s', async (_, behaviour, why) => {
    const message = await over(behaviour)
      .getReplicas(object)
      .then(
        () => 'answered',
        (error: Error) => error.message,
      );
    expect(message.slice(0, prefix.length)).toBe(prefix);
    expect(message.slice(prefix.length)).toEqual(typeof why === 'string' ? why : expect.stringMatching(why));
  });

  it.each<[JsonObject, string]>([
    [{ patch: base64([]) }, 'webhook returned nil response.patchType'],
    [{ patchType: 'JSONPatch' }, 'webhook returned empty response.patch'],
    [{ patchType: 'Merge', patch: base64([]) }, 'webhook returned invalid response.patchType of "Merge"'],
    [{ patchType: 'JSONPatch', patch: '%' }, 'response.patch does not apply: it is no JSON in base64: '],
    [{ patchType: 'JSONPatch', patch: base64([{ op: 'remove', path: '/none' }]) }, 'response.patch does not apply: '],
    [
      { patchType: 'JSONPatch', patch: base64([{ op: 'replace', path: '/metadata/name', value: 'other' }]) },
      'metadata.name of the object must stay web',
    ],
    [
      { patchType: 'JSONPatch', patch: base64([{ op: 'replace', path: '/kind', value: 'Other' }]) },
      'kind of the object must stay Workload',
    ],
  ])('with the patch %j', async (response, why) => {
    await expect(over(answering(response)).reviseReplica(object, 1)).rejects.toThrow(why);
  });

  it('that comes too late', async () => {
    const clock = simulatedClock();
    server.behave('/hook', () => ({ silent: true }));
    const asked = interpreterWith([configuration('first', hook('/hook', { timeoutSeconds: 3 }))], { clock });
    const answer = asked.interpretHealth(object).catch((error: Error) => error.message);
    await clock.advance(3_000);
    expect(await answer).toMatch(/Post ".*timeout=3s": it did not answer within 3 seconds$/);
  });

  it('of a server that is not trusted', async () => {
    const untrusted = hook('/hook', { clientConfig: { url: server.url('/hook') } });
    await expect(interpreterWith([configuration('first', untrusted)]).interpretHealth(object)).rejects.toThrow(
      /certificate/,
    );
  });

  it('of a webhook that knows no version of ours', async () => {
    await expect(
      over(answering({ healthy: true }), { interpreterContextVersions: ['v2'] }).interpretHealth(object),
    ).rejects.toThrow('webhook does not accept known ResourceInterpreterContext versions (v1alpha1)');
  });
});

describe('which webhook', () => {
  const told = (replicas: number) => answering({ replicas });
  beforeAll(() => {
    for (const n of [1, 2, 3]) server.behave(`/${n}`, told(n));
  });

  it.each<[string, readonly KubeObject[], number | undefined]>([
    ['the first by name of its configuration', [configuration('b', hook('/1')), configuration('a', hook('/2'))], 2],
    [
      'the first by its own name',
      [configuration('a', hook('/1', { name: 'b.example.com' }), hook('/2', { name: 'a.example.com' }))],
      2,
    ],
    [
      'the first that is asked for the operation',
      [
        configuration('a', hook('/1', { rules: [{ ...rule, operations: ['Retain'] }] })),
        configuration('b', hook('/2', { rules: [{ ...rule, operations: ['Retain', 'InterpretReplica'] }] })),
      ],
      2,
    ],
    [
      'everything',
      [
        configuration(
          'a',
          hook('/3', { rules: [{ operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], kinds: ['*'] }] }),
        ),
      ],
      3,
    ],
    ['not of another kind', [configuration('a', hook('/1', { rules: [{ ...rule, kinds: ['Other'] }] }))], undefined],
    [
      'not of another version',
      [configuration('a', hook('/1', { rules: [{ ...rule, apiVersions: ['v2'] }] }))],
      undefined,
    ],
    ['not of another group', [configuration('a', hook('/1', { rules: [{ ...rule, apiGroups: [''] }] }))], undefined],
    ['none without rules', [configuration('a', { ...hook('/1'), rules: undefined })], undefined],
  ])('%s', async (_, configurations, replicas) => {
    const asked = interpreterWith(configurations);
    expect((await asked.getReplicas(object))?.replicas).toBe(replicas);
    expect(asked.knows(object, 'getReplicas')).toBe(replicas !== undefined);
  });

  it('is looked up anew when a configuration changes, and whoever rests on it hears so', async () => {
    const held = heldObjects();
    const heard: Affects[] = [];
    const asked = interpreterOf([webhookSource(held.informers, world, (affects) => heard.push(affects))]);
    expect(asked.knows(object, 'getReplicas')).toBe(false);
    held.put(configuration('a', hook('/1')));
    expect((await asked.getReplicas(object))?.replicas).toBe(1);
    held.put(configuration('a', hook('/2')));
    expect((await asked.getReplicas(object))?.replicas).toBe(2);
    expect(heard.map((affects) => [affects('example.io/v1', 'Workload'), affects('apps/v1', 'Deployment')])).toEqual([
      [true, false],
      [true, false],
    ]);
    held.put({ ...configuration('a', hook('/2')), metadata: { name: 'a', labels: { a: 'b' } } });
    expect(heard).toHaveLength(2);
    held.remove('a');
    expect(asked.knows(object, 'getReplicas')).toBe(false);
  });
});

describe('a service', () => {
  const clientConfig = () => ({
    service: { namespace: 'hooks', name: 'workloads', path: '/hook', port: 8443 },
    caBundle: server.caBundle,
  });
  const asked = async (service: JsonObject | undefined) => {
    const calls: unknown[] = [];
    const asking = interpreterWith([configuration('a', hook('', { clientConfig: clientConfig() }))], {
      service: () => service as unknown as UnstructuredObject,
      post: async ({ url, dial }) => {
        calls.push({ url, dial });
        return { status: 500, body: 'enough' };
      },
    });
    const why = await asking.interpretHealth(object).catch((error: Error) => error.message);
    return { calls, why };
  };
  const url = 'https://workloads.hooks.svc:8443/hook?timeout=10s';

  it.each<[string, JsonObject | undefined, string | undefined]>([
    ['that the control plane does not have', undefined, undefined],
    ['of the control plane', { spec: { clusterIP: '10.0.0.7', ports: [{ port: 8443 }] } }, '10.0.0.7:8443'],
    ['with an IPv6 address', { spec: { clusterIP: 'fd00::7', ports: [{ port: 8443 }] } }, '[fd00::7]:8443'],
    ['elsewhere', { spec: { type: 'ExternalName', externalName: 'hooks.example.com' } }, 'hooks.example.com:8443'],
  ])('%s is called', async (_, service, dial) => {
    expect((await asked(service)).calls).toEqual([{ url, dial }]);
  });

  it.each<[string, JsonObject, string]>([
    [
      'without an address',
      { spec: { clusterIP: 'None', ports: [{ port: 8443 }] } },
      'cannot route to service with ClusterIP "None"',
    ],
    [
      'without the port',
      { spec: { clusterIP: '10.0.0.7', ports: [{ port: 443 }] } },
      'no service port 8443 found for service "workloads"',
    ],
  ])('%s is not', async (_, service, why) => {
    expect(await asked(service)).toEqual({ calls: [], why: expect.stringContaining(why) });
  });
});
