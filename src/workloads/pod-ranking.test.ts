import { describe, expect, it } from 'vitest';
import type { Pod } from '#apis/kubernetes/types.ts';
import { podsToDelete } from './pod-ranking.ts';

const now = Date.parse('2026-01-01T12:00:00Z');
const hoursAgo = (hours: number) => new Date(now - hours * 3_600_000).toISOString();

interface Traits {
  readonly node?: string;
  readonly phase?: NonNullable<Pod['status']>['phase'];
  readonly readyFor?: number;
  readonly age?: number;
  readonly cost?: string;
  readonly restarts?: number;
}

const pod = (
  name: string,
  { node = 'n1', phase = 'Running', readyFor = 5, age = 6, cost, restarts = 0 }: Traits = {},
): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    uid: name,
    creationTimestamp: hoursAgo(age),
    ...(cost ? { annotations: { 'controller.kubernetes.io/pod-deletion-cost': cost } } : {}),
  },
  spec: { containers: [], ...(node ? { nodeName: node } : {}) },
  status: {
    phase,
    conditions: [{ type: 'Ready', status: readyFor > 0 ? 'True' : 'False', lastTransitionTime: hoursAgo(readyFor) }],
    containerStatuses: [{ name: 'a', restartCount: restarts } as never],
  },
});

const chosen = (pods: readonly Pod[], count = 1, related = pods) =>
  podsToDelete(pods, related, count, now).map(({ metadata }) => metadata.name);

describe('of too many Pods', () => {
  const keep = pod('keep');
  it.each<[string, Traits]>([
    ['without a node', { node: '' }],
    ['that is pending', { phase: 'Pending' }],
    ['that is not ready', { readyFor: 0 }],
    ['that costs less', { cost: '-1' }],
    ['that has been ready for less long', { readyFor: 0.1 }],
    ['that was restarted more often', { restarts: 3 }],
    ['that is younger', { age: 0.1 }],
  ])('the one %s goes first', (_, traits) => {
    expect(chosen([keep, pod('go', traits)])).toEqual(['go']);
    expect(chosen([pod('go', traits), keep])).toEqual(['go']);
  });

  it('the one beside more of its kind goes first', () => {
    const pods = [pod('a', { node: 'n1' }), pod('b', { node: 'n2' }), pod('c', { node: 'n2' })];
    expect(chosen(pods.slice(0, 2), 1, pods)).toEqual(['b']);
  });

  it('all go when all are asked for', () => expect(chosen([keep, pod('b')], 2)).toEqual(['keep', 'b']));
});
