/** `interpret`: checks customizations, tries them out on objects, and edits them, before they count. */
import type { Call } from '../command.ts';
import { CommandError } from '../failure.ts';

export async function run(call: Call): Promise<number> {
  const { flags } = call;
  if (flags.on('check') && flags.on('edit')) throw new CommandError("you can't set both --check and --edit options");
  if (flags.on('check')) return (await import('../interpret/check.ts')).check(call);
  if (flags.on('edit')) return (await import('../interpret/edit.ts')).edit(call);
  return (await import('../interpret/execute.ts')).execute(call);
}
