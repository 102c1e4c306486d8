import { describe, expect, it } from 'vitest';
import { type MemoryHandlerOptions, memoryHandler } from '#harness/memory-handler.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { serviceUnavailable } from '#kube/status/errors.ts';
import { simulatedClock } from '#world/clock/simulated.ts';
import { seededRandom } from '#world/random/seeded.ts';
import type { TypedResource } from '../api-client.ts';
import { inProcessClient } from '../in-process.ts';
import { informerFactory } from './factory.ts';
import type { Change, InformerOptions } from './informer.ts';
import { loadingOf } from './loading.ts';

interface Thing extends KubeObject {
  readonly spec?: { readonly owner?: string };
}

const things: TypedResource<Thing> = { group: '', version: 'v1', kind: 'Thing', resource: 'things', namespaced: true };

const thing = (name: string, fields: Partial<Thing> & { labels?: Record<string, string> } = {}): Thing => ({
  apiVersion: 'v1',
  kind: 'Thing',
  metadata: { namespace: 'default', name, ...(fields.labels ? { labels: fields.labels } : {}) },
  ...(fields.spec ? { spec: fields.spec } : {}),
});

function setUp(handlerOptions: Omit<MemoryHandlerOptions, 'clock'> = {}, options: InformerOptions<Thing> = {}) {
  const clock = simulatedClock();
  const random = seededRandom(1);
  const handler = memoryHandler({ clock, ...handlerOptions });
  const client = inProcessClient({ name: 'test', handler, user: { name: 'tester', groups: [] }, clock });
  const failures: string[] = [];
  const defects: unknown[] = [];
  const hooks = {
    failed: (_: unknown, error: Error) => failures.push(error.message),
    handlerFailed: (_: unknown, error: unknown) => defects.push(error),
  };
  const factory = informerFactory(client, { clock, random, hooks });
  const start = () => {
    const informer = factory.informer(things, options);
    const changes: string[] = [];
    informer.onChange((change: Change<Thing>) => {
      const { metadata } = change.object;
      changes.push(`${change.type} ${metadata.name}@${metadata.resourceVersion}${change.initial ? ' initial' : ''}`);
    });
    return { informer, changes };
  };
  return { clock, handler, client, factory, failures, defects, start };
}

const verbs = (handler: { requests: readonly { verb: string; options: object }[] }) =>
  handler.requests.map(({ verb, options }) =>
    'sendInitialEvents' in options && options.sendInitialEvents ? 'stream' : verb,
  );

