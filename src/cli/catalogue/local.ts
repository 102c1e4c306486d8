/** Commands that run Flotilla: everything in one process, or one component. */
import type { FlagDefinition } from '#world/process/flags.ts';
import type { CommandDefinition } from '../command.ts';
import type { ComponentCommand } from '../commands/component.ts';

const dataDirectoryFlag: FlagDefinition = {
  name: 'data-dir',
  kind: 'text',
  help: 'Where everything is kept; absent: ~/.flotilla',
};

const kubeconfigFolderFlag: FlagDefinition = {
  name: 'kubeconfig-dir',
  kind: 'text',
  help: 'Where karmada.config and members.config are written; absent: ~/.kube',
};

/** As kube-apiserver's of these names. */
const auditFlags: readonly FlagDefinition[] = [
  {
    name: 'audit-policy-file',
    kind: 'text',
    help: 'What the control plane records of the requests it is sent: a file with an audit.k8s.io/v1 Policy',
  },
  { name: 'audit-log-path', kind: 'text', help: 'The file that audit events are appended to, one a line' },
  {
    name: 'audit-log-maxsize',
    kind: 'whole',
    default: '100',
    help: 'Megabytes after which the audit log is put aside and a new one begun',
  },
  {
    name: 'audit-log-maxage',
    kind: 'whole',
    default: '0',
    help: 'Days after which an audit log that was put aside is removed; 0: never',
  },
  {
    name: 'audit-log-maxbackup',
    kind: 'whole',
    default: '0',
    help: 'How many audit logs that were put aside are kept; 0: all',
  },
];

/** They become part of the commands that karmada-host shows, and stay there for later starts. */
const componentFlags: readonly FlagDefinition[] = [
  {
    name: 'feature-gates',
    kind: 'texts',
    help: 'Gate=true|false pairs for all components; kept for later starts, like the flags below',
  },
  {
    name: 'scheduler-flags',
    kind: 'text',
    help: "Flags of karmada-scheduler: '--plugins=*,-ClusterLocality --enable-scheduler-estimator'",
  },
  { name: 'controller-manager-flags', kind: 'text', help: "Flags of karmada-controller-manager: '--controllers=*'" },
  { name: 'webhook-flags', kind: 'text', help: 'Flags of karmada-webhook' },
];

const component = (name: ComponentCommand, summary: string): CommandDefinition => ({
  name,
  group: 'Components',
  usage: '--kubeconfig FILE [flags]',
  summary,
  flags: 'own',
  load: async () => (await import('../commands/component.ts')).componentCommand(name),
});

export const localCommands: readonly CommandDefinition[] = [
  {
    name: 'up',
    group: 'Running Flotilla',
    usage: '[flags]',
    summary: 'Start the control plane and simulated member clusters, in one process',
    examples: ['up', 'up --members 20', 'up --detach'],
    flags: [
      { name: 'members', kind: 'whole', default: '2', help: 'How many simulated member clusters, at most 89' },
      dataDirectoryFlag,
      kubeconfigFolderFlag,
      { name: 'port', kind: 'whole', help: "The control plane's port; absent: the one of last time, else a free one" },
      { name: 'demo', kind: 'switch', help: 'With a sample application running in member1' },
      { name: 'detach', short: 'd', kind: 'switch', help: 'In the background; returns when everything is Ready' },
      { name: 'ephemeral', kind: 'switch', help: 'Keep nothing: objects live in memory only' },
      ...auditFlags,
      ...componentFlags,
      {
        name: 'anonymous-auth',
        kind: 'switch',
        default: 'true',
        help: 'People without credentials are system:anonymous; false: the control plane refuses them',
      },
      {
        name: 'service-account-issuer',
        kind: 'text',
        help: "Of the control plane's ServiceAccount tokens: an https URL that others look their keys up at",
      },
    ],
    load: async () => (await import('../commands/up.ts')).run,
  },
  {
    name: 'down',
    group: 'Running Flotilla',
    usage: '[flags]',
    summary: 'Stop what up started; everything is kept',
    flags: [dataDirectoryFlag],
    load: async () => (await import('../commands/down.ts')).run,
  },
  {
    name: 'status',
    group: 'Running Flotilla',
    usage: '[flags]',
    summary: 'What is up, behind, or failing',
    flags: [
      dataDirectoryFlag,
      { name: 'kubeconfig', kind: 'text', help: 'Path to the kubeconfig of the control plane' },
      { name: 'context', kind: 'text', help: 'Its context' },
      { name: 'karmada-context', kind: 'text', help: 'The same, as karmadactl calls it' },
      { name: 'namespace', kind: 'text', help: '', hidden: true },
      { name: 'as', kind: 'text', help: 'User to impersonate' },
      { name: 'as-group', kind: 'texts', help: 'Group to impersonate' },
      { name: 'output', short: 'o', kind: 'text', help: 'yaml, json' },
    ],
    load: async () => (await import('../commands/status.ts')).run,
  },
  {
    name: 'demo',
    group: 'Running Flotilla',
    usage: '[flags]',
    summary: 'Watch a running cluster being migrated, with nothing restarted',
    flags: [{ name: 'once', kind: 'switch', help: 'End after the closing table; fails when any Pod was restarted' }],
    load: async () => (await import('../commands/demo.ts')).run,
  },
  {
    name: 'env',
    group: 'Running Flotilla',
    usage: '[flags]',
    summary: 'Print what sets PATH and KUBECONFIG for what runs: eval "$(bin/flotilla env)"',
    flags: [dataDirectoryFlag, kubeconfigFolderFlag],
    load: async () => (await import('../commands/env.ts')).run,
  },
  component('controller-manager', 'Run karmada-controller-manager against any API server'),
  component('scheduler', 'Run karmada-scheduler against any API server'),
  component('scheduler-estimator', 'Run karmada-scheduler-estimator against a member cluster'),
  component('webhook', 'Run karmada-webhook'),
  {
    name: 'crds',
    group: 'Components',
    usage: '[flags]',
    summary: 'Print what a foreign API server needs first: CustomResourceDefinitions and webhook configurations',
    examples: ['crds --webhook-url https://10.0.0.5:8443 --ca-bundle ca.crt | kubectl apply --server-side -f -'],
    flags: [
      {
        name: 'webhook-url',
        kind: 'text',
        help: 'Where the API server reaches our webhook; absent: no configurations',
      },
      {
        name: 'ca-bundle',
        kind: 'text',
        help: "File with the certificate authority (PEM) of the webhook's certificate",
      },
    ],
    load: async () => (await import('../commands/crds.ts')).run,
  },
];
