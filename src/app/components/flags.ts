/** A component's command line: from flags to settings, or to what Go's flag parser would print. */
import { parsePlugins } from '#flow/2-schedule/plan/settings.ts';
import { FlagError, type Flags, readCommandLine } from '#world/process/flags.ts';
import { controllerManagerFlags, estimatorFlags, schedulerFlags, webhookFlags } from './flag-tables.ts';
import {
  type ControllerManagerSettings,
  type EstimatorServerSettings,
  type EstimatorSettings,
  type FeatureGate,
  type FeatureGates,
  featureGates,
  type SchedulerSettings,
  type TaintEvictionSettings,
} from './settings.ts';

/** What every component's process needs beside its own settings. */
export interface ProcessSettings {
  readonly kubeconfig: string;
  readonly context: string;
  readonly leaderElection: {
    readonly enabled: boolean;
    readonly namespace: string;
    readonly leaseMs: number;
    readonly renewMs: number;
    readonly retryMs: number;
  };
  /** `host:port`, `:port`, or `0` for nowhere. */
  readonly metricsAddress: string;
  readonly healthAddress: string;
  readonly debug: boolean;
  readonly jsonLogs: boolean;
}

export interface WebhookSettings {
  readonly gates: FeatureGates;
  /** ClusterTaintPolicies may have NoExecute taints. */
  readonly allowsNoExecute: boolean;
  readonly address: string;
  readonly port: number;
  readonly certificate: string;
  readonly key: string;
}

export interface ComponentSettings {
  readonly 'karmada-controller-manager': ControllerManagerSettings & { readonly process: ProcessSettings };
  readonly 'karmada-scheduler': SchedulerSettings & { readonly process: ProcessSettings };
  readonly 'karmada-scheduler-estimator': EstimatorServerSettings & { readonly process: ProcessSettings };
  readonly 'karmada-webhook': WebhookSettings & { readonly process: ProcessSettings };
}

export type ComponentName = keyof ComponentSettings;

export type ParsedFlags<Name extends ComponentName> =
  | { readonly settings: ComponentSettings[Name]; readonly warnings: readonly string[] }
  /** As the component would print it before it ends. */
  | { readonly error: string };

export const flagTables = {
  'karmada-controller-manager': controllerManagerFlags,
  'karmada-scheduler': schedulerFlags,
  'karmada-scheduler-estimator': estimatorFlags,
  'karmada-webhook': webhookFlags,
} as const;

const debugFrom = 4;

function processSettings(flags: Flags, elects: boolean): ProcessSettings {
  return {
    kubeconfig: flags.text('kubeconfig'),
    context: flags.text('context'),
    leaderElection: {
      enabled: elects && flags.on('leader-elect'),
      namespace: elects ? flags.text('leader-elect-resource-namespace') : '',
      leaseMs: elects ? flags.milliseconds('leader-elect-lease-duration') : 0,
      renewMs: elects ? flags.milliseconds('leader-elect-renew-deadline') : 0,
      retryMs: elects ? flags.milliseconds('leader-elect-retry-period') : 0,
    },
    metricsAddress: flags.text('metrics-bind-address'),
    healthAddress: flags.text('health-probe-bind-address'),
    debug: flags.number('v') >= debugFrom,
    jsonLogs: flags.text('logging-format') === 'json',
  };
}

/** Stages as the reference has them: what AllAlpha and AllBeta switch. */
const beta: readonly FeatureGate[] = [
  'Failover',
  'GracefulEviction',
  'PropagateDeps',
  'CustomizedClusterResourceModeling',
  'ControllerPriorityQueue',
  'LoggingBetaOptions',
  'ContextualLogging',
];
const names = Object.keys(featureGates) as FeatureGate[];

/** `A=true,B=false`; later words go before earlier ones, single gates before AllAlpha and AllBeta. */
function gatesFrom(words: readonly string[]): FeatureGates {
  const gates: Record<FeatureGate, boolean> = { ...featureGates };
  const single = new Map<FeatureGate, boolean>();
  for (const word of words) {
    const [, name = '', text = ''] = /^([^=]*)=?(.*)$/.exec(word.trim())!;
    if (!/^(true|false|t|f|1|0)$/i.test(text)) {
      throw new FlagError(
        text === ''
          ? `invalid argument "${word}" for "--feature-gates" flag: missing bool value for ${name}`
          : `invalid argument "${word}" for "--feature-gates" flag: invalid value of ${name}=${text}, err: strconv.ParseBool: parsing "${text}": invalid syntax`,
      );
    }
    const on = /^(true|t|1)$/i.test(text);
    if (name === 'AllAlpha') for (const gate of names) gates[gate] = beta.includes(gate) ? gates[gate] : on;
    else if (name === 'AllBeta') for (const gate of beta) gates[gate] = on;
    else if (names.includes(name as FeatureGate)) single.set(name as FeatureGate, on);
    else
      throw new FlagError(`invalid argument "${word}" for "--feature-gates" flag: unrecognized feature gate: ${name}`);
  }
  return { ...gates, ...Object.fromEntries(single) };
}

function checkedPatterns(patterns: readonly string[]): readonly string[] {
  for (const pattern of patterns) {
    try {
      new RegExp(pattern);
    } catch (error) {
      throw new FlagError(
        `invalid argument "${pattern}" for "--skipped-propagating-namespaces" flag: ${(error as Error).message}`,
      );
    }
  }
  return patterns;
}

function pluginsFrom(words: readonly string[]): SchedulerSettings['plugins'] {
  try {
    return parsePlugins(words);
  } catch (error) {
    throw new FlagError(`invalid argument "${words.join(',')}" for "--plugins" flag: ${(error as Error).message}`);
  }
}

