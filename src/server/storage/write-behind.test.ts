/** Nothing counts as durable before its group is written; groups are whole, in order, bounded; failure loses nothing. */
import { describe, expect, test } from 'vitest';
import { isReason } from '#kube/status/status.ts';
import { simulatedClock } from '#world/clock/simulated.ts';
import { seededRandom } from '#world/random/seeded.ts';
import type { Journal, JournalGroup } from './journal.ts';
import { ephemeralLingerMs, groupPaceMs, groupRecords, pendingGroups, retryMs } from './limits.ts';
import { journaledStore } from './memory.ts';
import { simulatedJournal } from './simulated-journal.ts';
import { deployment, succeeded } from './store.cases.ts';
import type { Store } from './store.ts';
import { applyToModel, applyToStore, type Model, modelOf, nextOperation } from './testdata/history.ts';

const resource = 'apps/deployments';
const key = (name: string, of = resource) => ({ space: 'karmada', resource: of, namespace: 'default', name });
const create = (store: Store, name: string, of = resource) => succeeded(store.create(key(name, of), deployment(name)));

/** A store on a journal whose groups are recorded when they have been written. */
async function recorded(flushMs = 5) {
  const clock = simulatedClock();
  const journal = simulatedJournal(clock, flushMs);
  const written: JournalGroup[] = [];
  const traced: Journal = {
    ...journal,
    commit: async (group) => {
      await journal.commit(group);
      written.push(group);
    },
  };
  const opening = journaledStore({ clock, freeze: true }, traced);
  await clock.advance(flushMs);
  const store = await opening;
  written.length = 0;
  return { clock, journal, written, store };
}

/** Settled now? */
async function stateOf(promise: Promise<void>): Promise<string> {
  const pending = Promise.resolve('pending');
  return Promise.race([
    promise.then(
      () => 'durable',
      () => 'failed',
    ),
    pending.then(() => pending),
  ]);
}

describe('durable', () => {
  test('resolves with the group that holds the revision, not before', async () => {
    const { clock, written, store } = await recorded();
    const first = create(store, 'a').revision;
    const answered: string[] = [];
    const answer = (revision: number) =>
      store.durable(revision).then(() => answered.push(`${revision} after ${written.at(-1)?.revision}`));
    void answer(first);
    await clock.settle();
    // The first group is on its way; these make the second.
    const second = create(store, 'b').revision;
    const third = create(store, 'c').revision;
    void answer(third);
    void answer(first);
    await clock.advance(4);
    expect(answered).toEqual([]);
    await clock.advance(1);
    expect(answered).toEqual([`${first} after ${first}`, `${first} after ${first}`]);
    void answer(second);
    await clock.advance(4);
    expect(answered).toHaveLength(2);
    await clock.advance(1);
    expect(answered.slice(2)).toEqual([`${third} after ${third}`, `${second} after ${third}`]);
    expect(written).toHaveLength(2);
  });

  test('never precedes its flush, whatever is written when', async () => {
    const { clock, written, store } = await recorded(2);
    const random = seededRandom(7);
    const early: number[] = [];
    const model: Model = new Map();
    let answers = 0;
    for (let step = 0; step < 400; step++) {
      applyToModel(model, step === 0 ? { kind: 'drop', space: 'none' } : operationOn(store, model, random));
      const revision = store.revision();
      void store.durable(revision).then(() => {
        answers++;
        if ((written.at(-1)?.revision ?? 0) < revision) early.push(revision);
      });
      if (random.next() < 0.3) await clock.advance(Math.floor(random.next() * 4));
    }
    await clock.advance(100);
    expect(answers).toBe(400);
    expect(early).toEqual([]);
  });

  const operationOn = (store: Store, model: Model, random: ReturnType<typeof seededRandom>) => {
    const operation = nextOperation(random, model);
    applyToStore(store, operation);
    return operation;
  };
});

