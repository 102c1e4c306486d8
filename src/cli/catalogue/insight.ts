/** Commands that say why things are as they are, and what a change would do. */
import type { CommandDefinition } from '../command.ts';
import { connectionFlags } from './flag-sets.ts';

const reportFlag = {
  name: 'output',
  short: 'o',
  kind: 'text',
  help: 'json or yaml; a report for people when absent',
} as const;

export const insightCommands: readonly CommandDefinition[] = [
  {
    name: 'why',
    group: 'Troubleshooting and Debugging Commands',
    usage: '(KIND NAME | KIND/NAME) [flags]',
    summary: 'Say what keeps an object from the clusters, or that nothing does, and the command that mends it',
    examples: ['why deployment/web -n shop', 'why pod web-7d9c5b7c4-x2x4k -n shop', 'why clusterrole reader -o json'],
    flags: [...connectionFlags, reportFlag],
    load: async () => (await import('../commands/why.ts')).run,
  },
];
