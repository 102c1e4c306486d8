/** First lists are waited for while they come, and not for longer than is reasonable. */
import { expect, test } from 'vitest';
import { simulatedClock } from '#world/clock/simulated.ts';
import { loadingOf } from './loading.ts';

test('is over with the last of the lists, whatever became of them', () => {
  const loading = loadingOf(simulatedClock());
  const heard: string[] = [];
  loading.whenOver(() => heard.push('nothing to wait for'));
  const first = loading.begin();
  const second = loading.begin();
  loading.whenOver(() => heard.push('all there'));
  first();
  first();
  expect(loading.active()).toBe(true);
  expect(heard).toEqual(['nothing to wait for']);
  second();
  expect(loading.active()).toBe(false);
  expect(heard).toEqual(['nothing to wait for', 'all there']);
});

test('a list that never comes holds nobody for more than 15 seconds', async () => {
  const clock = simulatedClock();
  const loading = loadingOf(clock);
  const end = loading.begin();
  await clock.advance(14_999);
  expect(loading.active()).toBe(true);
  await clock.advance(1);
  expect(loading.active()).toBe(false);
  // Its end comes late, and counts for nothing.
  const other = loading.begin();
  end();
  expect(loading.active()).toBe(true);
  other();
});
