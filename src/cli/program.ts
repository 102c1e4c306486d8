/** From arguments to a command and its exit code. */
import { distance } from '#kube/names/distance.ts';
import { readCommandLine, UnknownFlagError } from '#world/process/flags.ts';
import { catalogue } from './catalogue/catalogue.ts';
import { connectionFlags } from './catalogue/flag-sets.ts';
import type { CommandDefinition } from './command.ts';
import { failureText } from './failure.ts';
import { commandHelp, groupHelp, programHelp, spokenName } from './help.ts';
import type { Surroundings } from './surroundings.ts';

const helpWords = new Set(['help', '--help', '-h']);

/** Answers the exit code; never throws. */
export async function runProgram(args: readonly string[], around: Surroundings): Promise<number> {
  const { program, output, errors } = around;
  try {
    const [name, ...rest] = leadingFlagsLast(args);
    if (name === undefined || helpWords.has(name)) {
      const asked = rest[0] === undefined ? undefined : find(rest[0]);
      if (asked?.subcommands) return await runSubcommand(asked, ['help'], around);
      output.write(asked && asked.flags !== 'own' ? commandHelp(program, asked) : programHelp(program, catalogue));
      return 0;
    }
    if (name === '--version') return await runProgram(['version', '--client', ...rest], around);
    const command = find(name);
    if (!command) {
      errors.write(unknownLeadingFlag(program, args) ?? unknownCommand(program, name));
      return 1;
    }
    return await runCommand(command, rest, around);
  } catch (error) {
    errors.write(failureText(error));
    return 1;
  }
}

/** `migrate plan`: the second word says which, with the help of all where there is none. */
async function runSubcommand(
  { name, subcommands = [] }: CommandDefinition,
  [word, ...rest]: readonly string[],
  around: Surroundings,
): Promise<number> {
  const { program, output, errors } = around;
  const known = subcommands.map((each) => ({ ...each, name: `${name} ${each.name}` }));
  if (word === undefined || helpWords.has(word)) {
    output.write(groupHelp(program, name, subcommands));
    return word === undefined ? 1 : 0;
  }
  const found = known.find((each) => each.name === `${name} ${word}`);
  if (found) return runCommand(found, rest, around);
  const spoken = `${spokenName(program)} ${name}`;
  const near = suggestion(
    subcommands.map((each) => each.name),
    word,
  );
  errors.write(`error: unknown command "${word}" for "${spoken}"\n${near}\nRun '${spoken} --help' for usage.\n`);
  return 1;
}

async function runCommand(command: CommandDefinition, args: readonly string[], around: Surroundings): Promise<number> {
  if (command.subcommands) return runSubcommand(command, args, around);
  const own = command.flags === 'own';
  if (!own && asksForHelp(args)) {
    around.output.write(commandHelp(around.program, command));
    return 0;
  }
  let line: ReturnType<typeof readCommandLine>;
  try {
    line = readCommandLine(command.flags === 'own' ? [] : command.flags, own ? [] : args);
  } catch (error) {
    const near = error instanceof UnknownFlagError ? suggestion(flagsOf(command), `--${error.flag}`) : '';
    const usage = `See '${spokenName(around.program)} ${command.name} --help' for usage.\n`;
    around.errors.write(`${failureText(error)}${near}${near && '\n'}${usage}`);
    return 1;
  }
  const run = await command.load!();
  return run({ around, args, ...line });
}

/** kubectl's users write `kubectl --context member1 get …`; flags before the command belong to it. */
function leadingFlagsLast(args: readonly string[]): readonly string[] {
  const at = args.findIndex((arg, i) => !arg.startsWith('-') && !takesNext(args[i - 1]));
  if (at <= 0) return args;
  return [...args.slice(at), ...args.slice(0, at)];
}

/** Flags that every command has, and so may stand before it; all of them need a value. */
const leading = connectionFlags.flatMap(({ name, short }) => [`--${name}`, ...(short ? [`-${short}`] : [])]);
const valued = new Set(leading);
const takesNext = (arg: string | undefined): boolean => arg !== undefined && valued.has(arg);

/** A flag that may not stand before a command: the word after it was most likely its value, and not the command. */
function unknownLeadingFlag(program: string, args: readonly string[]): string | undefined {
  const flag = args[0]!.split('=')[0]!;
  if (!flag.startsWith('--') || valued.has(flag)) return undefined;
  return `error: unknown flag: ${flag}\n${suggestion(leading, flag)}\nSee '${spokenName(program)} --help' for usage.\n`;
}

function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end < 0 ? args : args.slice(0, end)).some((arg) => arg === '--help' || arg === '-h');
}

const find = (name: string) => catalogue.find((command) => command.name === name || command.aliases?.includes(name));

function unknownCommand(program: string, name: string): string {
  const spoken = spokenName(program);
  const names = catalogue.map((command) => command.name);
  return `error: unknown command "${name}" for "${spoken}"\n${suggestion(names, name)}\nRun '${spoken} --help' for usage.\n`;
}

/** As cobra suggests: what differs in two letters at most; empty when there is nothing like it. */
function suggestion(names: readonly string[], given: string): string {
  const near = names.filter((each) => distance(each, given) <= 2);
  return near.length > 0 ? `\nDid you mean this?\n${near.map((each) => `\t${each}\n`).join('')}` : '';
}

const flagsOf = ({ flags }: CommandDefinition): readonly string[] =>
  flags === 'own' ? [] : flags.filter(({ hidden }) => !hidden).map(({ name }) => `--${name}`);
