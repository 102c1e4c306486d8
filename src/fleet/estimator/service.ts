/** What an estimator is asked and answers: the reference's gRPC service as an interface, spoken in the process as well. */
import type { BindingSpec } from '#apis/work/binding-spec.ts';
import type { ReplicaRequirements } from '#apis/work/requirements.ts';

/** One kind of Pods of a workload. */
export type Component = NonNullable<BindingSpec['components']>[number];

/** A workload that was given to the cluster and has no Pods there yet: what it needs is not free. */
export interface AssumedWorkload {
  readonly namespace: string;
  readonly components: readonly Component[];
}

export interface ReplicasRequest {
  readonly cluster: string;
  /** Of one replica; undefined: only places for Pods count. */
  readonly requirements: ReplicaRequirements | undefined;
  readonly assumed: readonly AssumedWorkload[];
}

export interface ComponentSetsRequest {
  readonly cluster: string;
  readonly namespace: string;
  readonly components: readonly Component[];
  readonly assumed: readonly AssumedWorkload[];
}

export interface UnschedulableRequest {
  readonly cluster: string;
  readonly resource: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
  };
  /** How long a Pod must have been unschedulable to count. */
  readonly thresholdMs: number;
}

/** All reject with an error that says why there is no answer: one for another cluster, an unknown workload. */
export interface EstimatorService {
  readonly maxAvailableReplicas: (request: ReplicasRequest) => Promise<number>;
  /** How many times all components together. */
  readonly maxAvailableComponentSets: (request: ComponentSetsRequest) => Promise<number>;
  readonly unschedulableReplicas: (request: UnschedulableRequest) => Promise<number>;
}

/** The largest answer there is, an int32: nothing limits it. */
export const unlimited = 2 ** 31 - 1;
