/** The flags of each component, with the reference's names and defaults (compatibility.md section 11). Tables, and nothing else. */
import type { FlagDefinition } from '#world/process/flags.ts';

const gates: FlagDefinition = {
  name: 'feature-gates',
  kind: 'texts',
  help: 'Gate=true|false pairs, AllAlpha and AllBeta among them',
};

const electionFlags: readonly FlagDefinition[] = [
  { name: 'leader-elect', kind: 'switch', default: 'true', help: 'Act only while holding the Lease' },
  { name: 'leader-elect-resource-namespace', kind: 'text', default: 'karmada-system', help: 'Namespace of the Lease' },
  {
    name: 'leader-elect-lease-duration',
    kind: 'duration',
    default: '15s',
    help: 'How long others wait after the last renewal',
  },
  { name: 'leader-elect-renew-deadline', kind: 'duration', default: '10s', help: 'How long the leader tries to renew' },
  { name: 'leader-elect-retry-period', kind: 'duration', default: '2s', help: 'Time between two tries' },
];

const accessFlags: readonly FlagDefinition[] = [
  { name: 'kubeconfig', kind: 'text', help: 'Kubeconfig of the control plane' },
  { name: 'context', kind: 'text', help: 'Context in it; its current one when absent' },
];

/** Accepted because manifests carry them: our clients adapt to what an API server answers instead. */
const clientRateFlags: readonly FlagDefinition[] = [
  { name: 'kube-api-qps', kind: 'number', default: '40', help: 'Accepted; clients adapt to what the server answers' },
  { name: 'kube-api-burst', kind: 'whole', default: '60', help: 'Accepted; clients adapt to what the server answers' },
  { name: 'rate-limiter-base-delay', kind: 'duration', default: '5ms', help: 'Accepted; failures back off by item' },
  { name: 'rate-limiter-max-delay', kind: 'duration', default: '1000s', help: 'Accepted; failures back off by item' },
  { name: 'rate-limiter-qps', kind: 'number', default: '10', help: 'Accepted; nothing throttles work that succeeds' },
  {
    name: 'rate-limiter-bucket-size',
    kind: 'whole',
    default: '100',
    help: 'Accepted; nothing throttles work that succeeds',
  },
];

const observabilityFlags = (health: string): readonly FlagDefinition[] => [
  { name: 'metrics-bind-address', kind: 'text', default: ':8080', help: 'Where /metrics is served; 0 for nowhere' },
  {
    name: 'health-probe-bind-address',
    kind: 'text',
    default: health,
    help: 'Where /healthz and /readyz are served; 0 for nowhere',
  },
  { name: 'enable-pprof', kind: 'switch', help: 'Accepted; use node --cpu-prof' },
  { name: 'profiling-bind-address', kind: 'text', default: ':6060', help: 'Accepted; use node --cpu-prof' },
  { name: 'v', short: 'v', kind: 'whole', default: '0', help: 'Verbosity; 4 and above log debug lines' },
  { name: 'vmodule', kind: 'text', help: 'Accepted' },
  { name: 'logging-format', kind: 'text', default: 'text', help: 'text or json' },
];

const common = (health: string) => [
  ...accessFlags,
  gates,
  ...electionFlags,
  ...clientRateFlags,
  ...observabilityFlags(health),
];

const retired = (name: string, why: string): FlagDefinition => ({
  name,
  kind: 'text',
  bare: 'true',
  help: why,
  hidden: true,
  retired: why,
});

const concurrency: readonly FlagDefinition[] = Object.entries({
  'concurrent-cluster-syncs': 5,
  'concurrent-resourcebinding-syncs': 5,
  'concurrent-clusterresourcebinding-syncs': 5,
  'concurrent-work-syncs': 5,
  'concurrent-namespace-syncs': 1,
  'concurrent-propagation-policy-syncs': 1,
  'concurrent-cluster-propagation-policy-syncs': 1,
  'concurrent-resource-template-syncs': 5,
  'concurrent-dependent-resource-syncs': 2,
}).map(([name, workers]) => ({
  name,
  kind: 'whole',
  default: String(workers),
  help: 'Accepted; workers suit one process',
}));

