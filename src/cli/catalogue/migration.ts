/** Commands that take a running cluster under management, and prove it, and go back. */
import type { CommandDefinition } from '../command.ts';
import { connectionFlags } from './flag-sets.ts';

const reportFlag = {
  name: 'output',
  short: 'o',
  kind: 'text',
  help: 'json or yaml; a report for people when absent',
} as const;

const namespaces = {
  name: 'namespace',
  short: 'n',
  kind: 'text',
  help: 'Of these namespaces: shop,blog; absent: of all, and cluster-wide objects',
} as const;

const planCommand: CommandDefinition = {
  name: 'plan',
  group: 'Migration Commands',
  usage: '--from CLUSTER --out DIR [flags]',
  summary: 'Read a running cluster and say what taking it over would do, object by object; nothing is written to it',
  examples: [
    'migrate plan --from member1 --out plans/member1',
    'migrate plan --from member1 -n shop --to member1,member2 --out plans/shop',
    'migrate plan --from member1 -l app=web --kinds deployments,services,configmaps --out plans/web',
  ],
  flags: [
    ...connectionFlags.map((flag) => (flag.name === 'namespace' ? namespaces : flag)),
    {
      name: 'from',
      kind: 'text',
      help: 'The running cluster: the name of a Cluster, else a context of the kubeconfig, so that a plan can be made before join',
    },
    { name: 'to', kind: 'texts', help: 'The clusters that are to have it; absent: the running cluster alone' },
    { name: 'all-namespaces', short: 'A', kind: 'switch', help: 'Of all namespaces, as without -n' },
    { name: 'selector', short: 'l', kind: 'text', help: 'Label selector: app=web,tier!=front' },
    { name: 'kinds', kind: 'texts', help: 'Of these kinds or resources: deployments,configmaps' },
    {
      name: 'with-closure',
      kind: 'switch',
      help: 'Take what belongs to these in too: Services, autoscalers, configuration, rights and whatever else they need',
    },
    { name: 'show-skipped', kind: 'switch', help: 'Name each object that is left where it is, and why' },
    { name: 'out', kind: 'text', help: "The plan's folder" },
    { name: 'force', kind: 'switch', help: 'Replace a plan that the folder holds' },
    reportFlag,
  ],
  load: async () => (await import('../commands/migrate/plan.ts')).run,
};

const rehearseCommand: CommandDefinition = {
  name: 'rehearse',
  group: 'Migration Commands',
  usage: 'DIR [flags]',
  summary: 'Run a plan on a copy of its clusters in this process: apply, verify, lose a cluster, roll back',
  examples: [
    'migrate rehearse plans/member1',
    'migrate rehearse plans/member1 --lose member2 --evict',
    'migrate rehearse plans/member1 --rate 20 -o json',
  ],
  flags: [
    ...connectionFlags,
    { name: 'rate', kind: 'whole', default: '50', help: 'API calls a second that each cluster is to be asked' },
    { name: 'lose', kind: 'text', help: 'The cluster that is lost for a while; absent: the second one of the plan' },
    {
      name: 'evict',
      kind: 'switch',
      help: 'Workloads leave the lost cluster, also where the control plane is not set up to have them leave',
    },
    {
      name: 'controller-manager-flags',
      kind: 'text',
      help: 'Flags of karmada-controller-manager; absent: as its Deployment in the context karmada-host shows them',
    },
    { name: 'scheduler-flags', kind: 'text', help: 'Flags of karmada-scheduler; absent: likewise' },
    reportFlag,
  ],
  load: async () => (await import('../commands/migrate/rehearse.ts')).run,
};

const yesFlag = { name: 'yes', short: 'y', kind: 'switch', help: 'Ask nothing; needed without a terminal' } as const;

