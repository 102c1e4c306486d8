/** What is said of an object that was written: `deployment.apps/web created`, or the object itself. */
import type { DiscoveredResource } from '#client/mapper/mapper.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { Call } from '../command.ts';
import { CommandError } from '../failure.ts';
import { spokenObject } from '../targets/words.ts';
import { parseFormat } from './format.ts';
import { printObjects } from './objects.ts';

export type DryRun = 'none' | 'client' | 'server';

/** Throws CommandError in kubectl's words. */
export function dryRunOf({ flags }: Call): DryRun {
  const value = flags.text('dry-run');
  if (value === 'none' || value === 'client' || value === 'server') return value;
  throw new CommandError(`Invalid dry-run value (${value}). Must be "none", "server", or "client".`);
}

const suffixes: Readonly<Record<DryRun, string>> = { none: '', client: ' (dry run)', server: ' (server dry run)' };

/** Says what happened to one object; `done`: `created`. */
export type Say = (resource: DiscoveredResource, object: KubeObject, done: string) => void;

export function writtenPrinter(call: Call, dryRun: DryRun): Say {
  const format = parseFormat(call.flags.text('output'));
  if (format.form === 'table' && format.wide) throw new CommandError('output format "wide" is for get');
  let first = true;
  return (resource, object, done) => {
    const { output } = call.around;
    const name = spokenObject(resource, object.metadata.name ?? '');
    if (format.form === 'table') output.write(`${name} ${done}${suffixes[dryRun]}\n`);
    else if (format.form === 'name') output.write(`${name}\n`);
    else {
      const text = printObjects(format, { objects: [object], single: true, managedFields: false, headers: first });
      output.write(format.form === 'yaml' && !first ? `---\n${text}` : text);
    }
    first = false;
  };
}
