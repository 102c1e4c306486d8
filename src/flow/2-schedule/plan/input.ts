/** All that a scheduling decision depends on, as values. */
import type { BindingSpec, BindingStatus } from '#apis/work/binding-spec.ts';
import type { ReplicaRequirements } from '#apis/work/requirements.ts';
import type { Fleet } from './fleet.ts';
import type { PluginName, SchedulingSettings } from './settings.ts';

export interface SchedulingInput {
  readonly spec: BindingSpec;
  readonly status: BindingStatus | undefined;
  readonly fleet: Fleet;
  readonly settings: SchedulingSettings;
  /**
   * What accurate estimators answered, by cluster: replicas, or sets of components where `countsSets` says so.
   * Negative is no answer, as is a cluster that is not there.
   */
  readonly estimates?: ReadonlyMap<string, number>;
  /** Placed lately by this scheduler and not yet in the clusters' own figures, by cluster: the room is taken. */
  readonly assumed?: ReadonlyMap<string, readonly AssumedReplicas[]>;
  /** The definition of the template's kind goes where the template goes: no cluster has to serve it before. */
  readonly bringsDefinition?: boolean;
  /** Where others of this template's workload groups are; needed only where the binding names a group. */
  readonly peers?: WorkloadPeers;
  /** Hears how long the decision's parts take; what it hears changes nothing. */
  readonly meter?: DecisionMeter;
}

export type DecisionStep = 'Filter' | 'Score' | 'Select' | 'AssignReplicas';

export interface DecisionMeter {
  /** Does the work, and answers what that answers. */
  readonly step: <T>(step: DecisionStep, work: () => T) => T;
  /** The same for one plugin's look at one cluster; absent where that is not measured. */
  readonly plugin?: <T>(plugin: PluginName, point: 'Filter' | 'Score', work: () => T) => T;
}

export interface AssumedReplicas {
  readonly replicas: number;
  readonly requirements: Pick<ReplicaRequirements, 'resourceRequest'> | undefined;
}

/**
 * The names of the clusters of each other binding in the same namespace that has the same group; one list for each.
 * The binding itself is not among them.
 */
export interface WorkloadPeers {
  readonly affinity: readonly (readonly string[])[];
  readonly antiAffinity: readonly (readonly string[])[];
}
