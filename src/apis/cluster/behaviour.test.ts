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
