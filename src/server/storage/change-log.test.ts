/** Windows are bounded by age, each by count, and all together. */
import { expect, test } from 'vitest';
import { simulatedClock } from '#world/clock/simulated.ts';
import { ChangeLog } from './change-log.ts';
import { ChangeWindow } from './change-window.ts';
import type { StoredChange } from './store.ts';

const change = (revision: number) => ({ revision }) as StoredChange;
const revisions = (window: ChangeWindow) => window.after(0).map(({ revision }) => revision);

function logOf(limits: { readonly each?: number; readonly all?: number } = {}) {
  const clock = simulatedClock();
  const log = new ChangeLog(clock, { ageMs: 1_000, sweepMs: 100, each: 1_000, all: 1_000, ...limits });
  return { clock, log };
}

test('a window keeps its newest changes and knows from where on', () => {
  const { log } = logOf({ each: 3 });
  const window = new ChangeWindow(0);
  for (let revision = 1; revision <= 500; revision++) {
    log.append(window, change(revision));
    expect(window.size).toBe(Math.min(revision, 3));
    expect(window.floor).toBe(Math.max(0, revision - 3));
  }
  expect(revisions(window)).toEqual([498, 499, 500]);
  expect(window.after(498, 499).map(({ revision }) => revision)).toEqual([499]);
});

test('when all are full, the largest gives', () => {
  const { log } = logOf({ all: 10 });
  const small = new ChangeWindow(0);
  const large = new ChangeWindow(0);
  log.append(small, change(1));
  log.append(small, change(2));
  for (let revision = 3; revision <= 11; revision++) log.append(large, change(revision));
  expect(revisions(small)).toEqual([1, 2]);
  expect(revisions(large)).toEqual([8, 9, 10, 11]);
  expect(large.floor).toBe(7);
});

test('old changes go, and with the last of them the timer', async () => {
  const { clock, log } = logOf();
  const window = new ChangeWindow(0);
  log.append(window, change(1));
  await clock.advance(900);
  log.append(window, change(2));
  expect(revisions(window)).toEqual([1, 2]);
  await clock.advance(300);
  expect(revisions(window)).toEqual([2]);
  expect(window.floor).toBe(1);
  await clock.advance(1_000);
  expect(window.size).toBe(0);
  expect(window.floor).toBe(2);
  expect(clock.nextDue()).toBeUndefined();
  log.append(window, change(3));
  expect(clock.nextDue()).toBeDefined();
});