const applyCommand: CommandDefinition = {
  name: 'apply',
  group: 'Migration Commands',
  usage: 'DIR [flags]',
  summary: 'Take over what a plan says, wave by wave, and stop where a Pod would be replaced',
  examples: [
    'migrate apply plans/member1',
    'migrate apply plans/member1 --wave-size 50 --pause-after 3',
    'migrate apply plans/member1 --resume',
  ],
  flags: [
    ...connectionFlags,
    { name: 'wave-size', kind: 'whole', help: 'Objects written and waited for at a time; absent: a whole wave' },
    {
      name: 'max-failures',
      kind: 'whole',
      default: '0',
      help: 'How many objects may fail before their wave is rolled back',
    },
    { name: 'pause-after', kind: 'whole', help: 'Stop once this wave is applied' },
    { name: 'resume', kind: 'switch', help: 'Go on with what was begun' },
    {
      name: 'allow-restart',
      kind: 'texts',
      help: 'KIND/NAMESPACE/NAME whose Pods may be restarted; left out otherwise where they would be',
    },
    {
      name: 'drop',
      kind: 'texts',
      help: 'KIND/NAMESPACE/NAME that are to lose in the cluster what their templates lack; kept otherwise',
    },
    {
      name: 'overwrite',
      kind: 'texts',
      help: 'KIND/NAMESPACE/NAME that other clusters of the plan have already, and that may be changed there',
    },
    {
      name: 'timeout',
      kind: 'duration',
      default: '1m',
      help: 'Without any progress for this long, what is not taken over has failed',
    },
    yesFlag,
    reportFlag,
  ],
  load: async () => (await import('../commands/migrate/apply.ts')).run,
};

const rollbackCommand: CommandDefinition = {
  name: 'rollback',
  group: 'Migration Commands',
  usage: 'DIR [flags]',
  summary: 'Give back what a plan has taken over, as it was kept: all of it, a wave or an object; no Pod is touched',
  examples: [
    'migrate rollback plans/member1 --dry-run',
    'migrate rollback plans/member1 --wave 6',
    'migrate rollback plans/member1 --object Deployment/shop/web',
  ],
  flags: [
    ...connectionFlags,
    { name: 'wave', kind: 'whole', help: 'This wave only' },
    { name: 'object', kind: 'text', help: 'This object only: KIND/NAMESPACE/NAME' },
    { name: 'dry-run', kind: 'switch', help: 'Say what would be taken off and given back, and do nothing' },
    {
      name: 'remove-copies',
      kind: 'switch',
      help: 'Delete what the plan made in other clusters; otherwise it stays there, let go',
    },
    {
      name: 'timeout',
      kind: 'duration',
      default: '1m',
      help: 'Without any progress for this long, what is not let go has failed',
    },
    yesFlag,
    reportFlag,
  ],
  load: async () => (await import('../commands/migrate/rollback.ts')).run,
};

const statusCommand: CommandDefinition = {
  name: 'status',
  group: 'Migration Commands',
  usage: 'DIR [flags]',
  summary: 'Say how far a migration is, wave by wave, and what failed',
  examples: ['migrate status plans/member1', 'migrate status plans/member1 --watch'],
  flags: [
    ...connectionFlags,
    { name: 'watch', short: 'w', kind: 'switch', help: 'Tell every change until it is over' },
    reportFlag,
  ],
  load: async () => (await import('../commands/migrate/status.ts')).run,
};

const listCommand: CommandDefinition = {
  name: 'list',
  group: 'Migration Commands',
  usage: '[flags]',
  summary: 'List the migrations that the control plane has a record of',
  flags: [...connectionFlags, reportFlag],
  load: async () => (await import('../commands/migrate/list.ts')).run,
};

const verifyCommand: CommandDefinition = {
  name: 'verify',
  group: 'Migration Commands',
  usage: 'DIR [flags]',
  summary: 'Prove that everything runs as it did before, and is under management; says what differs where it does not',
  examples: [
    'migrate verify plans/member1',
    'migrate verify plans/member1 -o json > report.json',
    'migrate verify plans/member1 --check plans/member1/evidence/report.json',
  ],
  flags: [
    ...connectionFlags,
    {
      name: 'check',
      kind: 'text',
      help: 'A report of verify: say whether it is of the evidence in DIR, and as it was written; looks into no cluster',
    },
    reportFlag,
  ],
  load: async () => (await import('../commands/migrate/verify.ts')).run,
};

export const migrationCommands: readonly CommandDefinition[] = [
  {
    name: 'migrate',
    group: 'Migration Commands',
    usage: 'COMMAND [flags]',
    summary: 'Take a running cluster under management: plan, rehearse, apply, prove, go back',
    flags: 'own',
    subcommands: [
      planCommand,
      rehearseCommand,
      applyCommand,
      verifyCommand,
      rollbackCommand,
      statusCommand,
      listCommand,
    ],
  },
];
