/** What a command is: a row of the catalogue, and the function behind it that is loaded when it is called. */
import type { FlagDefinition, Flags } from '#world/process/flags.ts';
import type { Surroundings } from './surroundings.ts';

/** One call of a command, its command line read. */
export interface Call {
  readonly around: Surroundings;
  readonly flags: Flags;
  readonly words: readonly string[];
  /** What stood after the command's name, unread. */
  readonly args: readonly string[];
}

/** Answers the exit code; what it throws is said in one way for all commands (failure.ts). */
export type Run = (call: Call) => Promise<number>;

export const commandGroups = [
  'Running Flotilla',
  'Basic Commands',
  'Migration Commands',
  'Cluster Registration Commands',
  'Cluster Management Commands',
  'Troubleshooting and Debugging Commands',
  'Advanced Commands',
  'Settings Commands',
  'Components',
  'Other Commands',
] as const;

export interface CommandDefinition {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly group: (typeof commandGroups)[number];
  /** After the name in the usage line: `NAME --cluster-kubeconfig FILE`. */
  readonly usage: string;
  /** One line. */
  readonly summary: string;
  readonly examples?: readonly string[];
  /** `own`: the command reads its arguments itself, help included. */
  readonly flags: readonly FlagDefinition[] | 'own';
  /** Absent where there are subcommands. */
  readonly load?: () => Promise<Run>;
  /** What may stand after its name: `plan` of `migrate plan`. Such a command does nothing by itself. */
  readonly subcommands?: readonly CommandDefinition[];
}
