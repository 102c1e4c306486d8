/** From arguments to a command and its exit code. */
import { readCommandLine } from '#world/process/flags.ts';
import { catalogue } from './catalogue/catalogue.ts';
import type { CommandDefinition } from './command.ts';
import { failureText } from './failure.ts';
import { commandHelp, programHelp, spokenName } from './help.ts';
import type { Surroundings } from './surroundings.ts';

const helpWords = new Set(['help', '--help', '-h']);

/** Answers the exit code; never throws. */
export async function runProgram(args: readonly string[], around: Surroundings): Promise<number> {
  const { program, output, errors } = around;
  try {
    const [name, ...rest] = leadingFlagsLast(args);
    if (name === undefined || helpWords.has(name)) {
      const asked = rest[0] === undefined ? undefined : find(rest[0]);
      output.write(asked && asked.flags !== 'own' ? commandHelp(program, asked) : programHelp(program, catalogue));
      return 0;
    }
    if (name === '--version') return await runProgram(['version', '--client', ...rest], around);
    const command = find(name);
    if (!command) {
      errors.write(unknownCommand(program, name));
      return 1;
    }
    return await runCommand(command, rest, around);
  } catch (error) {
    errors.write(failureText(error));
    return 1;
  }
}

async function runCommand(command: CommandDefinition, args: readonly string[], around: Surroundings): Promise<number> {
  const own = command.flags === 'own';
  if (!own && asksForHelp(args)) {
    around.output.write(commandHelp(around.program, command));
    return 0;
  }
  let line: ReturnType<typeof readCommandLine>;
  try {
    line = readCommandLine(command.flags === 'own' ? [] : command.flags, own ? [] : args);
  } catch (error) {
    around.errors.write(`${failureText(error)}See '${spokenName(around.program)} ${command.name} --help' for usage.\n`);
    return 1;
  }
  const run = await command.load();
  return run({ around, args, ...line });
}

/** kubectl's users write `kubectl --context member1 get …`; flags before the command belong to it. */
function leadingFlagsLast(args: readonly string[]): readonly string[] {
  const at = args.findIndex((arg, i) => !arg.startsWith('-') && !takesNext(args[i - 1]));
  if (at <= 0) return args;
  return [...args.slice(at), ...args.slice(0, at)];
}

/** Flags that every command has and that need a value. */
const valued = new Set(['--context', '--karmada-context', '--kubeconfig', '--namespace', '-n', '--as']);
const takesNext = (arg: string | undefined): boolean => arg !== undefined && valued.has(arg);

function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end < 0 ? args : args.slice(0, end)).some((arg) => arg === '--help' || arg === '-h');
}

const find = (name: string) => catalogue.find((command) => command.name === name || command.aliases?.includes(name));

function unknownCommand(program: string, name: string): string {
  const spoken = spokenName(program);
  const near = catalogue.map((command) => command.name).filter((each) => distance(each, name) <= 2);
  const hint = near.length > 0 ? `\nDid you mean this?\n${near.map((each) => `\t${each}\n`).join('')}` : '';
  return `error: unknown command "${name}" for "${spoken}"\n${hint}\nRun '${spoken} --help' for usage.\n`;
}

/** Letters to change, add or drop (Levenshtein), as cobra suggests. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
