import { expect, it } from 'vitest';
import { simulatedClock } from '#world/clock/simulated.ts';
import { breaker } from './breaker.ts';

const broken = async () => Promise.reject(new Error('no answer'));
const fine = async () => 'fine';

it('asks nobody who has just not answered, then one at a time', async () => {
  const clock = simulatedClock();
  const through = breaker(clock);
  await expect(through(broken)).rejects.toThrow('no answer');
  await expect(through(fine)).rejects.toThrow('no answer');
  await clock.advance(5_000);
  const probe = Promise.withResolvers<string>();
  const probed = through(() => probe.promise);
  await expect(through(fine)).rejects.toThrow('no answer');
  probe.resolve('here again');
  expect(await probed).toBe('here again');
  expect(await Promise.all([through(fine), through(fine)])).toEqual(['fine', 'fine']);
});

it('gives a slow one no more than it can answer', async () => {
  const clock = simulatedClock();
  const through = breaker(clock);
  const slow = Promise.withResolvers<string>();
  const waiting = Array.from({ length: 8 }, () => through(() => slow.promise));
  const quick = through(() => slow.promise);
  await clock.advance(1_000);
  await expect(through(fine)).rejects.toThrow('it has 9 calls to answer, the oldest for more than 1s');
  slow.resolve('late');
  expect(new Set(await Promise.all([...waiting, quick]))).toEqual(new Set(['late']));
  expect(await through(fine)).toBe('fine');
});
