import { expect, it } from 'vitest';
import type { Lack, MigrationPlan } from '../model.ts';
import { lackLines } from './lacks.ts';

const settings = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'settings' };
const lack = (is: Lack['is'], more: Partial<Lack> = {}): Lack => ({
  ...settings,
  because: 'is used by x',
  is,
  ...more,
});
const member2 = { clusters: ['member2'] };
const linesOf = (lacks: readonly Lack[], scope: object = {}) =>
  lackLines({ objects: lacks.map((each) => ({ lacks: [each] })), spec: { scope } } as unknown as MigrationPlan);

it.each<[string, Lack, string]>([
  ['nowhere', lack('missing', member2), 'is not there'],
  ['left out', lack('left-out', member2), 'is left out: member2 would be without it'],
  [
    'left out for a reason',
    lack('left-out', { ...member2, why: 'so' }),
    'is left out (so): member2 would be without it',
  ],
  ['unmanaged', lack('left-out'), 'is left out, and stays without management'],
  ['refused', lack('refused', { ...member2, why: 'so' }), 'cannot be taken over: member2 would be without it'],
  ['at home', lack('elsewhere', member2), 'goes to fewer clusters: member2 would be without it'],
  ['held', lack('held', { ...member2, why: 'Policy p' }), 'is held by Policy p: member2 would be without it'],
  ['held by nobody', lack('held', member2), 'has a template that no policy propagates: member2 would be without it'],
  ['kept', lack('held', { why: 'Policy p' }), 'is held by Policy p, which takes over nothing that is there already'],
  ['unknown', lack('not-served', member2), 'is of a kind (v1) that member2 does not serve'],
])('what is %s is told', (_what, each, words) => {
  expect(linesOf([each], { closure: true })).toEqual([`ConfigMap shop/settings ${words}   (is used by x)`]);
});

it('the same is told once, what hurts first, and how to take it in', () => {
  const many = [
    lack('left-out', { name: 'a' }),
    lack('left-out', member2),
    lack('left-out', { ...member2, because: 'is used by y' }),
  ];
  expect(linesOf(many)).toEqual([
    'ConfigMap shop/settings is left out: member2 would be without it   (is used by x, and 1 more)',
    'ConfigMap shop/a is left out, and stays without management   (is used by x)',
    '--with-closure takes in what is left out',
  ]);
  expect(linesOf([])).toEqual([]);
});
