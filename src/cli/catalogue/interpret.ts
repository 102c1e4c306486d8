/** The command that tries interpreter customizations out. */
import type { FlagDefinition } from '#world/process/flags.ts';
import type { CommandDefinition } from '../command.ts';
import { connectionFlags, fileFlags } from './flag-sets.ts';

const file = (name: string, what: string): FlagDefinition => ({
  name,
  kind: 'text',
  help: `File with ${what}; - is standard input`,
});

export const interpretCommands: readonly CommandDefinition[] = [
  {
    name: 'interpret',
    group: 'Troubleshooting and Debugging Commands',
    usage: '(-f FILE | NAME …) (--check | --edit | --operation OPERATION [flags])',
    summary: 'Check, try out and edit what a kind means, before it counts',
    examples: [
      'interpret -f customization.yaml --check',
      'interpret -f customization.yaml --operation InterpretReplica --desired-file desired.yaml',
      'interpret -f customization.yaml --operation ReviseReplica --desired-file desired.yaml --desired-replica 2',
      'interpret -f customization.yaml --operation Retain --desired-file desired.yaml --observed-file observed.yaml',
      'interpret -f customization.yaml --operation AggregateStatus --observed-file observed.yaml --status-file status.yaml',
      'interpret -f customization.yaml --edit --show-doc',
      'interpret workload --edit',
    ],
    flags: [
      ...connectionFlags,
      ...fileFlags,
      {
        name: 'operation',
        kind: 'text',
        help:
          'One of Retain, InterpretReplica, InterpretComponent, ReviseReplica, InterpretStatus, AggregateStatus, ' +
          'InterpretHealth, InterpretDependency, in upper or lower case',
      },
      { name: 'check', kind: 'switch', help: 'Whether the customizations hold and their scripts can be run' },
      { name: 'edit', kind: 'switch', help: 'Edit one with $KUBE_EDITOR or $EDITOR; saved where it came from' },
      { name: 'show-doc', kind: 'switch', help: 'With --edit: what each script is for' },
      file('desired-file', 'the object that scripts are given as desiredObj'),
      file('observed-file', 'the object that scripts are given as observedObj'),
      file('status-file', 'what each cluster says: documents of clusterName, status, health'),
      { name: 'desired-replica', kind: 'whole', default: '0', help: 'How many replicas ReviseReplica is to set' },
      { name: 'output', short: 'o', kind: 'text', help: 'yaml, json' },
    ],
    load: async () => (await import('../commands/interpret.ts')).run,
  },
];
