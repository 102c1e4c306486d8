/** Events end: an hour after they were last written, or when a namespace has too many. */
import { expect, test } from 'vitest';
import { simulatedClock } from '#world/clock/simulated.ts';
import { eventLifetimeMs, expirySweepMs } from './limits.ts';
import { journaledStore, memoryStore } from './memory.ts';
import { simulatedJournal } from './simulated-journal.ts';
import { deployment, succeeded } from './store.cases.ts';
import type { Store, StoredChange } from './store.ts';

const selection = { space: 'karmada', resource: 'events' };
const key = (name: string, namespace = 'default') => ({ ...selection, namespace, name });
const create = (store: Store, name: string, namespace = 'default') =>
  succeeded(store.create(key(name, namespace), deployment(name, namespace)));
const names = (store: Store) => store.list(selection).items.map(({ metadata }) => metadata.name);

test('an event ends an hour after its last write, as a deletion that watchers see', async () => {
  const clock = simulatedClock();
  const store = memoryStore({ clock, freeze: true });
  const first = create(store, 'repeated');
  create(store, 'once');
  succeeded(store.create({ ...key('x'), resource: 'configmaps' }, deployment('x')));
  const changes: StoredChange[] = [];
  store.watch(selection, store.revision(), (change) => changes.push(change));
  await clock.advance(eventLifetimeMs / 2);
  succeeded(store.update(key('repeated'), deployment('repeated', 'default', 2), first.revision));
  await clock.advance(eventLifetimeMs / 2 + expirySweepMs);
  expect(names(store)).toEqual(['repeated']);
  await clock.advance(eventLifetimeMs);
  expect(names(store)).toEqual([]);
  expect(store.count({ ...selection, resource: 'configmaps' })).toBe(1);
  expect(changes.map(({ type, key: { name } }) => `${type} ${name}`)).toEqual([
    'updated repeated',
    'deleted once',
    'deleted repeated',
  ]);
});

test('beyond the bound of a namespace the oldest go at once', () => {
  const store = memoryStore({ clock: simulatedClock(), ephemeral: { events: { lifetimeMs: 1_000, perNamespace: 3 } } });
  const first = create(store, 'e1');
  create(store, 'other', 'shop');
  for (const name of ['e2', 'e3']) create(store, name);
  succeeded(store.update(key('e1'), deployment('e1'), first.revision));
  create(store, 'e4');
  expect(names(store)).toEqual(['e1', 'e3', 'e4', 'other']);
});

test('age survives a restart', async () => {
  const clock = simulatedClock();
  const journal = simulatedJournal(clock);
  const opening = journaledStore({ clock }, journal);
  await clock.advance(10);
  const store = await opening;
  create(store, 'young');
  await clock.advance(eventLifetimeMs / 2);
  succeeded(store.update(key('young'), deployment('young'), store.revision()));
  create(store, 'a-later');
  await clock.advance(eventLifetimeMs / 4);
  const closing = store.close();
  await clock.advance(10);
  await closing;
  const reopening = journaledStore({ clock, freeze: true }, journal.restart());
  await clock.advance(10);
  const again = await reopening;
  create(again, 'new');
  await clock.advance(eventLifetimeMs * 0.75 + expirySweepMs);
  expect(names(again)).toEqual(['new']);
});
