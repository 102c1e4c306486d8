/** Commands that say why things are as they are, and what a change would do. */
import type { CommandDefinition } from '../command.ts';
import { connectionFlags, fileFlags } from './flag-sets.ts';

const reportFlag = {
  name: 'output',
  short: 'o',
  kind: 'text',
  help: 'json or yaml; a report for people when absent',
} as const;

const previewCommand: CommandDefinition = {
  name: 'preview',
  group: 'Troubleshooting and Debugging Commands',
  usage: '[-f FILE] [--delete KIND/NAME] [flags]',
  summary: 'Say what new, changed or deleted policies would do, template by template; nothing is written',
  examples: [
    'policy preview -f policy.yaml',
    'policy preview -f policies/ -R -o json',
    'policy preview --delete overridepolicy/web -n shop',
  ],
  flags: [
    ...connectionFlags,
    ...fileFlags,
    { name: 'delete', kind: 'texts', help: 'KIND/NAME of policies that would be deleted, those of -f apart' },
    {
      name: 'preemption',
      kind: 'switch',
      default: 'true',
      help: 'The gate PropagationPolicyPreemption of the control plane; =false where it is off',
    },
    reportFlag,
  ],
  load: async () => (await import('../commands/policy/preview.ts')).run,
};

export const insightCommands: readonly CommandDefinition[] = [
  {
    name: 'why',
    group: 'Troubleshooting and Debugging Commands',
    usage: '(KIND NAME | KIND/NAME) [flags]',
    summary: 'Say what keeps an object from the clusters, or that nothing does, and the command that mends it',
    examples: [
      'why deployment/web -n shop',
      'why pod/web-7d9c5b7c4-x2x4k -n shop -C member1',
      'why propagationpolicy/web -n shop',
      'why cluster/member1 -o json',
    ],
    flags: [
      ...connectionFlags,
      { name: 'clusters', short: 'C', kind: 'texts', help: 'The member whose object is meant' },
      reportFlag,
    ],
    load: async () => (await import('../commands/why.ts')).run,
  },
  {
    name: 'policy',
    group: 'Troubleshooting and Debugging Commands',
    usage: 'COMMAND [flags]',
    summary: 'See what policies would do before they are applied',
    flags: 'own',
    subcommands: [previewCommand],
  },
];