const podAutoscaler: readonly FlagDefinition[] = [
  { name: 'horizontal-pod-autoscaler-sync-period', kind: 'duration', default: '15s', help: 'Accepted' },
  { name: 'horizontal-pod-autoscaler-upscale-delay', kind: 'duration', default: '3m', help: 'Accepted' },
  { name: 'horizontal-pod-autoscaler-downscale-delay', kind: 'duration', default: '5m', help: 'Accepted' },
  { name: 'horizontal-pod-autoscaler-downscale-stabilization', kind: 'duration', default: '5m', help: 'Accepted' },
  { name: 'horizontal-pod-autoscaler-tolerance', kind: 'number', default: '0.1', help: 'Accepted' },
  { name: 'horizontal-pod-autoscaler-cpu-initialization-period', kind: 'duration', default: '5m', help: 'Accepted' },
  { name: 'horizontal-pod-autoscaler-initial-readiness-delay', kind: 'duration', default: '30s', help: 'Accepted' },
];

export const controllerManagerFlags: readonly FlagDefinition[] = [
  ...common(':10357'),
  { name: 'controllers', kind: 'texts', default: '*', help: "Controllers to run: '*', a name, or -name" },
  {
    name: 'cluster-status-update-frequency',
    kind: 'duration',
    default: '10s',
    help: 'How often a cluster is looked at',
  },
  {
    name: 'cluster-success-threshold',
    kind: 'duration',
    default: '30s',
    help: 'How long a cluster must be healthy to become Ready',
  },
  {
    name: 'cluster-failure-threshold',
    kind: 'duration',
    default: '30s',
    help: 'How long a cluster must be unhealthy to lose Ready',
  },
  { name: 'cluster-monitor-period', kind: 'duration', default: '5s', help: 'Accepted; for clusters in Pull mode' },
  {
    name: 'cluster-monitor-grace-period',
    kind: 'duration',
    default: '40s',
    help: 'Accepted; for clusters in Pull mode',
  },
  {
    name: 'cluster-startup-grace-period',
    kind: 'duration',
    default: '60s',
    help: 'Accepted; for clusters in Pull mode',
  },
  { name: 'cluster-lease-duration', kind: 'duration', default: '40s', help: 'Accepted; for clusters in Pull mode' },
  {
    name: 'cluster-lease-renew-interval-fraction',
    kind: 'number',
    default: '0.25',
    help: 'Accepted; for clusters in Pull mode',
  },
  {
    name: 'skipped-propagating-apis',
    kind: 'text',
    help: 'group, group/version or group/version/Kind,Kind; separated by ;',
  },
  {
    name: 'skipped-propagating-namespaces',
    kind: 'texts',
    default: 'kube-.*',
    help: 'Regular expressions of namespaces',
  },
  {
    name: 'cluster-api-qps',
    kind: 'number',
    default: '40',
    help: 'Accepted; clients adapt to what the member answers',
  },
  {
    name: 'cluster-api-burst',
    kind: 'whole',
    default: '60',
    help: 'Accepted; clients adapt to what the member answers',
  },
  { name: 'cluster-cache-sync-timeout', kind: 'duration', default: '2m', help: 'Accepted' },
  { name: 'resync-period', kind: 'duration', default: '0', help: 'Accepted; nothing needs a resync' },
  ...concurrency,
  ...podAutoscaler,
  {
    name: 'graceful-eviction-timeout',
    kind: 'duration',
    default: '10m',
    help: 'How long a cluster that is left gracefully keeps its copy where the new ones do not become healthy',
  },
  {
    name: 'enable-cluster-resource-modeling',
    kind: 'switch',
    default: 'true',
    help: 'Collect node and resource summaries',
  },
  {
    name: 'enable-no-execute-taint-eviction',
    kind: 'switch',
    help: 'Have workloads leave clusters with NoExecute taints that they do not tolerate',
  },
  {
    name: 'no-execute-taint-eviction-purge-mode',
    kind: 'text',
    default: 'Gracefully',
    help: 'Where their policy does not say: Gracefully (copies stay until the new ones are healthy) or Directly',
  },
  {
    name: 'resource-eviction-rate',
    kind: 'number',
    default: '0.5',
    help: 'How many workloads leave in a second; 0 for none',
  },
  {
    name: 'federated-resource-quota-sync-period',
    kind: 'duration',
    default: '5m',
    help: 'How often what federated quotas have used is counted anew; 0 for never',
  },
  retired('enable-taint-manager', 'deprecated: eviction is set with --enable-no-execute-taint-eviction'),
  retired('failover-eviction-timeout', 'retired since v1.15: it has no effect any more'),
  retired('bind-address', 'retired: use --metrics-bind-address and --health-probe-bind-address'),
  retired('secure-port', 'retired: use --metrics-bind-address and --health-probe-bind-address'),
];

