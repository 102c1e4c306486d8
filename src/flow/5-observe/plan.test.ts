import { expect, it } from 'vitest';
import type { Work } from '#apis/work/work.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { isBehind, isUnderWay, type Observation, withObservations } from './plan.ts';

const manifest = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { namespace: 'default', name: 'web' } };
const live = (generation?: number, status?: object) =>
  ({
    ...manifest,
    metadata: { ...manifest.metadata, generation },
    ...(status ? { status } : {}),
  }) as UnstructuredObject;
const observation = (more: Partial<Observation> = {}): Observation => ({
  manifest,
  ordinal: 0,
  live: live(1),
  status: { replicas: 1 },
  health: 'Healthy',
  ...more,
});
const work = { apiVersion: 'work.karmada.io/v1alpha1', kind: 'Work', metadata: { name: 'web' }, spec: {} } as Work;

it('says what was seen, in the form compatible clients read', () => {
  expect(withObservations(work, [observation()]).status?.manifestStatuses).toEqual([
    {
      health: 'Healthy',
      identifier: {
        group: 'apps',
        kind: 'Deployment',
        name: 'web',
        namespace: 'default',
        ordinal: 0,
        resource: '',
        version: 'v1',
      },
      status: { replicas: 1 },
    },
  ]);
});

it('leaves out what is not there: the core group, the namespace, an empty status', () => {
  const place = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
  const seen = withObservations(work, [observation({ manifest: place, status: {}, health: 'Unknown', ordinal: 3 })]);
  expect(seen.status?.manifestStatuses).toEqual([
    { health: 'Unknown', identifier: { kind: 'Namespace', name: 'shop', ordinal: 3, resource: '', version: 'v1' } },
  ]);
});

it('keeps conditions, and the reference when it says so already', () => {
  const conditions = [{ type: 'Applied', status: 'True' }];
  const applied = { ...work, status: { conditions } } as unknown as Work;
  const seen = withObservations(applied, [observation()]);
  expect(seen.status?.conditions).toBe(conditions);
  expect(withObservations(seen, [observation()])).toBe(seen);
  expect(withObservations(work, [])).toBe(work);
  expect(withObservations(seen, []).status?.manifestStatuses).toEqual([]);
});

it.each<[string, UnstructuredObject, boolean]>([
  ['a generation not seen', live(2, { observedGeneration: 1 }), true],
  ['a generation seen', live(2, { observedGeneration: 2 }), false],
  ['a status that does not tell', live(2, { replicas: 1 }), true],
  ['no status', live(2), true],
  ['a kind that need not answer', { ...live(2, { ready: true }), kind: 'Pod', apiVersion: 'v1' }, false],
  ['a kind without generations', live(undefined, { observedGeneration: 0 }), false],
])('is behind: %s', (_what, given, expected) => {
  expect(isBehind(observation({ live: given }))).toBe(expected);
});

it.each<[string, Partial<Observation>, boolean]>([
  ['a workload that is not healthy yet', { health: 'Unhealthy' }, true],
  ['a healthy one', {}, false],
  ['one of which nothing is known', { health: 'Unknown' }, false],
  ['a kind without Pods', { health: 'Unhealthy', live: { ...live(1), apiVersion: 'v1', kind: 'Service' } }, false],
])('is under way: %s', (_what, given, expected) => {
  expect(isUnderWay(observation(given))).toBe(expected);
});
