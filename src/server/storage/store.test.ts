/** Every driver passes the same cases; the durable ones also keep what they took. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { simulatedClock } from '#world/clock/simulated.ts';
import { systemClock } from '#world/clock/system.ts';
import { openLmdbJournal } from './lmdb.ts';
import { journaledStore, memoryStore } from './memory.ts';
import { simulatedJournal } from './simulated-journal.ts';
import { deployment, storeCases, succeeded } from './store.cases.ts';
import type { Store, StoredChange } from './store.ts';

let folder = '';
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flotilla-store-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const lmdbJournal = (path: string) =>
  openLmdbJournal(path, { clock: systemClock, createdBy: 'flotilla test', shownPath: path });
const newPath = () => join(folder, String(count++));
/** Two turns: the delivery's, and the one a delivery that began in it needs. */
const turns = async () => {
  for (let turn = 0; turn < 4; turn++) await new Promise<void>((resolve) => systemClock.soon(resolve));
};

storeCases('memory', () => {
  const clock = simulatedClock();
  return { open: async (options) => memoryStore({ clock, ...options }), settle: clock.settle };
});

storeCases('a simulated journal', () => ({
  open: (options) => journaledStore({ clock: systemClock, ...options }, simulatedJournal(systemClock, 0)),
  settle: turns,
}));

storeCases('LMDB', () => ({
  open: async (options) => journaledStore({ clock: systemClock, ...options }, await lmdbJournal(newPath())),
  settle: turns,
}));

const resource = 'apps/deployments';
const selection = { space: 'karmada', resource };
const key = (name: string) => ({ ...selection, namespace: 'default', name });

interface Restartable {
  readonly start: () => Promise<Store>;
}

function restartCases(name: string, make: () => Restartable): void {
  describe(`restart on ${name}`, () => {
    test('everything is as it was, and revisions go on', async () => {
      const { start } = make();
      const store = await start();
      for (const object of ['a', 'b', 'c']) succeeded(store.create(key(object), deployment(object)));
      succeeded(store.update(key('b'), deployment('b', 'default', 7), store.revision() - 1));
      succeeded(store.delete(key('c')));
      const before = store.list(selection).items;
      const { revision } = store.list(selection);
      await store.close();

      const again = await start();
      expect(again.revision()).toBeGreaterThanOrEqual(revision);
      expect(again.count(selection)).toBe(2);
      expect(again.resources('karmada')).toEqual([resource]);
      expect(again.list(selection).items).toEqual(before);
      expect(again.get(key('b'))).toMatchObject({ spec: { replicas: 7 } });
      const { object } = succeeded(again.update(key('b'), deployment('b', 'default', 8), revision - 1));
      expect(Number(object.metadata.resourceVersion)).toBeGreaterThan(revision);
      await again.close();
    });

    test('a watch goes on where nothing was missed, also from before changes of other resources', async () => {
      const { start } = make();
      const store = await start();
      succeeded(store.create(key('a'), deployment('a')));
      const deleted = succeeded(store.delete(key('a'))).revision;
      succeeded(store.create({ ...key('x'), resource: 'configmaps' }, deployment('x')));
      await store.close();

      const again = await start();
      const changes: StoredChange[] = [];
      again.watch(selection, deleted, (change) => changes.push(change));
      expect(() => again.watch(selection, deleted - 1, () => {})).toThrow('too old resource version');
      expect(() => again.watch({ ...selection, resource: 'configmaps' }, deleted, () => {})).toThrow('too old');
      succeeded(again.create(key('b'), deployment('b')));
      await again.durable(again.revision());
      await turns();
      expect(changes.map((change) => change.key.name)).toEqual(['b']);
      await again.close();
    });

    test('a dropped space stays gone, also when its name is used again', async () => {
      const { start } = make();
      const store = await start();
      const at = (space: string) => ({ ...key('a'), space });
      for (const space of ['member1', 'member2', 'member3']) succeeded(store.create(at(space), deployment('a')));
      store.dropSpace('member3');
      store.dropSpace('member1');
      succeeded(store.create({ ...at('member1'), name: 'new' }, deployment('new')));
      await store.close();

      const again = await start();
      expect(again.spaces()).toEqual(['member2', 'member1']);
      expect(again.list({ space: 'member1', resource }).items).toMatchObject([{ metadata: { name: 'new' } }]);
      expect(again.get(at('member3'))).toBeUndefined();
      await again.close();
    });

    test('a closed store takes nothing', async () => {
      const store = await make().start();
      await store.close();
      expect(() => store.create(key('a'), deployment('a'))).toThrow('closed');
      await store.close();
    });

    test('a space dropped while its objects are parsed ends that quietly; a closed store reads no more', async () => {
      const { start } = make();
      const store = await start();
      for (let index = 0; index < 5_000; index++) succeeded(store.create(key(`n${index}`), deployment(`n${index}`)));
      succeeded(store.create({ ...key('unread'), space: 'member1' }, deployment('unread')));
      await store.close();

      const again = await start();
      const prepared = again.prepare(selection);
      again.dropSpace('karmada');
      await prepared;
      expect(again.count(selection)).toBe(0);
      await again.close();
      expect(() => again.get({ ...key('unread'), space: 'member1' })).toThrow('closed');
    });

    test('many objects are parsed in slices before they are listed', async () => {
      const { start } = make();
      const store = await start();
      const total = 300;
      for (let index = 0; index < total; index++) succeeded(store.create(key(`n${index}`), deployment(`n${index}`)));
      expect(store.prepare(selection)).toBeUndefined();
      await store.close();

      const again = await start();
      const prepared = again.prepare(selection);
      expect(prepared).toBeInstanceOf(Promise);
      await prepared;
      expect(again.prepare(selection)).toBeUndefined();
      expect(again.list(selection).items).toHaveLength(total);
      await again.close();
    });
  });
}

restartCases('LMDB', () => {
  const path = newPath();
  return { start: async () => journaledStore({ clock: systemClock, freeze: true }, await lmdbJournal(path)) };
});

restartCases('a simulated journal', () => {
  let journal = simulatedJournal(systemClock, 0);
  return {
    start: () => {
      journal = journal.restart();
      return journaledStore({ clock: systemClock, freeze: true }, journal);
    },
  };
});
