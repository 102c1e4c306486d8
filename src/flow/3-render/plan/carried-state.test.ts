/** Which copies carry the state of those before them. */
import { expect, test } from 'vitest';
import type { BindingSpec } from '#apis/work/binding-spec.ts';
import { withState } from './carried-state.ts';

const manifest = { apiVersion: 'v1', kind: 'X', metadata: { name: 'x', labels: { own: 'yes' } } };
const task = {
  fromCluster: 'm1',
  reason: 'A',
  producer: 'a',
  purgeMode: 'Directly' as const,
  preservedLabelState: { job: '7' },
};
const spec = (tasks: readonly object[], ...clusters: readonly string[]): BindingSpec =>
  ({ clusters: clusters.map((name) => ({ name })), gracefulEvictionTasks: tasks }) as unknown as BindingSpec;

test.each<[string, BindingSpec, boolean]>([
  ['the only one, after one that is gone', spec([task], 'm2'), true],
  ['one that is left gracefully still runs', spec([{ ...task, purgeMode: 'Gracefully' }], 'm2'), false],
  ['one of several', spec([task], 'm2', 'm3'), false],
  ['one that was there before', spec([{ ...task, clustersBeforeFailover: ['m1', 'm2'] }], 'm2'), false],
  ['only the last departure counts', spec([task, { ...task, preservedLabelState: undefined }], 'm2'), false],
  ['nobody left anything', spec([], 'm2'), false],
])('%s', (_, given, carries) => {
  const found = withState(manifest, given, 'm2');
  if (carries) expect(found.metadata.labels).toEqual({ own: 'yes', job: '7' });
  else expect(found).toBe(manifest);
});
