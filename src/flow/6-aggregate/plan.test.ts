import { describe, expect, it } from 'vitest';
import type { Binding } from '#apis/work/binding.ts';
import type { Work } from '#apis/work/work.ts';
import { bindingStatus, isSettled } from './plan.ts';

const now = '2026-01-01T00:00:00Z';
const resource = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' };
const binding = (clusters: readonly string[], more: object = {}, status: object = {}): Binding =>
  ({ spec: { resource, clusters: clusters.map((name) => ({ name })), ...more }, status }) as unknown as Binding;

interface Told {
  readonly applied?: 'True' | 'False';
  readonly message?: string;
  readonly manifest?: object | null;
  readonly going?: boolean;
}
const identifier = { group: 'apps', version: 'v1', kind: 'Deployment', namespace: 'default', name: 'web' };
function work(cluster: string, { applied = 'True', message, manifest, going }: Told = {}): Work {
  const told = manifest === undefined ? { identifier, status: { replicas: 1 }, health: 'Healthy' } : manifest;
  return {
    metadata: { namespace: `karmada-es-${cluster}`, name: 'w', ...(going ? { deletionTimestamp: 'now' } : {}) },
    status: {
      conditions: [{ type: 'Applied', status: applied, ...(message ? { message } : {}) }],
      ...(told ? { manifestStatuses: [told] } : {}),
    },
  } as unknown as Work;
}
const silent = (cluster: string) =>
  ({ metadata: { namespace: `karmada-es-${cluster}`, name: 'w' } }) as unknown as Work;

const item = (clusterName: string) => ({ applied: true, clusterName, status: { replicas: 1 }, health: 'Healthy' });
const eviction = (fromCluster: string, purgeMode: string) => ({ fromCluster, purgeMode });

describe('bindingStatus', () => {
  it.each<[string, Binding, readonly Work[], readonly object[] | undefined, boolean]>([
    ['by cluster', binding(['a', 'b']), [work('b'), work('a')], [item('a'), item('b')], true],
    ['one is missing', binding(['a', 'b']), [work('a')], [item('a')], false],
    ['no target', binding([]), [], undefined, false],
    [
      'one is refused, in its words',
      binding(['a', 'b']),
      [work('a'), work('b', { applied: 'False', message: 'it exists' })],
      [item('a'), { clusterName: 'b', appliedMessage: 'it exists', health: 'Unknown' }],
      false,
    ],
    ['one says nothing yet', binding(['a']), [silent('a')], [{ clusterName: 'a', health: 'Unknown' }], false],
    [
      'applied and not yet seen',
      binding(['a']),
      [work('a', { manifest: null })],
      [{ applied: true, clusterName: 'a', health: 'Unknown' }],
      true,
    ],
    [
      'the status of another object is not this one’s',
      binding(['a']),
      [
        work('a', {
          manifest: { identifier: { ...identifier, name: 'db' }, status: { replicas: 9 }, health: 'Healthy' },
        }),
      ],
      [{ applied: true, clusterName: 'a', health: 'Unknown' }],
      true,
    ],
    ['what is going does not count', binding(['a']), [work('a'), work('b', { going: true })], [item('a')], true],
    [
      'dependents’ clusters are targets',
      binding(['a'], { requiredBy: [{ clusters: [{ name: 'b' }] }] }),
      [work('a')],
      [item('a')],
      false,
    ],
    [
      'and those left gracefully',
      binding(['a'], { gracefulEvictionTasks: [eviction('b', 'Gracefully')] }),
      [work('a'), work('b')],
      [item('a'), item('b')],
      true,
    ],
    [
      'not those left directly',
      binding(['a'], { gracefulEvictionTasks: [eviction('b', 'Directly'), eviction('c', 'Immediately')] }),
      [work('a')],
      [item('a')],
      true,
    ],
    ['as many as wanted, but elsewhere', binding(['a']), [work('b')], [item('b')], false],
  ])('%s', (_what, given, works, items, full) => {
    const status = bindingStatus(given, works, now);
    expect(status.aggregatedStatus).toEqual(items);
    expect(status.conditions).toEqual([
      full
        ? {
            type: 'FullyApplied',
            status: 'True',
            reason: 'FullyAppliedSuccess',
            message: 'All works have been successfully applied',
            lastTransitionTime: now,
          }
        : {
            type: 'FullyApplied',
            status: 'False',
            reason: 'FullyAppliedFailed',
            message: 'Failed to apply all works, see status.aggregatedStatus for details',
            lastTransitionTime: now,
          },
    ]);
    // Said again it is the same, whenever that is.
    const later = { ...given, status } as Binding;
    expect(bindingStatus(later, works, '2026-01-01T00:01:00Z')).toEqual(status);
  });

  it('leaves the scheduler’s part alone, and empties the list when the last Work has gone', () => {
    const scheduled = { type: 'Scheduled', status: 'True' };
    const before = binding([], {}, { conditions: [scheduled], lastScheduledTime: now, aggregatedStatus: [item('a')] });
    const status = bindingStatus(before, [], now);
    expect(status).toMatchObject({ lastScheduledTime: now, aggregatedStatus: [] });
    expect(status.conditions).toContainEqual(scheduled);
  });
});

describe('isSettled', () => {
  it.each<[string, Binding, readonly Work[], boolean]>([
    ['all have spoken', binding(['a', 'b']), [work('a'), work('b', { applied: 'False', manifest: null })], true],
    ['one has no Work', binding(['a', 'b']), [work('a')], false],
    ['one has not said whether', binding(['a']), [silent('a')], false],
    ['one has not said how', binding(['a']), [work('a', { manifest: null })], false],
    ['what is going is not waited for', binding(['a']), [work('a'), work('b', { going: true })], true],
    ['nothing is wanted', binding([]), [], true],
  ])('%s', (_what, given, works, expected) => {
    expect(isSettled(given, works)).toBe(expected);
  });
});
