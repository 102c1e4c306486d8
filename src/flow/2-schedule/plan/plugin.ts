/** What a plugin of the scheduler is: it may refuse clusters, and it may say how good those are that are left. */
import type { FleetCluster } from './fleet.ts';
import type { AffinityTerm, Scheduling } from './scheduling.ts';

/** Undefined: the cluster may hold the template. Otherwise why not, in the words the reference counts refusals by. */
export type Filter = (cluster: FleetCluster) => string | undefined;

/** 0 to `mostScore`; scores of all plugins are added. */
export type Score = (cluster: FleetCluster) => number;

export const mostScore = 100;

export interface Plugin {
  /** Prepared once for a binding and a term; undefined where it would refuse no cluster. */
  readonly filter?: (scheduling: Scheduling, term: AffinityTerm) => Filter | undefined;
  readonly score?: (scheduling: Scheduling) => Score;
}
