import { expect, test } from 'vitest';
import { findCondition, isConditionTrue, removeCondition, setCondition } from './conditions.ts';

const early = '2026-01-01T00:00:00Z';
const late = '2026-01-01T00:01:00Z';
const ready = { type: 'Ready', status: 'True', reason: 'Up', message: '', lastTransitionTime: early } as const;

test('a new condition gets the time and goes to the end', () => {
  const list = setCondition([ready], { type: 'Applied', status: 'False', reason: 'New', message: 'x' }, late);
  expect(list).toEqual([
    ready,
    { type: 'Applied', status: 'False', reason: 'New', message: 'x', lastTransitionTime: late },
  ]);
});

test('the transition time moves with the status only', () => {
  const again = setCondition([ready], { ...ready, reason: 'StillUp', lastTransitionTime: undefined }, late);
  expect(again).toEqual([{ ...ready, reason: 'StillUp' }]);
  const down = setCondition([ready], { type: 'Ready', status: 'False', reason: 'Down' }, late);
  expect(down).toEqual([{ ...ready, status: 'False', reason: 'Down', lastTransitionTime: late }]);
});

test('nothing changes: the same list', () => {
  const list = [ready];
  expect(setCondition(list, { type: 'Ready', status: 'True', reason: 'Up', message: '' }, late)).toBe(list);
  expect(setCondition(list, { ...ready, lastTransitionTime: late }, late)).toBe(list);
  expect(removeCondition(list, 'Gone')).toBe(list);
});

test('found, tested and removed by type', () => {
  expect(findCondition([ready], 'Ready')).toBe(ready);
  expect(findCondition(undefined, 'Ready')).toBeUndefined();
  expect(isConditionTrue([ready], 'Ready')).toBe(true);
  expect(isConditionTrue([ready], 'Applied')).toBe(false);
  expect(removeCondition([ready], 'Ready')).toEqual([]);
});
