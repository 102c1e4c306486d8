/** What a component is started with: the meaning of its flags, whoever parsed them. */
import { defaultSettings, type SchedulingSettings } from '#flow/2-schedule/plan/settings.ts';
import type { PurgeMode } from '#flow/return/taints/plan.ts';

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

export interface TaintEvictionSettings {
  readonly purgeMode: PurgeMode;
  /** Bindings in a second. */
  readonly perSecond: number;
}

export interface ControllerManagerSettings {
  readonly gates: FeatureGates;
  /** `--controllers`: `*`, names, `-name`. */
  readonly controllers: readonly string[];
  readonly clusterStatusFrequencyMs: number;
  readonly clusterSuccessThresholdMs: number;
  readonly clusterFailureThresholdMs: number;
  readonly resourceModeling: boolean;
  readonly gracefulEvictionTimeoutMs: number;
  /** With `--enable-no-execute-taint-eviction`. */
  readonly taintEviction?: TaintEvictionSettings;
  /** 0 for never. */
  readonly quotaResyncMs: number;
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
  gracefulEvictionTimeoutMs: 600_000,
  quotaResyncMs: 300_000,
  skippedApis: '',
  skippedNamespaces: ['kube-.*'],
};

/** How the accurate estimator of each cluster is reached: `<prefix>-<cluster>` in the namespace, over gRPC. */
export interface EstimatorSettings {
  readonly timeoutMs: number;
  readonly port: number;
  readonly serviceNamespace: string;
  readonly servicePrefix: string;
  /** Of our client certificate; '' where none is shown. */
  readonly certFile: string;
  readonly keyFile: string;
  /** Of who signs the estimators' certificates; '' for the machine's. */
  readonly caFile: string;
  /** Their certificates are not checked. */
  readonly skipsVerification: boolean;
  /** Clusters in Pull mode have none. */
  readonly skipsPullMode: boolean;
}

/** karmada-scheduler-estimator: whom it answers about one member, and how. */
export interface EstimatorServerSettings {
  readonly gates: FeatureGates;
  readonly cluster: string;
  /** '' for every one where clients must show a certificate, else for this machine alone. */
  readonly address: string;
  readonly port: number;
  /** '' both: plain text. */
  readonly certFile: string;
  readonly keyFile: string;
  /** Of who signs its clients' certificates; '' where they need none. */
  readonly clientCaFile: string;
  readonly skipsClientVerification: boolean;
}

export interface SchedulerSettings {
  readonly gates: FeatureGates;
  readonly schedulerName: string;
  /** `--plugins`. */
  readonly plugins: SchedulingSettings['plugins'];
  /** `--enable-empty-workload-propagation`. */
  readonly emptyWorkloads: boolean;
  /** With `--enable-scheduler-estimator`. */
  readonly estimator?: EstimatorSettings;
}

export const schedulerDefaults: SchedulerSettings = {
  gates: featureGates,
  schedulerName: 'default-scheduler',
  plugins: defaultSettings.plugins,
  emptyWorkloads: defaultSettings.emptyWorkloads,
};

/** The reference's detector is none of those that `--controllers` chooses among: lists of names leave it on. */
const alwaysOn = new Set(['detector', 'policy', 'cluster-policy']);

/** The reference starts it with another controller, by whose name it is chosen. */
const startedWith: Readonly<Record<string, string>> = { 'taint-manager': 'cluster' };

/**
 * Is a controller of this name among those asked for? A later word goes before an earlier one; `-*` turns everything off
 * that is not named.
 */
export function isEnabled(controllers: readonly string[], own: string): boolean {
  const name = startedWith[own] ?? own;
  const asked = controllers.findLast((each) => each === name || each === `-${name}`);
  if (asked !== undefined) return asked === name;
  if (alwaysOn.has(name)) return !controllers.includes('-*');
  return controllers.includes('*');
}
