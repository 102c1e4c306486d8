/** The distributor's loop over a server that the test holds: what wakes it, what it tells, how it comes to rest. */
import { afterEach, describe, expect, it } from 'vitest';
import { bindingNameFor } from '#apis/names/objects.ts';
import type { ResourceBinding } from '#apis/work/resource-binding.ts';
import { inProcessClient } from '#client/in-process.ts';
import { informerFactory } from '#client/informer/factory.ts';
import type { RestMapper } from '#client/mapper/mapper.ts';
import { templateReader } from '#client/template-reader.ts';
import { memoryHandler } from '#harness/memory-handler.ts';
import type { Dependency, Interpreter } from '#interpreter/interpreter.ts';
import type { ResourceRef } from '#kube/meta/kind.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { notFound } from '#kube/status/errors.ts';
import { controllerManager } from '#runtime/manager.ts';
import { createMetrics } from '#runtime/telemetry/metrics.ts';
import { simulatedClock } from '#world/clock/simulated.ts';
import { seededRandom } from '#world/random/seeded.ts';
import { dependenciesController } from './controller.ts';

const ref = (kind: string, group = ''): ResourceRef => ({
  group,
  version: 'v1',
  kind,
  resource: `${kind.toLowerCase()}s`,
  namespaced: true,
});
const served = [
  ref('ConfigMap'),
  ref('Secret'),
  ref('Deployment', 'apps'),
  ref('Service'),
  ref('Service', 'example.org'),
];

const need = (kind: string, name: string, apiVersion = 'v1'): Dependency => ({
  apiVersion,
  kind,
  namespace: 'default',
  name,
});
const object = (kind: string, name: string, metadata: object = {}, apiVersion = 'v1'): KubeObject => ({
  apiVersion,
  kind,
  metadata: { namespace: 'default', name, ...metadata },
});

async function setUp() {
  const clock = simulatedClock();
  const server = memoryHandler({ clock });
  const client = inProcessClient({ name: 'test', handler: server, user: { name: 'tester', groups: [] }, clock });
  const random = seededRandom(1);
  const informers = informerFactory(client, { clock, random });
  const kinds = new Set(served);
  const find: RestMapper['find'] = async ({ group, version, kind }) =>
    [...kinds].find((each) => each.group === group && each.version === version && each.kind === kind) as never;
  const needs = new Map<string, readonly Dependency[] | Error>();
  let changed: Parameters<Interpreter['onChange']>[0] = () => {};
  const interpreter = {
    knows: () => true,
    getDependencies: async ({ metadata }: KubeObject) => {
      const answer = needs.get(metadata.name!) ?? [];
      if (answer instanceof Error) throw answer;
      return answer;
    },
    onChange: (listener: typeof changed) => {
      changed = listener;
    },
  } as unknown as Interpreter;
  const events: string[] = [];
  const controller = dependenciesController({
    client,
    informers,
    templates: templateReader(client, informers, { find } as RestMapper),
    interpreter,
    random,
    skippedNamespaces: [/^kube-system$/],
    events: {
      event: ({ kind, metadata }, type, reason, message) =>
        events.push(`${kind} ${metadata.name} ${type} ${reason}: ${message}`),
    },
  });
  const manager = controllerManager({
    controllers: [controller],
    informers: [informers],
    clock,
    metrics: createMetrics(),
  });
  const started = manager.start();
  await clock.settle();
  await started;

  const bindings = () => server.objects('resourcebindings') as readonly ResourceBinding[];
  const bindingOf = (kind: string, name: string) =>
    bindings().find(({ metadata }) => metadata.name === bindingNameFor(kind, name));
  let generation = 0;
  /** A Deployment placed in member1, and its binding. */
  const place = (name: string, dependencies: readonly Dependency[] | Error, spec: object = {}) => {
    needs.set(name, dependencies);
    const { metadata } = server.put('deployments', object('Deployment', name, { uid: `uid of ${name}` }, 'apps/v1'));
    const { uid, resourceVersion, namespace } = metadata;
    const existing = bindingOf('Deployment', name);
    server.put('resourcebindings', {
      ...existing,
      apiVersion: 'work.karmada.io/v1alpha2',
      kind: 'ResourceBinding',
      metadata: {
        ...existing?.metadata,
        namespace: 'default',
        name: `${name}-deployment`,
        generation: ++generation,
        labels: { 'resourcebinding.karmada.io/permanent-id': `id of ${name}` },
      },
      spec: {
        propagateDeps: true,
        clusters: [{ name: 'member1' }],
        placement: {},
        ...spec,
        resource: { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name, uid, resourceVersion },
      },
    } as KubeObject);
  };
  const referrersOf = (kind: string, name: string) =>
    bindingOf(kind, name)?.spec.requiredBy?.map((each) => each.name.replace('-deployment', '')) ?? [];
  const troubles = () => manager.status()[0]!.troubles.map(({ reason }) => reason);
  return {
    clock,
    server,
    kinds,
    events,
    manager,
    informers,
    needs,
    place,
    bindings,
    bindingOf,
    referrersOf,
    troubles,
    tellChange: () => changed(() => true),
  };
}

