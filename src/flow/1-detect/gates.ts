/** The gates detection goes by: which optional parts of a binding are filled in, and whether policies preempt. */

export interface DetectorGates {
  readonly PropagationPolicyPreemption: boolean;
  readonly MultiplePodTemplatesScheduling: boolean;
  readonly WorkloadAffinity: boolean;
  readonly PriorityBasedScheduling: boolean;
  readonly ResourceQuotaEstimate: boolean;
}
