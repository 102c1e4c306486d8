/** What a component is started with: the meaning of its flags, whoever parsed them. */

/** Gates that this version knows, with the defaults of this product. */
export const featureGates = {
  Failover: false,
  GracefulEviction: true,
  PropagateDeps: true,
  CustomizedClusterResourceModeling: true,
  PropagationPolicyPreemption: true,
  MultiClusterService: false,
  ResourceQuotaEstimate: false,
  StatefulFailoverInjection: false,
  PriorityBasedScheduling: false,
  FederatedQuotaEnforcement: false,
  MultiplePodTemplatesScheduling: false,
  ControllerPriorityQueue: true,
  WorkloadAffinity: false,
  SchedulingOvercommitProtection: false,
  LoggingAlphaOptions: false,
  LoggingBetaOptions: true,
  ContextualLogging: true,
} as const satisfies Readonly<Record<string, boolean>>;

export type FeatureGate = keyof typeof featureGates;
export type FeatureGates = Readonly<Record<FeatureGate, boolean>>;

export interface ControllerManagerSettings {
  readonly gates: FeatureGates;
  /** `--controllers`: `*`, names, `-name`. */
  readonly controllers: readonly string[];
  readonly clusterStatusFrequencyMs: number;
  readonly clusterSuccessThresholdMs: number;
  readonly clusterFailureThresholdMs: number;
  readonly resourceModeling: boolean;
  readonly skippedApis: string;
  readonly skippedNamespaces: readonly string[];
}

export const controllerManagerDefaults: ControllerManagerSettings = {
  gates: featureGates,
  controllers: ['*'],
  clusterStatusFrequencyMs: 10_000,
  clusterSuccessThresholdMs: 30_000,
  clusterFailureThresholdMs: 30_000,
  resourceModeling: true,
  skippedApis: '',
  skippedNamespaces: ['kube-.*'],
};

export interface SchedulerSettings {
  readonly gates: FeatureGates;
  readonly schedulerName: string;
}

export const schedulerDefaults: SchedulerSettings = { gates: featureGates, schedulerName: 'default-scheduler' };

/** Is a controller of this name among those asked for? A later word goes before an earlier one. */
export function isEnabled(controllers: readonly string[], name: string): boolean {
  const asked = controllers.findLast((each) => each === name || each === `-${name}`);
  if (asked !== undefined) return asked === name;
  return controllers.includes('*');
}
