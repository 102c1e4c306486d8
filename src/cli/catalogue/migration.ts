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
    { name: 'out', kind: 'text', help: "The plan's folder" },
    { name: 'force', kind: 'switch', help: 'Replace a plan that the folder holds' },
    reportFlag,
  ],
  load: async () => (await import('../commands/migrate/plan.ts')).run,
};

const withoutNamespace = connectionFlags.filter(({ name }) => name !== 'namespace');

const statusCommand: CommandDefinition = {
  name: 'status',
  group: 'Migration Commands',
  usage: 'DIR [flags]',
  summary: 'Say how far a migration is, wave by wave, and what failed',
  examples: ['migrate status plans/member1', 'migrate status plans/member1 --watch'],
  flags: [
    ...withoutNamespace,
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
  flags: [...withoutNamespace, reportFlag],
  load: async () => (await import('../commands/migrate/list.ts')).run,
};

const _verifyCommand: CommandDefinition = {
  name: 'verify',
  group: 'Migration Commands',
  usage: 'DIR [flags]',
  summary: 'Prove that everything runs as it did before, and is under management; says what differs where it does not',
  examples: ['migrate verify plans/member1', 'migrate verify plans/member1 -o json'],
  flags: [...connectionFlags, reportFlag],
  load: async () => (await import('../commands/migrate/verify.ts')).run,
};

export const migrationCommands: readonly CommandDefinition[] = [
  {
    name: 'migrate',
    group: 'Migration Commands',
    usage: 'COMMAND [flags]',
    summary: 'Take a running cluster under management: plan, and see what it would do',
    flags: 'own',
    subcommands: [planCommand, statusCommand, listCommand],
  },
];
