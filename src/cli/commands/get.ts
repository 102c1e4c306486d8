/** `get`: one or many resources, of the control plane, of members, or of both. */
import type { Call } from '../command.ts';
import { openScope, type Scoped } from '../connection/scope.ts';
import { openSession } from '../connection/session.ts';
import { CommandError, throwAll } from '../failure.ts';
import { spokenName } from '../help.ts';
import { type OutputFormat, parseFormat } from '../output/format.ts';
import { printObjects } from '../output/objects.ts';
import { sortBy } from '../output/sort.ts';
import { type Selection, selectObjects } from '../targets/select.ts';
import { spokenObject } from '../targets/words.ts';
import { showTables } from './get/tables.ts';

export async function run(call: Call): Promise<number> {
  const { around, flags, words } = call;
  if (words.length === 0 && flags.texts('filename').length === 0) {
    around.errors.write(nothingAsked(spokenName(around.program)));
    return 1;
  }
  const format = parseFormat(flags.text('output'));
  if (flags.on('show-labels') && format.form !== 'table')
    throw new CommandError(`--show-labels option cannot be used with ${format.form} printer`);
  if (flags.on('output-watch-events') && !flags.on('watch') && !flags.on('watch-only'))
    throw new CommandError('--output-watch-events option can only be used with --watch or --watch-only');
  const session = await openSession(call);
  const scope = await openScope(call, session);
  if (flags.on('watch') || flags.on('watch-only')) {
    const { watch } = await import('./get/watch.ts');
    return watch(call, session, scope, format);
  }
  return format.form === 'table' ? showTables(call, session, scope, format) : showObjects(call, scope, format);
}

const nothingAsked = (program: string) => `You must specify the type of resource to get. ${listOfTypes(program)}

error: Required resource not specified.
See '${program} get -h' for help and examples
`;

const listOfTypes = (program: string) => `Use "${program} api-resources" for a complete list of supported resources.`;

async function showObjects(
  call: Call,
  { sessions }: Scoped,
  format: Exclude<OutputFormat, { readonly form: 'table' }>,
): Promise<number> {
  const { around, flags } = call;
  const selections = await Promise.all(sessions.map(({ session }) => selectObjects(call, session)));
  const found = sortBy(
    selections.flatMap((selection) => selection.found),
    flags.text('sort-by'),
    ({ object }) => object,
  );
  if (format.form === 'name') {
    for (const { resource, object } of found) around.output.write(`${spokenObject(resource, object.metadata.name!)}\n`);
  } else if (!saysNothing(selections, flags.on('ignore-not-found'))) {
    around.output.write(
      printObjects(format, {
        objects: found.map(({ object }) => object),
        single: selections.length === 1 && selections[0]!.single,
        managedFields: flags.on('show-managed-fields'),
        headers: !flags.on('no-headers'),
      }),
    );
  }
  throwAll(selections.flatMap(({ failures }) => failures));
  return 0;
}

/** What was asked for by name is not there: there is no list of nothing then. */
const saysNothing = (selections: readonly Selection[], ignoreMissing: boolean): boolean =>
  selections.every(
    ({ found, single, failures }) => found.length === 0 && (single || failures.length > 0 || ignoreMissing),
  );
