import { describe, expect, it } from 'vitest';
import { memoryHandler } from '#harness/memory-handler.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { StatusError } from '#kube/status/status.ts';
import { simulatedClock } from '#world/clock/simulated.ts';
import { seededRandom } from '#world/random/seeded.ts';
import { type Faults, faultyHandler } from './faulty.ts';
import { inProcessClient } from './in-process.ts';

const things = { group: '', version: 'v1', kind: 'Thing', resource: 'things', namespaced: true };
const thing = (name: string): KubeObject => ({ apiVersion: 'v1', kind: 'Thing', metadata: { namespace: 'a', name } });

function setUp(faults: Faults, seed = 1) {
  const clock = simulatedClock();
  const memory = memoryHandler({ clock });
  const handler = faultyHandler(memory, { clock, random: seededRandom(seed), faults: () => faults });
  const client = inProcessClient({ name: 'test', handler, user: { name: 'tester', groups: [] }, clock });
  const api = client.resource<KubeObject>(things);
  const told: string[] = [];
  const watch = (resourceVersion?: string) =>
    api.watch(
      { resourceVersion },
      {
        event: ({ type, object }) => told.push(`${type} ${object.metadata.name} at ${clock.monotonic()}`),
        end: (error) => told.push(`end ${error?.message}`),
      },
    );
  return { clock, memory, api, watch, told };
}

const reason = (error: unknown) => (error instanceof StatusError ? error.reason : String(error));

describe('a faulty handler', () => {
  it('does nothing wrong without faults', async () => {
    const { clock, api, watch, told } = setUp({});
    await watch('100');
    await api.create(thing('x'));
    await clock.settle();
    expect(told).toEqual(['ADDED x at 0']);
  });

  it('refuses without doing, and does without answering', async () => {
    const refusing = setUp({ refusals: 1 });
    expect(await refusing.api.create(thing('x')).catch(reason)).toMatch(
      /ServiceUnavailable|TooManyRequests|InternalError|Timeout/,
    );
    expect(refusing.memory.objects('things')).toEqual([]);
    const losing = setUp({ lostAnswers: 1 });
    expect(await losing.api.create(thing('x')).catch(reason)).toBe('Timeout');
    expect(losing.memory.objects('things')).toHaveLength(1);
  });

  it('takes its time before and after, and keeps events late but in order', async () => {
    const { clock, api, watch, told, memory } = setUp({ delayMs: [10, 10], watchDelayMs: [100, 500] });
    void watch('100');
    void api.create(thing('x'));
    await clock.advance(9);
    expect(memory.requests).toEqual([]);
    await clock.advance(20);
    for (const name of ['y', 'z']) memory.put('things', thing(name));
    await clock.advance(2_000);
    expect(told.map((each) => each.split(' ')[1])).toEqual(['x', 'y', 'z']);
    expect(Number(told[0]!.split(' ').at(-1))).toBeGreaterThanOrEqual(110);
  });

  it('drops watches, forgets revisions and repeats what it has told', async () => {
    const dropping = setUp({ watchDrops: 1 });
    await dropping.watch('100');
    dropping.memory.put('things', thing('x'));
    await dropping.clock.settle();
    expect(dropping.told).toEqual(['end simulated: the connection broke']);
    expect(dropping.memory.watchers()).toBe(0);
    expect(await setUp({ expiries: 1 }).watch('100').catch(reason)).toBe('Expired');

    const repeating = setUp({ repeats: 1 });
    const first = await repeating.watch('100');
    repeating.memory.put('things', thing('x'));
    await repeating.clock.settle();
    first.stop();
    await repeating.watch('101');
    await repeating.clock.settle();
    expect(repeating.told).toEqual(['ADDED x at 0', 'ADDED x at 0']);
  });

  it('does the same from the same seed', async () => {
    const trace = async (seed: number) => {
      const faults = {
        delayMs: [0, 30],
        refusals: 0.3,
        lostAnswers: 0.2,
        watchDelayMs: [0, 90],
        watchDrops: 0.1,
      } as const;
      const { clock, api, watch, told } = setUp(faults, seed);
      void watch('100').catch((error: unknown) => told.push(reason(error)!));
      for (let i = 0; i < 10; i++) void api.create(thing(`t${i}`)).catch((error: unknown) => told.push(reason(error)!));
      await clock.advance(1_000);
      return told;
    };
    expect(await trace(5)).toEqual(await trace(5));
    expect(await trace(5)).not.toEqual(await trace(6));
  });
});
