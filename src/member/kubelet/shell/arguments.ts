/** Options in front of operands, as programs in containers take them: `-n 5`, `-n5`, `-rf`, `--`. Pure. */
import { ProgramError } from './process.ts';

export interface Arguments {
  readonly has: (option: string) => boolean;
  /** The last one given. */
  readonly value: (option: string) => string | undefined;
  readonly operands: readonly string[];
}

/** `flags` stand alone, `valued` take what follows. Throws ProgramError for others. */
export function readArguments(args: readonly string[], flags: string, valued = ''): Arguments {
  const found = new Map<string, string>();
  const operands: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const argument = args[i]!;
    if (argument === '--') {
      operands.push(...args.slice(i + 1));
      break;
    }
    if (!argument.startsWith('-') || argument === '-') {
      operands.push(argument);
      continue;
    }
    for (let at = 1; at < argument.length; at++) {
      const option = argument[at]!;
      if (flags.includes(option)) {
        found.set(option, '');
        continue;
      }
      if (!valued.includes(option))
        throw new ProgramError(`unrecognized option: ${argument.startsWith('--') ? argument.slice(2) : option}`);
      const value = argument.slice(at + 1) || args[++i];
      if (value === undefined) throw new ProgramError(`option requires an argument: ${option}`);
      found.set(option, value);
      break;
    }
  }
  return { has: (option) => found.has(option), value: (option) => found.get(option), operands };
}

/** Throws ProgramError. */
export function count(text: string): number {
  const number = Number(text);
  if (!/^[+-]?\d{1,12}$/.test(text)) throw new ProgramError(`invalid number '${text}'`);
  return number;
}
