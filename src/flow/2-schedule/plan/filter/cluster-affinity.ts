/** ClusterAffinity: the cluster is one of those the placement is for, or that it may overflow to. It scores nobody. */
import type { Plugin } from '../plugin.ts';
import { tierOf } from '../scheduling.ts';

export const clusterAffinity: Plugin = {
  filter: (_scheduling, term) => (cluster) =>
    tierOf(term, cluster) >= 0 ? undefined : 'cluster(s) did not match the placement cluster affinity constraint',
  score: () => () => 0,
};
