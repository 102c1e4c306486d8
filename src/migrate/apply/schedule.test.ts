/** What is done in which order, from plans and records as values. */
import { describe, expect, test } from 'vitest';
import type { MigrationPlan, PlannedObject, Verdict } from '../model.ts';
import { firstRecord, withWave } from '../record/record.ts';
import { beginWith, interrupted, isFinished, unfinishedRollback } from './begin.ts';
import { type ApplySettings, checkSettings, refusedByPlan, scheduleOf } from './schedule.ts';

const now = '2026-01-01T00:00:00Z';
const object = (name: string, wave: number | undefined, verdict: Verdict = { is: 'adopt' }): PlannedObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  namespace: 'shop',
  name,
  uid: name,
  resourceVersion: '1',
  verdict,
  ...(wave ? { wave } : {}),
});
const restart: Verdict = { is: 'restart', fields: [{ path: '.spec.template', managers: [] }] };
const plan: MigrationPlan = {
  apiVersion: 'migrate.flotilla.io/v1alpha1',
  kind: 'MigrationPlan',
  metadata: { name: 'shop', creationTimestamp: now },
  spec: { from: { cluster: 'member1', id: 'x' }, to: ['member1'], scope: {} },
  waves: [
    { number: 1, title: 'configuration', objects: 1 },
    { number: 2, title: 'workloads', objects: 4 },
  ],
  objects: [
    object('a', 1),
    object('b', 2),
    object('c', 2, restart),
    object('d', 2),
    object('e', 2),
    object('f', undefined, { is: 'blocked', reason: 'too large' }),
    object('g', undefined, { is: 'skip', reason: 'somebody' }),
  ],
};
const settings: ApplySettings = {
  maxFailures: 0,
  resume: false,
  allowedRestarts: [],
  dropped: [],
  overwritten: [],
  timeoutMs: 1,
};
const none: readonly string[] = [];
const given = { hash: 'h', startedAt: now, allowedRestarts: none, dropped: none, overwritten: none };
const first = firstRecord(plan, given);

describe('the schedule', () => {
  const names = (record = first, waveSize?: number) =>
    scheduleOf(plan, waveSize ? { waveSize } : {}, record).waves.map(({ number, batches }) => [
      number,
      ...batches.map((batch) => batch.map(({ name }) => name).join('')),
    ]);

  test('leaves out what would restart Pods, unless it is allowed', () => {
    expect(names()).toEqual([
      [1, 'a'],
      [2, 'bde'],
    ]);
    const { leftOut } = scheduleOf(plan, {}, first);
    expect(leftOut.map(({ object: { name }, why }) => [name, why])).toEqual([
      ['c', expect.stringContaining('--allow-restart Deployment/shop/c')],
    ]);
    expect(names({ ...first, allowedRestarts: ['Deployment/shop/c'] })[1]).toEqual([2, 'bcde']);
    expect(refusedByPlan(plan).map(({ object: { name }, why }) => [name, why])).toEqual([['f', 'blocked: too large']]);
  });

  test('leaves out what other clusters would lose something by, unless it is allowed', () => {
    const overwrites = [{ cluster: 'member2', fields: ['.data.a'] }];
    const other = {
      ...plan,
      objects: plan.objects.map((each) => (each.name === 'd' ? { ...each, overwrites } : each)),
    };
    const outOf = (record: typeof first) => scheduleOf(other, {}, record).leftOut.map(({ object: { name } }) => name);
    expect(outOf(first)).toEqual(['c', 'd']);
    expect(outOf({ ...first, overwritten: ['Deployment/shop/d'] })).toEqual(['c']);
  });

  test('has batches within waves, and no wave that is applied', () => {
    expect(names(first, 2)).toEqual([
      [1, 'a'],
      [2, 'bd', 'e'],
    ]);
    expect(names(withWave(first, 1, { state: 'applied' }, now))).toEqual([[2, 'bde']]);
  });

  test.each<[Partial<ApplySettings>, string]>([
    [{ allowedRestarts: ['Deployment/shop/z'] }, 'takes over no Deployment/shop/z'],
    [{ dropped: ['Deployment/shop/f'] }, 'takes over no Deployment/shop/f'],
    [{ waveSize: 0 }, '--wave-size'],
    [{ maxFailures: -1 }, '--max-failures'],
    [{ pauseAfter: 3 }, 'no wave 3; it has 2'],
  ])('%j is refused', (some, why) => {
    expect(() => checkSettings(plan, { ...settings, ...some })).toThrow(why);
  });
});

describe('the beginning', () => {
  const beginning = (some: Partial<ApplySettings> = {}, hash = 'h') => ({
    plan,
    hash,
    settings: { ...settings, ...some },
    now,
  });
  const half = withWave(withWave(first, 1, { state: 'applied', applied: 1 }, now), 2, { state: 'applying' }, now);
  const whole = withWave(half, 2, { state: 'applied', applied: 3 }, now);
  const back = withWave(withWave(first, 1, { state: 'rolled-back' }, now), 2, { state: 'rolled-back' }, now);

  test('is anew, further, or not at all', () => {
    expect(beginWith(undefined, beginning())).toEqual(first);
    expect(beginWith(first, beginning())).toEqual(first);
    expect(beginWith(back, beginning())).toEqual(first);
    expect(() => beginWith(half, beginning())).toThrow('is applying, in wave 2; go on with --resume');
    expect(beginWith(half, beginning({ resume: true })).waves).toEqual(half.waves);
    const other = { ...half, from: { cluster: 'member9', id: 'y' } };
    expect(() => beginWith(other, beginning({ resume: true }))).toThrow('another cluster (member9)');
  });

  test('of a plan that was made anew has its waves, and what was allowed', () => {
    const allowed = { ...half, allowedRestarts: ['Deployment/shop/c'] };
    const anew = beginWith(allowed, beginning({ resume: true }, 'h2'));
    expect(anew).toMatchObject({ hash: 'h2', allowedRestarts: ['Deployment/shop/c'] });
    expect(anew.waves.map(({ state }) => state)).toEqual(['pending', 'pending']);
  });

  test('is none where all is applied, until more is asked for', () => {
    expect(isFinished(whole, beginning())).toBe(true);
    expect(isFinished(whole, beginning({}, 'h2'))).toBe(false);
    const more = beginning({ allowedRestarts: ['Deployment/shop/c'] });
    expect(isFinished(whole, more)).toBe(false);
    expect(beginWith(whole, more).waves.map(({ state }) => state)).toEqual(['applied', 'pending']);
  });

  test('finishes a rollback first, and tells what ended it in between', () => {
    expect(unfinishedRollback(half)).toBeUndefined();
    expect(unfinishedRollback(withWave(half, 2, { state: 'rolling-back' }, now))).toMatchObject({ number: 2 });
    expect(interrupted(half, new Error('away'), now).waves[1]).toMatchObject({ state: 'paused', why: 'away' });
    expect(interrupted(whole, new Error('away'), now)).toBe(whole);
  });
});