describe('groups', () => {
  test('without anybody waiting, writes gather for a while; ephemeral ones alone for longer', async () => {
    const { clock, written, store } = await recorded(0);
    create(store, 'first');
    await clock.advance(groupPaceMs);
    written.length = 0;
    create(store, 'event', 'events');
    await clock.advance(ephemeralLingerMs - 1);
    expect(written).toHaveLength(0);
    await clock.advance(1);
    expect(written).toHaveLength(1);
    create(store, 'event-2', 'events');
    create(store, 'a');
    await clock.advance(groupPaceMs - 1);
    create(store, 'b');
    expect(written).toHaveLength(1);
    await clock.advance(1);
    expect(written).toHaveLength(2);
    expect(written[1]!.records.size).toBe(3);
  });

  test('an object written often goes to disk once, in its last state', async () => {
    const { clock, written, store } = await recorded(0);
    let { revision } = create(store, 'a');
    for (let replicas = 2; replicas < 9; replicas++) {
      revision = succeeded(store.update(key('a'), deployment('a', 'default', replicas), revision)).revision;
    }
    create(store, 'gone');
    succeeded(store.delete(key('gone')));
    await clock.advance(groupPaceMs);
    expect(written).toHaveLength(1);
    const [kept, removed] = [...written[0]!.records.values()];
    expect(kept).toMatchObject({ revision, object: { spec: { replicas: 8 } } });
    expect(removed).toBeUndefined();
  });

  test('are bounded; a disk too far behind makes writers wait', async () => {
    const { clock, written, store } = await recorded(1);
    let refused: unknown;
    let taken = 0;
    try {
      for (; taken <= (pendingGroups + 1) * groupRecords; taken++) create(store, `n${taken}`);
    } catch (error) {
      refused = error;
    }
    expect(isReason(refused, 'TooManyRequests')).toBe(true);
    expect(taken).toBeGreaterThan(pendingGroups * groupRecords);
    const durable = store.durable(store.revision());
    await clock.advance(1_000);
    await durable;
    expect(Math.max(...written.map(({ records }) => records.size))).toBe(groupRecords);
    create(store, 'again');
  });
});

describe('a disk that fails', () => {
  test('refuses those who wait and all writes, until it works again; then everything is there', async () => {
    const { clock, journal, store } = await recorded();
    const kept = create(store, 'kept').revision;
    const durable = store.durable(kept);
    await clock.advance(5);
    await durable;
    journal.fail(new Error('ENOSPC: no space left on device'));
    const { revision } = create(store, 'a');
    const waiting = store.durable(revision).catch((error: unknown) => error);
    await clock.settle();
    const later = create(store, 'b').revision;
    const laterWaiting = store.durable(later).catch((error: unknown) => error);
    await clock.advance(5);
    for (const error of [await waiting, await laterWaiting]) {
      expect(isReason(error, 'InternalError') && error.message).toContain('ENOSPC: no space left on device');
    }
    expect(() => create(store, 'c')).toThrow('make room on the disk');
    expect(await stateOf(store.durable(kept))).toBe('durable');
    expect(await stateOf(store.durable(revision))).toBe('failed');
    expect(store.get(key('a'))).toBeDefined();

    await clock.advance(retryMs);
    expect(() => create(store, 'c')).toThrow('make room on the disk');
    journal.fail(undefined);
    await clock.advance(2 * retryMs);
    create(store, 'c');
    await clock.advance(100);
    expect(await stateOf(store.durable(store.revision()))).toBe('durable');
    const restarting = journaledStore({ clock }, journal.restart());
    await clock.advance(100);
    const names = (await restarting).list({ space: 'karmada', resource }).items.map(({ metadata }) => metadata.name);
    expect(names).toEqual(['a', 'b', 'c', 'kept']);
  });

  test('lets events expire later instead of ending the process', async () => {
    const { clock, journal, store } = await recorded();
    create(store, 'event', 'events');
    journal.fail(new Error('EIO'));
    await clock.advance(2 * 3_600_000);
    expect(store.count({ space: 'karmada', resource: 'events' })).toBe(1);
    journal.fail(undefined);
    await clock.advance(60_000);
    expect(store.count({ space: 'karmada', resource: 'events' })).toBe(0);
  });

  test('closing tells when the last writes could not be kept', async () => {
    const { clock, journal, store } = await recorded();
    create(store, 'a');
    journal.fail(new Error('EIO'));
    const closing = store.close().catch((error: unknown) => error);
    await clock.advance(100);
    expect(isReason(await closing, 'InternalError')).toBe(true);
  });
});

describe('power loss', () => {
  test('leaves what one moment held, with all that was durable; revisions are never given out again', async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const { clock, journal, store } = await recorded(3);
      const random = seededRandom(seed);
      const model: Model = new Map();
      const states = new Map<number, Model>([[store.revision(), new Map()]]);
      let durable = store.revision();
      const steps = Math.floor(random.next() * 200);
      for (let step = 0; step < steps; step++) {
        const operation = nextOperation(random, model);
        applyToStore(store, operation);
        applyToModel(model, operation);
        const revision = store.revision();
        states.set(revision, new Map(model));
        if (random.next() < 0.2) void store.durable(revision).then(() => (durable = Math.max(durable, revision)));
        if (random.next() < 0.2) await clock.advance(Math.floor(random.next() * 5));
      }
      const handedOut = store.revision();
      const survivor = journal.restart();
      const restarting = journaledStore({ clock, freeze: true }, survivor);
      await clock.advance(10);
      const again = await restarting;
      const { revision } = survivor.state!;
      expect(revision).toBeGreaterThanOrEqual(durable);
      expect(again.revision()).toBeGreaterThanOrEqual(handedOut);
      expect(modelOf(again)).toEqual(states.get(revision));
    }
  });
});
