/** Whatever happens between server and informer: the told changes always add up to the cache, and in the end it is the server's state. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { memoryHandler } from '#harness/memory-handler.ts';
import { keyOf } from '#kube/meta/key.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { simulatedClock } from '#world/clock/simulated.ts';
import type { Random } from '#world/random/random.ts';
import { seededRandom } from '#world/random/seeded.ts';
import { type Faults, faultyHandler } from '../faulty.ts';
import { inProcessClient } from '../in-process.ts';
import { informerFactory } from './factory.ts';
import type { Informer } from './informer.ts';

const things = { group: '', version: 'v1', kind: 'Thing', resource: 'things', namespaced: true };

const bad: Faults = {
  delayMs: [0, 50],
  refusals: 0.1,
  lostAnswers: 0.1,
  watchDelayMs: [0, 300],
  watchDrops: 0.05,
  expiries: 0.3,
  repeats: 0.3,
};

/** What a handler believes, from the changes alone. */
function follower(informer: Informer<KubeObject>, random: Random) {
  const believed = new Map<string, KubeObject>();
  informer.addIndex('half', ({ metadata }) => [String(Number(metadata.resourceVersion) % 2)]);
  informer.onChange(({ type, object, old }) => {
    const key = keyOf(object);
    if (type === 'added') expect(believed.has(key)).toBe(false);
    else expect(believed.has(key)).toBe(true);
    if (type === 'updated') expect(believed.get(key)).toBe(old);
    if (type === 'deleted') believed.delete(key);
    else believed.set(key, object);
  });
  const check = () => {
    expect([...believed.values()].sort(byKey)).toEqual([...informer.list()].sort(byKey));
    const half = String(Math.floor(random.next() * 2));
    const expected = informer.list().filter(({ metadata }) => String(Number(metadata.resourceVersion) % 2) === half);
    expect([...informer.byIndex('half', half)].sort(byKey)).toEqual([...expected].sort(byKey));
  };
  return check;
}

const byKey = (a: KubeObject, b: KubeObject) => (keyOf(a) < keyOf(b) ? -1 : 1);

async function simulate(seed: number, streamingLists: 'served' | 'refused'): Promise<void> {
  const clock = simulatedClock();
  const random = seededRandom(seed);
  const memory = memoryHandler({ clock, streamingLists });
  let faults = bad;
  const handler = faultyHandler(memory, { clock, random, faults: () => faults });
  const client = inProcessClient({ name: 'test', handler, user: { name: 'tester', groups: [] }, clock });
  const defects: unknown[] = [];
  const hooks = { handlerFailed: (_: unknown, error: unknown) => defects.push(error) };
  const informer = informerFactory(client, { clock, random, hooks }).informer<KubeObject>(things);
  const check = follower(informer, random);
  const api = client.resource<KubeObject>(things);
  const pick = () => `t${Math.floor(random.next() * 6)}`;

  /** A controller's write: from its cache, its answer laid over it. */
  const act = async () => {
    const name = pick();
    const cached = informer.get(`default/${name}`);
    if (!cached) {
      informer.observe(await api.create({ apiVersion: 'v1', kind: 'Thing', metadata: { namespace: 'default', name } }));
    } else if (random.next() < 0.5) {
      informer.observe(await api.update(cached));
    } else {
      await api.delete({ namespace: 'default', name }, { preconditions: { uid: cached.metadata.uid } });
      informer.observe(cached, true);
    }
  };

  for (let step = 0; step < 60; step++) {
    const chance = random.next();
    if (chance < 0.5) void act().catch(() => {});
    else if (chance < 0.7) memory.remove('things', `default/${pick()}`);
    else if (chance < 0.9) {
      memory.put('things', { apiVersion: 'v1', kind: 'Thing', metadata: { namespace: 'default', name: pick() } });
    } else if (chance < 0.95) memory.compact();
    else memory.breakWatches();
    if (random.next() < 0.5) await clock.advance(random.next() * 400);
    check();
  }
  faults = {};
  await clock.advance(120_000);
  check();
  expect(defects).toEqual([]);
  expect([...informer.list()].sort(byKey)).toEqual([...memory.objects('things')].sort(byKey));
}

for (const streamingLists of ['served', 'refused'] as const) {
  it(`converges under faults, streaming lists ${streamingLists}`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 1_000_000 }), (seed) => simulate(seed, streamingLists)),
      { numRuns: 25 },
    );
  });
}
