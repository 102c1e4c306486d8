import { expect, it } from 'vitest';
import { simulatedClock } from '#world/clock/simulated.ts';
import { turnsOf } from '#world/clock/turns.ts';
import { patience, patienceWhileBusy } from './patience.ts';

it('counts from the first look, for each key, until it is settled or forgotten', async () => {
  const clock = simulatedClock();
  const waiting = patience(clock, 1_000);
  expect([waiting.left('a', true), waiting.left('a', false)]).toEqual([0, 1_000]);
  await clock.advance(400);
  expect([waiting.left('a', false), waiting.left('b', false)]).toEqual([600, 1_000]);
  await clock.advance(700);
  expect([waiting.left('a', false), waiting.left('b', false)]).toEqual([0, 300]);
  expect([waiting.left('a', true), waiting.left('a', false)]).toEqual([0, 1_000]);
  waiting.forget('b');
  expect(waiting.left('b', false)).toBe(1_000);
});

it('looks again soon, and waits no longer once there is time', async () => {
  const clock = simulatedClock();
  const waiting = patienceWhileBusy(clock, 150);
  expect(waiting.left('a', false)).toBe(0);
  for (let count = 0; count < 10; count++) turnsOf(clock).later(() => {});
  expect([waiting.left('a', true), waiting.left('a', false)]).toEqual([0, 100]);
  await clock.advance(100);
  expect(waiting.left('a', false)).toBe(0);
  for (let count = 0; count < 10; count++) turnsOf(clock).later(() => {});
  expect(waiting.left('a', false)).toBe(100);
});
