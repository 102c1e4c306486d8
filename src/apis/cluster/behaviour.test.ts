import { describe, expect, test } from 'vitest';
import { clusterBehaviour } from './behaviour.ts';
import type { Cluster, ResourceModel } from './cluster.ts';
import { defaultModels, unbounded } from './models.ts';

const clusterOf = (resourceModels?: readonly ResourceModel[]): Cluster => ({
  apiVersion: 'cluster.karmada.io/v1alpha1',
  kind: 'Cluster',
  metadata: { name: 'member1' },
  spec: { syncMode: 'Push', ...(resourceModels ? { resourceModels } : {}) },
});
const created = (cluster: Cluster) =>
  clusterBehaviour.prepareForCreate!(clusterBehaviour.defaults!(cluster)) as Cluster;

describe('resource models', () => {
  test('a new cluster that names none has the nine grades', () => {
    expect(created(clusterOf()).spec.resourceModels).toEqual(defaultModels);
    expect(created(clusterOf([])).spec.resourceModels).toEqual(defaultModels);
  });

  test('one that is changed keeps what it has, and has none when they were taken away', () => {
    const cluster = clusterOf();
    expect(clusterBehaviour.defaults!(cluster)).toBe(cluster);
  });

  test('those that are named are put in order, from nothing and without end', () => {
    const range = (min: string, max: string) => [{ name: 'cpu', min, max }];
    const own = [
      { grade: 2, ranges: range('4', '8') },
      { grade: 1, ranges: range('1', '4') },
    ];
    const expected = [
      { grade: 1, ranges: range('0', '4') },
      { grade: 2, ranges: range('4', unbounded) },
    ];
    expect(created(clusterOf(own)).spec.resourceModels).toEqual(expected);
    expect((clusterBehaviour.defaults!(clusterOf(own)) as Cluster).spec.resourceModels).toEqual(expected);
  });
});

test('a NoExecute taint is dated when it comes, others are not', () => {
  const taints = (timeAdded?: string) => [
    { key: 'a', effect: 'NoSchedule' },
    { key: 'b', effect: 'NoExecute', ...(timeAdded ? { timeAdded } : {}) },
  ];
  const tainted = (given: ReturnType<typeof taints>): Cluster => ({
    ...clusterOf([]),
    spec: { syncMode: 'Push', taints: given },
  });
  const { prepareForCreate, prepareForUpdate } = clusterBehaviour;
  const [old, now] = ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'];
  expect((prepareForCreate!(tainted(taints()), undefined, now) as Cluster).spec.taints).toEqual(taints(now));
  const dated = tainted(taints(old));
  expect((prepareForUpdate!(tainted(taints()), dated, now) as Cluster).spec.taints).toEqual(taints(now));
  expect(prepareForUpdate!(dated, dated, now)).toBe(dated);
});