describe('an informer', () => {
  for (const streamingLists of ['served', 'refused', 'ignored'] as const) {
    it(`lists and watches where streaming lists are ${streamingLists}`, async () => {
      const { clock, handler, start } = setUp({ streamingLists });
      handler.put('things', thing('a'));
      const { informer, changes } = start();
      expect(informer.synced()).toBe(false);
      await clock.advance(streamingLists === 'ignored' ? 21_000 : 0);
      expect(informer.synced()).toBe(true);
      await informer.whenSynced();
      handler.put('things', thing('b'));
      handler.put('things', thing('a'));
      handler.remove('things', 'default/b');
      await clock.settle();
      expect(changes).toEqual(['added a@101 initial', 'added b@102', 'updated a@103', 'deleted b@104']);
      expect(informer.list().map((each) => each.metadata.name)).toEqual(['a']);
      expect(verbs(handler)).toEqual(streamingLists === 'served' ? ['stream'] : ['stream', 'list', 'watch']);
    });
  }

  it('keeps the very objects the server holds, and shares them', async () => {
    const { clock, handler, start } = setUp();
    const stored = handler.put('things', thing('a'));
    const { informer } = start();
    await clock.settle();
    expect(informer.get('default/a')).toBe(stored);
    expect(informer.list()).toBe(informer.list());
  });

  it('resumes from the last revision when the watch ends, bookmarks included', async () => {
    const { clock, handler, start, failures } = setUp();
    const { informer, changes } = start();
    await clock.advance(2_000);
    handler.put('others', thing('x'));
    handler.bookmark();
    handler.breakWatches();
    handler.put('things', thing('a'));
    await clock.advance(2_000);
    expect(handler.requests.at(-1)!.options.resourceVersion).toBe('101');
    expect(verbs(handler)).toEqual(['stream', 'watch']);
    expect(changes).toEqual(['added a@102']);
    expect(failures).toEqual([]);
    expect(informer.lastError()).toBeUndefined();
  });

  it('lists again when its revision is gone and tells only what differs', async () => {
    const { clock, handler, start } = setUp();
    for (const name of ['kept', 'changed', 'gone', 'remade']) handler.put('things', thing(name));
    const { informer, changes } = start();
    await clock.advance(2_000);
    changes.length = 0;
    handler.breakWatches(serviceUnavailable('gone away'));
    handler.put('things', thing('changed'));
    handler.remove('things', 'default/gone');
    handler.remove('things', 'default/remade');
    handler.put('things', thing('remade'));
    handler.put('things', thing('new'));
    handler.compact();
    await clock.advance(5_000);
    expect(changes.sort()).toEqual(
      ['updated changed@105', 'deleted remade@104', 'added remade@108', 'added new@109', 'deleted gone@103'].sort(),
    );
    expect(verbs(handler)).toEqual(['stream', 'watch', 'stream']);
    expect(informer.list()).toHaveLength(4);
  });

  it('never gives up: failures back off, show as last error, and end when it works again', async () => {
    const { clock, handler, start, failures } = setUp();
    handler.failNext('watch', serviceUnavailable('down'), 5);
    const { informer } = start();
    await clock.advance(1_000);
    expect(informer.lastError()?.message).toBe('down');
    expect(informer.synced()).toBe(false);
    await clock.advance(30_000);
    expect(failures).toEqual(Array(5).fill('down'));
    expect(informer.synced()).toBe(true);
    expect(informer.lastError()).toBeUndefined();
  });

  it('does not hammer a server whose watches end at once', async () => {
    const { clock, handler, start } = setUp({ streamingLists: 'refused' });
    start();
    await clock.settle();
    const timer = () => {
      handler.breakWatches();
      if (handler.requests.length < 1_000) clock.after(10, timer);
    };
    timer();
    await clock.advance(60_000);
    expect(handler.requests.length).toBeLessThan(20);
  });

  it('hangs up on a server that forgets to end the watch', async () => {
    const { clock, handler, start } = setUp();
    start();
    await clock.advance(700_000);
    expect(verbs(handler)).toEqual(['stream', 'watch']);
    expect(handler.watchers()).toBe(1);
  });

  it('pages lists and falls back to one piece when a page has expired', async () => {
    const { clock, handler, start } = setUp({ streamingLists: 'refused' });
    for (let i = 0; i < 1_200; i++) handler.put('things', thing(`t${i}`));
    const { informer } = start();
    await clock.settle();
    expect(informer.list()).toHaveLength(1_200);
    expect(verbs(handler)).toEqual(['stream', 'list', 'list', 'list', 'watch']);
  });

  it('indexes before and after the fact, and by namespace', async () => {
    const { clock, handler, start } = setUp();
    const byOwner = (object: Thing) => (object.spec?.owner ? [object.spec.owner] : []);
    handler.put('things', thing('a', { spec: { owner: 'x' } }));
    handler.put('things', thing('b', { spec: { owner: 'x' } }));
    const { informer } = start();
    await clock.settle();
    informer.addIndex('owner', byOwner);
    informer.addIndex('owner', byOwner);
    expect(() => informer.addIndex('owner', () => [])).toThrow('exists with another function');
    expect(() => informer.byIndex('other', 'x')).toThrow('there is no index "other"');
    const names = (owner: string) => informer.byIndex('owner', owner).map((each) => each.metadata.name);
    expect(names('x')).toEqual(['a', 'b']);
    handler.put('things', thing('a', { spec: { owner: 'y' } }));
    handler.put('things', { ...thing('c'), metadata: { namespace: 'other', name: 'c' } });
    await clock.settle();
    expect([names('x'), names('y'), names('z')]).toEqual([['b'], ['a'], []]);
    handler.remove('things', 'default/b');
    await clock.settle();
    expect(names('x')).toEqual([]);
    expect(informer.list('other').map((each) => each.metadata.name)).toEqual(['c']);
    expect(informer.list('default')).toHaveLength(1);
  });

  it('asks for nothing before what it is to come after, and for nothing at all once it is stopped', async () => {
    const { clock, handler, client } = setUp();
    handler.put('things', thing('a'));
    const { promise: after, resolve } = Promise.withResolvers<void>();
    const factory = informerFactory(client, { clock, random: seededRandom(1), after });
    const informer = factory.informer(things);
    const stopped = factory.informer(things, { namespace: 'default' });
    stopped.stop();
    await clock.settle();
    expect(handler.requests).toEqual([]);
    expect(loadingOf(clock).active()).toBe(false);
    resolve();
    await after;
    expect(loadingOf(clock).active()).toBe(true);
    await clock.settle();
    expect(verbs(handler)).toEqual(['stream']);
    expect(informer.synced()).toBe(true);
    expect(loadingOf(clock).active()).toBe(false);
  });

  it.each([true, false])(
    'of a server in this process (%s) holds first looks back while that reads',
    async (inProcess) => {
      const { clock, client } = setUp();
      const silent = { ...client.resource(things), watch: () => new Promise<never>(() => {}) };
      const factory = informerFactory(
        { ...client, inProcess, resource: (() => silent) as never },
        { clock, random: seededRandom(1) },
      );
      factory.informer(things);
      await clock.settle();
      expect(loadingOf(clock).active()).toBe(inProcess);
    },
  );

  it('trims with the transform and shares by option set', async () => {
    const transform = (object: Thing): Thing => ({ ...object, spec: undefined });
    const { clock, handler, start, factory } = setUp({}, { transform });
    handler.put('things', thing('a', { spec: { owner: 'x' } }));
    const { informer } = start();
    await clock.settle();
    expect(informer.get('default/a')!.spec).toBeUndefined();
    expect(Object.isFrozen(informer.get('default/a'))).toBe(true);
    expect(factory.informer(things, { transform })).toBe(informer);
    expect(factory.informer(things)).not.toBe(informer);
    expect(factory.informer(things, { namespace: 'x', transform })).not.toBe(informer);
  });

  it('gives a late handler what is there, then what comes, and keeps a broken one from harming others', async () => {
    const { clock, handler, start, defects } = setUp();
    handler.put('things', thing('a'));
    const { informer, changes } = start();
    await clock.settle();
    informer.onChange(() => {
      throw new Error('broken handler');
    });
    const late: string[] = [];
    const stop = informer.onChange((change) =>
      late.push(`${change.type} ${change.object.metadata.name} ${change.initial}`),
    );
    handler.put('things', thing('b'));
    await clock.settle();
    stop();
    handler.put('things', thing('c'));
    await clock.settle();
    expect(late).toEqual(['added a true', 'added b false']);
    expect(changes).toHaveLength(3);
    expect(defects).toHaveLength(3);
  });

  it('stops for good, and is made anew when asked for again', async () => {
    const { clock, handler, start, factory } = setUp();
    const { informer, changes } = start();
    await clock.settle();
    informer.stop();
    handler.put('things', thing('a'));
    await clock.advance(100_000);
    expect(changes).toEqual([]);
    expect(handler.watchers()).toBe(0);
    expect(factory.informers()).toEqual([]);
    expect(factory.informer(things)).not.toBe(informer);
    await clock.settle();
    await factory.whenSynced();
    expect(factory.informers()).toHaveLength(1);
  });
});

