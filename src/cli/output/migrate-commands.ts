/** Commands of a migration that a person is to type next, as a shell takes them. */
import type { MigrationPlan } from '#migrate/model.ts';
import { quoted } from './shell.ts';

/** `apply` and the like, of a plan's folder as it was given. */
export const migrateCommand = (command: string, folder: string, ...flags: readonly string[]): string =>
  ['flotilla migrate', command, quoted(folder), ...flags].join(' ');

/** Makes the same plan, of what is there now. */
export function planCommand(
  { from, to, scope }: MigrationPlan['spec'],
  folder: string,
  ...flags: readonly string[]
): string {
  const { namespaces = [], labelSelector, kinds = [], closure } = scope;
  return [
    'flotilla migrate plan',
    `--from ${quoted(from.cluster)}`,
    ...(namespaces.length > 0 ? [`-n ${quoted(namespaces.join(','))}`] : []),
    ...(labelSelector ? [`-l ${quoted(labelSelector)}`] : []),
    ...(kinds.length > 0 ? [`--kinds ${quoted(kinds.join(','))}`] : []),
    ...(to.length > 1 ? [`--to ${quoted(to.join(','))}`] : []),
    ...(closure ? ['--with-closure'] : []),
    `--out ${quoted(folder)}`,
    ...flags,
  ].join(' ');
}

/** In place of the one that the folder holds. */
export const planAgain = (spec: MigrationPlan['spec'], folder: string): string => planCommand(spec, folder, '--force');
