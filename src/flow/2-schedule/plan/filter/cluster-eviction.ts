/** ClusterEviction: nothing goes back to a cluster that it is being taken off. */
import type { Plugin } from '../plugin.ts';

export const clusterEviction: Plugin = {
  filter: ({ spec: { gracefulEvictionTasks = [] } }) => {
    if (gracefulEvictionTasks.length === 0) return undefined;
    const left = new Set(gracefulEvictionTasks.map(({ fromCluster }) => fromCluster));
    return ({ name }) => (left.has(name) ? 'cluster(s) is in the process of eviction' : undefined);
  },
};
