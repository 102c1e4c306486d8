/** Taints come and go by conditions. */
import { expect, test } from 'vitest';
import type { Cluster, Taint } from '#apis/cluster/cluster.ts';
import type { ClusterTaintPolicy, MatchCondition } from '#apis/policy/cluster-taint-policy.ts';
import { taintsBy } from './plan.ts';

const now = '2026-01-02T00:00:00Z';
const is = (operator: string, ...statusValues: readonly string[]): MatchCondition => ({
  conditionType: 'Ready',
  operator,
  statusValues,
});
const other: MatchCondition = { conditionType: 'DNS', operator: 'NotIn', statusValues: ['True'] };
const gone = { key: 'gone', effect: 'NoExecute' };
const had: Taint = { ...gone, value: 'old', timeAdded: '2026-01-01T00:00:00Z' };
const dated = { ...gone, timeAdded: now };
const soft: Taint = { key: 'gone', effect: 'NoSchedule' };

const policy = (spec: Partial<ClusterTaintPolicy['spec']>, name = 'p', creationTimestamp = now): ClusterTaintPolicy =>
  ({ metadata: { name, creationTimestamp }, spec: { taints: [gone], ...spec } }) as ClusterTaintPolicy;
const cluster = (status: string, taints?: readonly Taint[]): Cluster =>
  ({
    metadata: { name: 'm1' },
    spec: { syncMode: 'Push', ...(taints ? { taints } : {}) },
    status: { conditions: [{ type: 'Ready', status }] },
  }) as unknown as Cluster;

const add = [is('In', 'False', 'Unknown')];
const remove = [is('In', 'True')];
const both = { addOnConditions: add, removeOnConditions: remove };

test.each<[string, ClusterTaintPolicy[], Cluster, readonly Taint[] | undefined]>([
  ['comes when its conditions are met', [policy(both)], cluster('False', [soft]), [soft, dated]],
  ['goes when its others are', [policy(both)], cluster('True', [soft, had]), [soft]],
  ['keeps the value and date it came with', [policy(both)], cluster('False', [had]), [had]],
  [
    'NotIn is met by every other status',
    [policy({ addOnConditions: [is('NotIn', 'True')] })],
    cluster('Unknown'),
    [dated],
  ],
  [
    'no operator is met by a condition that is not there',
    [policy({ addOnConditions: [other] })],
    cluster('True'),
    undefined,
  ],
  ['all conditions have to be met', [policy({ addOnConditions: [...add, other] })], cluster('False'), undefined],
  ['no conditions are never met', [policy({ addOnConditions: [] })], cluster('False'), undefined],
  [
    'an operator nobody knows is not met',
    [policy({ addOnConditions: [is('Is', 'True')] })],
    cluster('True'),
    undefined,
  ],
  [
    'another cluster is not meant',
    [policy({ ...both, targetClusters: { exclude: ['m1'] } })],
    cluster('False'),
    undefined,
  ],
  [
    'what is given and taken at once is not there',
    [policy({ addOnConditions: add, removeOnConditions: add })],
    cluster('False', [had]),
    [],
  ],
  [
    'the younger policy has the last word',
    [policy({ removeOnConditions: add }, 'a', '2026-01-03T00:00:00Z'), policy({ addOnConditions: add }, 'b', now)],
    cluster('False'),
    undefined,
  ],
])('%s', (_, policies, given, taints) => expect(taintsBy(policies, given, now)).toEqual(taints));

test('nothing to do gives the same reference', () => {
  const given = cluster('True', [soft]);
  expect(taintsBy([policy(both)], given, now)).toBe(given.spec.taints);
});