let stage: Awaited<ReturnType<typeof setUp>>;
afterEach(async () => {
  await stage.manager.stop();
  stage.informers.stop();
});

describe('the dependencies distributor', () => {
  it('attaches what a selector chooses, as labels come and go', async () => {
    stage = await setUp();
    const { server, clock, place, referrersOf } = stage;
    const chosen = { ...need('Secret', ''), labelSelector: { matchLabels: { for: 'web' } } };
    place('web', [chosen]);
    server.put('secrets', object('Secret', 'there', { labels: { for: 'web' } }));
    await clock.settle();
    expect(referrersOf('Secret', 'there')).toEqual(['web']);
    server.put('secrets', object('Secret', 'later', { labels: { for: 'other' } }));
    await clock.settle();
    expect(referrersOf('Secret', 'later')).toEqual([]);
    server.put('secrets', object('Secret', 'later', { labels: { for: 'web' } }));
    server.put('secrets', object('Secret', 'there', { labels: {} }));
    await clock.settle();
    expect(referrersOf('Secret', 'later')).toEqual(['web']);
    expect(referrersOf('Secret', 'there')).toEqual([]);
  });

  it('is not concerned with bindings that are nowhere yet, nor with statuses', async () => {
    stage = await setUp();
    const { server, clock, place, bindingOf } = stage;
    server.put('configmaps', object('ConfigMap', 'settings'));
    place('web', [need('ConfigMap', 'settings')], { clusters: [] });
    await clock.settle();
    expect(bindingOf('ConfigMap', 'settings')).toBeUndefined();
    expect(bindingOf('Deployment', 'web')!.metadata.annotations).toBeUndefined();
    place('web', [need('ConfigMap', 'settings')]);
    await clock.settle();
    const before = bindingOf('ConfigMap', 'settings')!;
    server.put('configmaps', { ...object('ConfigMap', 'settings'), status: { any: 1 } } as KubeObject);
    await clock.settle();
    expect(bindingOf('ConfigMap', 'settings')).toEqual(before);
  });

  it('tells of a kind that is not served, does the rest, and goes on once it is', async () => {
    stage = await setUp();
    const { server, clock, place, referrersOf, events, troubles, kinds } = stage;
    server.put('configmaps', object('ConfigMap', 'settings'));
    server.put('things', object('Thing', 'one', {}, 'example.org/v1'));
    place('web', [need('Thing', 'one', 'example.org/v1'), need('ConfigMap', 'settings')]);
    await clock.settle();
    const told = 'the control plane serves no Thing in example.org/v1, which the template needs';
    expect(referrersOf('ConfigMap', 'settings')).toEqual(['web']);
    expect(events).toContainEqual(
      expect.stringContaining(`ResourceBinding web-deployment Warning SyncScheduleResultToDependenciesFailed: ${told}`),
    );
    expect(troubles()[0]).toContain(told);
    kinds.add(ref('Thing', 'example.org'));
    await clock.advance(60_000);
    expect(referrersOf('Thing', 'one')).toEqual(['web']);
    expect(troubles()).toEqual([]);
  });

  it('tells of an interpreter that fails, and asks again when the kind means something else', async () => {
    stage = await setUp();
    const { server, clock, place, referrersOf, events, needs, tellChange } = stage;
    for (const name of ['a', 'b']) server.put('configmaps', object('ConfigMap', name));
    place('web', new Error('no such field'));
    await clock.settle();
    expect(events).toContain('Deployment web Warning GetDependenciesFailed: no such field');
    expect(events).toContain(
      'ResourceBinding web-deployment Warning SyncScheduleResultToDependenciesFailed: no such field',
    );
    needs.set('web', [need('ConfigMap', 'a')]);
    await clock.advance(60_000);
    expect(referrersOf('ConfigMap', 'a')).toEqual(['web']);
    needs.set('web', [need('ConfigMap', 'b')]);
    tellChange();
    await clock.settle();
    expect([referrersOf('ConfigMap', 'a'), referrersOf('ConfigMap', 'b')]).toEqual([[], ['web']]);
  });

  it('lets a binding go that only its finalizer holds', async () => {
    stage = await setUp();
    const { server, clock, place, bindingOf } = stage;
    place('web', []);
    await clock.settle();
    const { annotations: _, ...metadata } = bindingOf('Deployment', 'web')!.metadata;
    const binding = { ...bindingOf('Deployment', 'web')!, metadata: { ...metadata, deletionTimestamp: 'now' } };
    server.put('resourcebindings', { ...binding, spec: { ...binding.spec, propagateDeps: false } } as KubeObject);
    await clock.settle();
    expect(bindingOf('Deployment', 'web')!.metadata.finalizers).toEqual([]);
  });

  it('takes an object in the first version that is served', async () => {
    stage = await setUp();
    const { server, clock, place, bindingOf, referrersOf } = stage;
    server.put('deployments', object('Deployment', 'base', {}, 'apps/v1'));
    place('a', [need('Deployment', 'base', 'apps/v1')]);
    place('b', [need('Deployment', 'base', 'apps/alpha')]);
    await clock.settle();
    expect(bindingOf('Deployment', 'base')!.spec.resource.apiVersion).toBe('apps/v1');
    expect(referrersOf('Deployment', 'base')).toEqual(['a', 'b']);
  });

  it('refuses to share one binding between two kinds of a name', async () => {
    stage = await setUp();
    const { server, clock, place, referrersOf, events, bindingOf } = stage;
    server.put('services', object('Service', 'web'));
    place('a', [need('Service', 'web')]);
    await clock.settle();
    place('b', [need('Service', 'web', 'example.org/v1')]);
    await clock.settle();
    expect(events).toContain(
      'ResourceBinding b-deployment Warning SyncScheduleResultToDependenciesFailed: binding default/web-service is of another Service web, of group "" and not "example.org": rename one of the two',
    );
    expect(referrersOf('Service', 'web')).toEqual(['a']);
    expect(bindingOf('Service', 'web')!.spec.resource.apiVersion).toBe('v1');
  });

  it('never takes along what each cluster makes for itself, nor what is in a skipped namespace', async () => {
    stage = await setUp();
    const { server, clock, place, bindings } = stage;
    const skipped = { namespace: 'kube-system' };
    server.put('configmaps', object('ConfigMap', 'kube-root-ca.crt'));
    server.put('configmaps', object('ConfigMap', 'coredns', skipped));
    place('web', [need('ConfigMap', 'kube-root-ca.crt'), { ...need('ConfigMap', 'coredns'), ...skipped }]);
    await clock.settle();
    expect(bindings()).toHaveLength(1);
  });

  it('replaces a binding that was deleted, and waits for the end of one of an earlier object', async () => {
    stage = await setUp();
    const { server, clock, place, referrersOf, bindingOf } = stage;
    server.put('configmaps', object('ConfigMap', 'settings'));
    place('web', [need('ConfigMap', 'settings')]);
    await clock.settle();
    server.remove('resourcebindings', 'default/settings-configmap');
    await clock.settle();
    expect(referrersOf('ConfigMap', 'settings')).toEqual(['web']);
    const first = bindingOf('ConfigMap', 'settings')!;
    server.remove('configmaps', 'default/settings');
    server.put('configmaps', object('ConfigMap', 'settings', { uid: 'another' }));
    await clock.settle();
    expect(bindingOf('ConfigMap', 'settings')!.spec.resource.uid).toBe(first.spec.resource.uid);
    server.remove('resourcebindings', 'default/settings-configmap');
    await clock.settle();
    expect(bindingOf('ConfigMap', 'settings')!.spec.resource.uid).toBe('another');
  });

  it('makes none for an object of which only the cache does not know that it has gone', async () => {
    stage = await setUp();
    const { server, clock, place, bindingOf } = stage;
    server.put('configmaps', object('ConfigMap', 'settings'));
    place('first', [need('ConfigMap', 'other')]);
    await clock.settle();
    server.failNext('get', notFound({ group: '', resource: 'configmaps' }, 'settings'));
    place('web', [need('ConfigMap', 'settings')]);
    await clock.settle();
    expect(bindingOf('ConfigMap', 'settings')).toBeUndefined();
    server.put('configmaps', object('ConfigMap', 'settings', { annotations: { made: 'again' } }));
    await clock.settle();
    expect(bindingOf('ConfigMap', 'settings')).toBeDefined();
  });

  it('comes to rest at what the survivors need, after whatever came and went', async () => {
    stage = await setUp();
    const { server, clock, place, referrersOf, bindingOf } = stage;
    const random = seededRandom(Number(process.env.FLOTILLA_SEED ?? 7));
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random.next() * list.length)]!;
    const [names, workloads] = [
      ['x', 'y', 'z'],
      ['a', 'b', 'c', 'd'],
    ];
    const wanted = new Map<string, readonly string[]>();
    const there = new Set<string>();
    const steps = {
      place: () => {
        const [name, needed] = [pick(workloads), names.filter(() => random.next() < 0.5)];
        wanted.set(name, needed);
        place(
          name,
          needed.map((each) => need('ConfigMap', each)),
        );
      },
      stop: () => {
        const name = pick(workloads);
        if (wanted.delete(name)) place(name, [], { propagateDeps: false });
      },
      put: () => {
        const name = pick(names);
        there.add(name);
        server.put('configmaps', object('ConfigMap', name, { annotations: { at: String(random.next()) } }));
      },
      // The garbage collector takes the binding with it.
      remove: () => {
        const name = pick(names);
        if (!there.delete(name)) return;
        server.remove('configmaps', `default/${name}`);
        server.remove('resourcebindings', `default/${name}-configmap`);
      },
    };
    for (let i = 0; i < 120; i++) {
      pick(Object.values(steps))();
      if (random.next() < 0.3) await clock.settle();
    }
    await clock.advance(5_000);
    for (const name of names) {
      const needing = workloads.filter((each) => wanted.get(each)?.includes(name));
      expect(referrersOf('ConfigMap', name), name).toEqual(there.has(name) ? needing : []);
    }
    for (const name of workloads) {
      const { finalizers = [] } = bindingOf('Deployment', name)?.metadata ?? {};
      expect(finalizers.length > 0, name).toBe(wanted.has(name));
    }
  });
});
