/** Commands on the fleet. */
import type { CommandDefinition } from '../command.ts';
import { connectionFlags } from './flag-sets.ts';

const memberFlags = [
  { name: 'cluster-kubeconfig', kind: 'text', help: "The kubeconfig of the member; absent: --kubeconfig's" },
  { name: 'cluster-context', kind: 'text', help: 'The context of the member; absent: its current one' },
  {
    name: 'cluster-namespace',
    kind: 'text',
    default: 'karmada-cluster',
    help: 'The namespace of accounts and secrets, in the member and in the control plane',
  },
] as const;

const dryRun = { name: 'dry-run', kind: 'switch', help: 'Say what would be done, and change nothing' } as const;

const cordoning = (name: 'cordon' | 'uncordon', summary: string): CommandDefinition => ({
  name,
  group: 'Cluster Management Commands',
  usage: 'CLUSTER [flags]',
  summary,
  flags: [...connectionFlags, dryRun],
  load: async () => (await import('../commands/cordon.ts')).cordoner(name),
});

export const clusterCommands: readonly CommandDefinition[] = [
  {
    name: 'join',
    group: 'Cluster Registration Commands',
    usage: 'CLUSTER --cluster-kubeconfig FILE [flags]',
    summary: 'Take a cluster under management; nothing in it is changed but an account for the control plane',
    flags: [
      ...connectionFlags,
      ...memberFlags,
      dryRun,
      { name: 'cluster-provider', kind: 'text', help: 'Who runs it' },
      { name: 'cluster-region', kind: 'text', help: 'Where it is' },
      { name: 'cluster-zones', kind: 'texts', help: 'The zones it spans' },
    ],
    load: async () => (await import('../commands/join.ts')).run,
  },
  {
    name: 'unjoin',
    group: 'Cluster Registration Commands',
    usage: 'CLUSTER [--cluster-kubeconfig FILE] [flags]',
    summary: 'Let a cluster go; its workloads stay unless told otherwise',
    flags: [
      ...connectionFlags,
      ...memberFlags,
      dryRun,
      { name: 'delete-workloads', kind: 'switch', help: 'Delete in the cluster what was propagated to it' },
      { name: 'wait', kind: 'duration', default: '1m0s', help: 'How long to wait until it is gone' },
    ],
    load: async () => (await import('../commands/unjoin.ts')).run,
  },
  cordoning('cordon', 'Mark a cluster as unschedulable'),
  cordoning('uncordon', 'Mark a cluster as schedulable'),
  {
    name: 'taint',
    group: 'Cluster Management Commands',
    usage: 'clusters NAME … KEY=VALUE:EFFECT … KEY:EFFECT- … [flags]',
    summary: 'Set or remove taints of clusters',
    examples: ['taint clusters member1 dedicated=infra:NoSchedule', 'taint clusters member1 dedicated:NoSchedule-'],
    flags: [
      ...connectionFlags,
      dryRun,
      { name: 'overwrite', kind: 'switch', help: 'Change taints that are there already' },
    ],
    load: async () => (await import('../commands/taint.ts')).run,
  },
];