const estimator: readonly FlagDefinition[] = [
  {
    name: 'enable-scheduler-estimator',
    kind: 'switch',
    help: 'Ask the accurate estimator of each cluster for its room',
  },
  {
    name: 'disable-scheduler-estimator-in-pull-mode',
    kind: 'switch',
    help: 'Ask none of clusters in Pull mode',
  },
  { name: 'scheduler-estimator-timeout', kind: 'duration', default: '3s', help: 'Longer than this none is waited for' },
  { name: 'scheduler-estimator-port', kind: 'whole', default: '10352', help: 'Where estimators listen' },
  {
    name: 'scheduler-estimator-service-namespace',
    kind: 'text',
    default: 'karmada-system',
    help: "Namespace of the estimators' Services",
  },
  {
    name: 'scheduler-estimator-service-prefix',
    kind: 'text',
    default: 'karmada-scheduler-estimator',
    help: "Beginning of their names; the cluster's follows after a dash",
  },
  { name: 'scheduler-estimator-cert-file', kind: 'text', help: 'Client certificate that estimators are shown' },
  { name: 'scheduler-estimator-key-file', kind: 'text', help: 'Its key' },
  { name: 'scheduler-estimator-ca-file', kind: 'text', help: 'Who signs their certificates' },
  { name: 'insecure-skip-estimator-verify', kind: 'switch', help: 'Do not check their certificates' },
];

export const schedulerFlags: readonly FlagDefinition[] = [
  ...common(':10351'),
  {
    name: 'scheduler-name',
    kind: 'text',
    default: 'default-scheduler',
    help: 'Bindings that name another scheduler are left alone',
  },
  { name: 'plugins', kind: 'texts', default: '*', help: "Plugins that take part: '*', a name, or -name" },
  {
    name: 'enable-empty-workload-propagation',
    kind: 'switch',
    help: 'Clusters that get no replicas are targets all the same',
  },
  ...estimator,
];

export const webhookFlags: readonly FlagDefinition[] = [
  ...accessFlags,
  gates,
  { name: 'bind-address', kind: 'text', default: '127.0.0.1', help: 'Address to serve on' },
  { name: 'secure-port', kind: 'whole', default: '8443', help: 'Port to serve on' },
  { name: 'cert-dir', kind: 'text', help: 'Folder of the serving certificate' },
  { name: 'tls-cert-file-name', kind: 'text', default: 'tls.crt', help: 'Certificate in it' },
  { name: 'tls-private-key-file-name', kind: 'text', default: 'tls.key', help: 'Key in it' },
  { name: 'tls-min-version', kind: 'text', default: '1.3', help: 'Accepted' },
  { name: 'allow-no-execute-taint-policy', kind: 'switch', help: 'ClusterTaintPolicies may have NoExecute taints' },
  ...clientRateFlags.slice(0, 2),
  ...observabilityFlags(':8000'),
];

/** Of the member's API server, not the control plane's. */
const memberAccess: readonly FlagDefinition[] = [
  { name: 'kubeconfig', kind: 'text', help: 'Kubeconfig of the member cluster' },
  { name: 'context', kind: 'text', help: 'Context in it; its current one when absent' },
];

export const estimatorFlags: readonly FlagDefinition[] = [
  ...memberAccess,
  gates,
  { name: 'cluster-name', kind: 'text', help: 'Name of the member cluster it answers about' },
  { name: 'server-port', kind: 'whole', default: '10352', help: 'Where gRPC is served' },
  {
    name: 'bind-address',
    kind: 'text',
    help: 'Address to serve on; every one where clients must show a certificate, else 127.0.0.1',
  },
  { name: 'grpc-auth-cert-file', kind: 'text', help: 'Certificate that clients are shown; plain text when absent' },
  { name: 'grpc-auth-key-file', kind: 'text', help: 'Its key' },
  { name: 'grpc-client-ca-file', kind: 'text', help: "Who signs clients' certificates; they need one then" },
  { name: 'insecure-skip-grpc-client-verify', kind: 'switch', help: 'Let clients in that show no certificate' },
  { name: 'parallelism', kind: 'whole', default: '0', help: 'Accepted; nodes are counted one after the other' },
  { name: 'kube-api-qps', kind: 'number', default: '20', help: 'Accepted; clients adapt to what the server answers' },
  { name: 'kube-api-burst', kind: 'whole', default: '30', help: 'Accepted; clients adapt to what the server answers' },
  ...observabilityFlags(':10351'),
];
