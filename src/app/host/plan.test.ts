import { describe, expect, it } from 'vitest';
import type { Pod } from '#apis/kubernetes/types.ts';
import { holderAmong } from './plan.ts';

interface Shown {
  readonly created?: number;
  readonly flags?: readonly string[];
  readonly terminating?: true;
  readonly waiting?: true;
}

const pod = (name: string, { created = 0, flags = [], terminating, waiting }: Shown = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace: 'karmada-system',
    uid: name,
    labels: { app: 'karmada-scheduler' },
    creationTimestamp: `2026-01-01T00:00:0${created}Z`,
    ...(terminating ? { deletionTimestamp: '2026-01-01T00:01:00Z' } : {}),
  },
  spec: { containers: [{ name: 'karmada-scheduler', command: ['/bin/karmada-scheduler', ...flags] }] },
  status: {
    phase: 'Running',
    containerStatuses: [
      {
        name: 'karmada-scheduler',
        image: '',
        imageID: '',
        ready: !waiting,
        restartCount: 0,
        state: waiting ? { waiting: {} } : { running: { startedAt: '2026-01-01T00:00:00Z' } },
      },
    ],
  },
});

const holder = (pods: readonly Pod[], present?: string) => holderAmong(pods, present)?.metadata.name;

describe('who runs a component', () => {
  it('is the oldest Pod, and stays it', () => {
    const pods = [pod('new', { created: 2 }), pod('old', { created: 1 })];
    expect(holder(pods)).toBe('old');
    expect(holder(pods, 'new')).toBe('new');
  });

  it('is none that is going, waits, or does not understand its flags', () => {
    const others = [
      pod('going', { terminating: true }),
      pod('waits', { waiting: true }),
      pod('wrong', { flags: ['--no-such-flag'] }),
    ];
    expect(holder(others, 'going')).toBeUndefined();
    expect(holder([...others, pod('good', { created: 9 })], 'going')).toBe('good');
  });
});
