/** Commands on objects. */
import type { FlagDefinition } from '#world/process/flags.ts';
import type { CommandDefinition } from '../command.ts';
import {
  clusterFlags,
  connectionFlags,
  dryRunFlag,
  fileFlags,
  managerFlag,
  outputFlag,
  selectorFlags,
  validateFlag,
  writtenOutputFlag,
} from './flag-sets.ts';

const saveConfigFlag: FlagDefinition = {
  name: 'save-config',
  kind: 'switch',
  help: 'Keep the manifest in an annotation, for a later apply',
};

const resourceWords = '(TYPE[.VERSION][.GROUP] [NAME …] | TYPE/NAME … | -f FILE) [flags]';

export const basicCommands: readonly CommandDefinition[] = [
  {
    name: 'get',
    group: 'Basic Commands',
    usage: resourceWords,
    summary: 'Display one or many resources of the control plane and of member clusters',
    examples: ['get deploy,svc', 'get rb -A -o wide', 'get pods --operation-scope members', 'get deploy -C member1'],
    flags: [
      ...connectionFlags,
      ...selectorFlags,
      ...fileFlags,
      ...clusterFlags,
      outputFlag,
      { name: 'watch', short: 'w', kind: 'switch', help: 'After listing, watch for changes' },
      { name: 'watch-only', kind: 'switch', help: 'Watch for changes without listing first' },
      { name: 'output-watch-events', kind: 'switch', help: 'A column with the type of each event' },
      { name: 'no-headers', kind: 'switch', help: 'Tables without their first line' },
      { name: 'show-labels', kind: 'switch', help: 'A last column with all labels' },
      { name: 'show-kind', kind: 'switch', help: 'Names with their type before them' },
      { name: 'label-columns', short: 'L', kind: 'texts', help: 'Labels that get a column of their own' },
      { name: 'sort-by', kind: 'text', help: 'JSONPath of the field to sort by: .metadata.name' },
      { name: 'show-managed-fields', kind: 'switch', help: 'Keep managedFields in YAML and JSON' },
    ],
    load: async () => (await import('../commands/get.ts')).run,
  },
  {
    name: 'describe',
    group: 'Troubleshooting and Debugging Commands',
    usage: '(TYPE [NAME …] | TYPE/NAME … | -f FILE) [flags]',
    summary: 'Show details of one or many resources, with their events',
    examples: ['describe deploy nginx-deploy', 'describe rb', 'describe deploy nginx-deploy -C member1'],
    flags: [
      ...connectionFlags,
      ...selectorFlags,
      ...fileFlags,
      ...clusterFlags,
      { name: 'show-events', kind: 'switch', default: 'true', help: 'The events of each object' },
    ],
    load: async () => (await import('../commands/describe.ts')).run,
  },
  {
    name: 'create',
    group: 'Basic Commands',
    usage: '-f FILE | namespace NAME [flags]',
    summary: 'Create resources from files or standard input, or a namespace by name',
    flags: [
      ...connectionFlags,
      ...fileFlags,
      dryRunFlag,
      writtenOutputFlag,
      validateFlag,
      managerFlag('kubectl-create'),
      saveConfigFlag,
    ],
    load: async () => (await import('../commands/create.ts')).run,
  },
  {
    name: 'replace',
    group: 'Basic Commands',
    usage: '-f FILE [flags]',
    summary: 'Replace resources by those of files or standard input',
    flags: [
      ...connectionFlags,
      ...fileFlags,
      dryRunFlag,
      writtenOutputFlag,
      validateFlag,
      managerFlag('kubectl-replace'),
      saveConfigFlag,
    ],
    load: async () => (await import('../commands/replace.ts')).run,
  },
  {
    name: 'delete',
    group: 'Basic Commands',
    usage: '(-f FILE | TYPE [NAME …] | TYPE/NAME …) [flags]',
    summary: 'Delete resources by files, names, or selectors',
    flags: [
      ...connectionFlags,
      ...selectorFlags,
      ...fileFlags,
      dryRunFlag,
      writtenOutputFlag,
      { name: 'all', kind: 'switch', help: 'All of the type in the namespace' },
      { name: 'wait', kind: 'switch', default: 'true', help: 'Wait until they are gone' },
      { name: 'timeout', kind: 'duration', default: '0s', help: 'How long to wait; 0 for as long as it takes' },
      {
        name: 'cascade',
        kind: 'text',
        default: 'background',
        bare: 'background',
        help: 'What becomes of dependents: background, foreground, orphan',
      },
      { name: 'grace-period', kind: 'whole', default: '-1', help: 'Seconds to end gracefully; -1: as the object says' },
      { name: 'now', kind: 'switch', help: 'The same as --grace-period=1' },
      { name: 'force', kind: 'switch', help: 'At once: the same as --grace-period=0' },
    ],
    load: async () => (await import('../commands/delete.ts')).run,
  },
];