describe('observe', () => {
  it('lays a write over the cache at once; what the watch tells late changes nothing', async () => {
    const { clock, client, start } = setUp();
    const { informer, changes } = start();
    await clock.settle();
    const created = await client.resource(things).create(thing('a'));
    informer.observe(created);
    const updated = await client.resource(things).update({ ...created, spec: { owner: 'me' } });
    informer.observe(updated);
    informer.observe(created);
    expect(informer.get('default/a')).toBe(updated);
    await clock.settle();
    expect(informer.get('default/a')).toBe(updated);
    expect(changes).toEqual(['added a@101', 'updated a@102']);
  });

  it('does not bring back what the watch has seen deleted', async () => {
    const { clock, handler, client, start } = setUp();
    const { informer, changes } = start();
    await clock.settle();
    const created = await client.resource(things).create(thing('a'));
    handler.remove('things', 'default/a');
    await clock.settle();
    informer.observe(created);
    expect(informer.get('default/a')).toBeUndefined();
    expect(changes).toEqual(['added a@101', 'deleted a@102']);
  });

  it('buries a deleted object until the watch has passed it; one of the same name is another', async () => {
    const { clock, handler, start } = setUp();
    const stored = handler.put('things', thing('a'));
    const { informer, changes } = start();
    await clock.settle();
    handler.put('things', { ...stored, spec: { owner: 'late news' } } as Thing);
    handler.remove('things', 'default/a');
    informer.observe(stored, true);
    expect(informer.get('default/a')).toBeUndefined();
    const again = handler.put('things', thing('a'));
    await clock.settle();
    expect(informer.get('default/a')).toBe(again);
    expect(changes).toEqual(['added a@101 initial', 'deleted a@101', 'added a@104']);
  });

  it('takes back a burial that was a mistake: the object waits for its finalizers', async () => {
    const { clock, handler, start } = setUp();
    const stored = handler.put('things', thing('a'));
    const { informer } = start();
    await clock.settle();
    informer.observe(stored, true);
    const waiting = { ...stored.metadata, deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['x/y'] };
    handler.put('things', { ...stored, metadata: waiting });
    await clock.settle();
    expect(informer.get('default/a')?.metadata.finalizers).toEqual(['x/y']);
  });

  it('outlives a list that was asked for before the write, not one asked for after it', async () => {
    const { clock, client, handler, start } = setUp({ streamingLists: 'refused' });
    const { informer } = start();
    await clock.advance(2_000);
    const created = await client.resource(things).create(thing('a'));
    informer.observe(created);
    // The server loses the write (restored from a backup): the next list says so.
    handler.breakWatches(serviceUnavailable('restored'));
    handler.remove('things', 'default/a');
    handler.compact();
    await clock.advance(5_000);
    expect(informer.get('default/a')).toBeUndefined();
  });

  it('keeps to the selection of the informer', async () => {
    const { clock, client, start } = setUp({}, { labelSelector: 'app=web' });
    const { informer, changes } = start();
    await clock.settle();
    const other = await client.resource(things).create(thing('other'));
    informer.observe(other);
    const web = await client.resource(things).create(thing('web', { labels: { app: 'web' } }));
    informer.observe(web);
    const left = await client.resource(things).update({ ...web, metadata: { ...web.metadata, labels: {} } });
    informer.observe(left);
    await clock.settle();
    expect(informer.list()).toEqual([]);
    expect(changes).toEqual(['added web@102', 'deleted web@103']);
  });
});
