/** How long a Work that ended is left alone after its cluster came back. */
import { expect, test } from 'vitest';
import type { Cluster } from '#apis/cluster/cluster.ts';
import type { Work } from '#apis/work/work.ts';
import { settlesInMs } from './returning.ts';

const at = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, '0')}Z`;
const ended = (second: number) => ({ metadata: { deletionTimestamp: at(second) } }) as Work;
const readySince = (second: number) =>
  ({
    status: { conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: at(second) }] },
  }) as unknown as Cluster;

test.each<[string, Work, Cluster | undefined, number, number | undefined, number?]>([
  ['ended before the return', ended(10), readySince(20), 23, 7_000],
  ['ended before it, long ago', ended(10), readySince(20), 40, 0],
  ['ended before it, long ago, and looked at since a moment', ended(10), readySince(20), 40, 8_000, 38],
  ['ended since', ended(30), readySince(20), 31, undefined],
  ['ended in that very second', ended(20), readySince(20), 20, undefined],
  ['of a cluster that is gone', ended(10), undefined, 23, undefined],
])('%s', (_, work, cluster, now, ms, started = 0) =>
  expect(settlesInMs(work, cluster, Date.parse(at(now)), Date.parse(at(started)))).toBe(ms),
);
