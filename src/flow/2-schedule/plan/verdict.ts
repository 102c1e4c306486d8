/** What the scheduler decides about a binding. */
import type { TargetCluster } from '#apis/work/binding-spec.ts';

export type Verdict =
  | {
      readonly outcome: 'scheduled';
      readonly clusters: readonly TargetCluster[];
      /** Of several affinity terms the one that is served. */
      readonly affinityName?: string;
    }
  | {
      /**
       * noFit: no cluster passes the filters (NoClusterFit). unschedulable: the clusters that pass have not the room
       * (Unschedulable). error: the placement cannot be served (SchedulerError).
       */
      readonly outcome: 'noFit' | 'unschedulable' | 'error';
      /** The condition's and the event's message. */
      readonly message: string;
      /** What was placed is withdrawn: spec.clusters becomes empty. */
      readonly withdraws: boolean;
      /** It is tried again with back-off; otherwise only when something changes. */
      readonly retried: boolean;
    };
