/** What writes asks first: a person at a terminal, or `--yes`. */
import type { Call } from './command.ts';
import { CommandError } from './failure.ts';

/** The command has the switch `yes`. Throws CommandError where there is nobody to ask. */
export async function confirmed({ around, flags }: Call, question: string): Promise<boolean> {
  if (flags.on('yes')) return true;
  if (!around.errors.interactive) throw new CommandError('there is no terminal to ask on: give --yes to go ahead');
  return /^y(es)?$/i.test((await around.ask(`${question} [y/N] `)).trim());
}
