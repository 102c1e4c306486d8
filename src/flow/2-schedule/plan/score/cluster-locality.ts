/** ClusterLocality: a cluster that holds the template is better than one that does not. */
import { mostScore, type Plugin } from '../plugin.ts';

export const clusterLocality: Plugin = {
  score:
    ({ held }) =>
    ({ name }) =>
      held.has(name) ? mostScore : 0,
};