/** The text as the reference's validation has it. */
function taintEvictionFrom(flags: Flags): TaintEvictionSettings {
  const purgeMode = flags.text('no-execute-taint-eviction-purge-mode');
  if (purgeMode !== 'Gracefully' && purgeMode !== 'Directly') {
    const at = 'FailoverOptions.NoExecuteTaintEvictionPurgeMode';
    throw new FlagError(`${at}: Invalid value: ${JSON.stringify(purgeMode)}: Invalid mode`);
  }
  return { purgeMode, perSecond: flags.number('resource-eviction-rate') };
}

const highestPort = 65_535;

function estimatorFrom(flags: Flags): EstimatorSettings {
  const port = flags.number('scheduler-estimator-port');
  if (port < 1 || port > highestPort) {
    const allowed = `must be from 1 to ${highestPort}`;
    throw new FlagError(`invalid argument "${port}" for "--scheduler-estimator-port" flag: ${allowed}`);
  }
  const [certFile, keyFile] = [flags.text('scheduler-estimator-cert-file'), flags.text('scheduler-estimator-key-file')];
  if ((certFile === '') !== (keyFile === ''))
    throw new FlagError('--scheduler-estimator-cert-file and --scheduler-estimator-key-file are given together');
  return {
    timeoutMs: flags.milliseconds('scheduler-estimator-timeout'),
    port,
    serviceNamespace: flags.text('scheduler-estimator-service-namespace'),
    servicePrefix: flags.text('scheduler-estimator-service-prefix'),
    certFile,
    keyFile,
    caFile: flags.text('scheduler-estimator-ca-file'),
    skipsVerification: flags.on('insecure-skip-estimator-verify'),
    skipsPullMode: flags.on('disable-scheduler-estimator-in-pull-mode'),
  };
}

/** Texts as the reference's validation has them. */
function estimatorServerFrom(flags: Flags): Omit<EstimatorServerSettings, 'gates'> {
  const [cluster, port] = [flags.text('cluster-name'), flags.number('server-port')];
  if (cluster === '') throw new FlagError('Options.ClusterName: Invalid value: "": clusterName cannot be empty');
  if (port < 0 || port > highestPort)
    throw new FlagError(
      `Options.ServerPort: Invalid value: ${port}: must be a valid port between 0 and ${highestPort} inclusive`,
    );
  return {
    cluster,
    address: flags.text('bind-address'),
    port,
    certFile: flags.text('grpc-auth-cert-file'),
    keyFile: flags.text('grpc-auth-key-file'),
    clientCaFile: flags.text('grpc-client-ca-file'),
    skipsClientVerification: flags.on('insecure-skip-grpc-client-verify'),
  };
}

const settingsFrom: { readonly [Name in ComponentName]: (flags: Flags) => ComponentSettings[Name] } = {
  'karmada-controller-manager': (flags) => ({
    process: processSettings(flags, true),
    gates: gatesFrom(flags.texts('feature-gates')),
    controllers: flags.texts('controllers'),
    clusterStatusFrequencyMs: flags.milliseconds('cluster-status-update-frequency'),
    clusterSuccessThresholdMs: flags.milliseconds('cluster-success-threshold'),
    clusterFailureThresholdMs: flags.milliseconds('cluster-failure-threshold'),
    resourceModeling: flags.on('enable-cluster-resource-modeling'),
    gracefulEvictionTimeoutMs: flags.milliseconds('graceful-eviction-timeout'),
    ...(flags.on('enable-no-execute-taint-eviction') ? { taintEviction: taintEvictionFrom(flags) } : {}),
    quotaResyncMs: flags.milliseconds('federated-resource-quota-sync-period'),
    skippedApis: flags.text('skipped-propagating-apis'),
    skippedNamespaces: checkedPatterns(flags.texts('skipped-propagating-namespaces')),
  }),
  'karmada-scheduler': (flags) => ({
    process: processSettings(flags, true),
    gates: gatesFrom(flags.texts('feature-gates')),
    schedulerName: flags.text('scheduler-name'),
    plugins: pluginsFrom(flags.texts('plugins')),
    emptyWorkloads: flags.on('enable-empty-workload-propagation'),
    ...(flags.on('enable-scheduler-estimator') ? { estimator: estimatorFrom(flags) } : {}),
  }),
  'karmada-scheduler-estimator': (flags) => ({
    process: processSettings(flags, false),
    gates: gatesFrom(flags.texts('feature-gates')),
    ...estimatorServerFrom(flags),
  }),
  'karmada-webhook': (flags) => {
    const folder = flags.text('cert-dir');
    return {
      process: processSettings(flags, false),
      gates: gatesFrom(flags.texts('feature-gates')),
      allowsNoExecute: flags.on('allow-no-execute-taint-policy'),
      address: flags.text('bind-address'),
      port: flags.number('secure-port'),
      certificate: `${folder}/${flags.text('tls-cert-file-name')}`,
      key: `${folder}/${flags.text('tls-private-key-file-name')}`,
    };
  },
};

/** `args` without the program's name. */
export function parseComponentFlags<Name extends ComponentName>(
  component: Name,
  args: readonly string[],
): ParsedFlags<Name> {
  const table = flagTables[component];
  try {
    const { flags, words } = readCommandLine(table, args);
    if (words.length > 0) return { error: `unknown command "${words[0]}" for "${component}"` };
    const warnings = table
      .filter((flag) => flag.retired !== undefined && flags.given(flag.name))
      .map((flag) => `flag --${flag.name} has been deprecated, ${flag.retired}`);
    return { settings: settingsFrom[component](flags), warnings };
  } catch (error) {
    if (error instanceof FlagError) return { error: error.message };
    throw error;
  }
}
