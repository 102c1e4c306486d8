/** `label` and `annotate`: `KEY=VALUE` sets, `KEY-` removes. */
import type { KubeObject } from '#kube/meta/object.ts';
import { labelValue } from '#kube/names/validate.ts';
import type { Call, Run } from '../command.ts';
import { openSession } from '../connection/session.ts';
import { CommandError, throwAll } from '../failure.ts';
import { dryRunOf, writtenPrinter } from '../output/written.ts';
import { type Found, selectObjects } from '../targets/select.ts';
import { writeOptions } from '../targets/write.ts';

type Command = 'label' | 'annotate';

const fields = { label: 'labels', annotate: 'annotations' } as const;
const done = {
  label: { set: 'labeled', removed: 'unlabeled', same: 'not labeled' },
  annotate: { set: 'annotated', removed: 'annotated', same: 'annotated' },
} as const;

/** Null removes. */
type Changes = Readonly<Record<string, string | null>>;

export const marker =
  (command: Command): Run =>
  async (call) => {
    const { flags } = call;
    const { words, changes } = splitWords(command, call.words);
    const some = flags.on('all') || flags.text('selector') !== '' || flags.text('field-selector') !== '';
    if (words.length === 0 && flags.texts('filename').length === 0)
      throw new CommandError('one or more resources must be specified as <resource> <name> or <resource>/<name>');
    if (words.length === 1 && !words[0]!.includes('/') && !some)
      throw new CommandError('resource(s) were provided, but no name was specified');
    const dryRun = dryRunOf(call);
    const say = writtenPrinter(call, dryRun);
    const session = await openSession(call);
    const { found, failures } = await selectObjects({ ...call, words }, session);
    const failed = [...failures];
    const options = writeOptions(call, flags.text('field-manager'), dryRun);
    for (const { resource, object } of found) {
      try {
        refuseOverwrite(call, command, { resource, object }, changes);
        const patch = { metadata: { [fields[command]]: changes } };
        const { name, namespace } = object.metadata;
        const api = session.client.resource<KubeObject>(resource);
        const key = { ...(namespace ? { namespace } : {}), name: name! };
        const changed =
          dryRun === 'client' || isSame(command, object, changes)
            ? object
            : await api.patch(key, 'merge', patch, options);
        if (command === 'label') sayMissing(call, object, changes);
        say(resource, changed, outcome(command, object, changes, flags.on('overwrite')));
      } catch (error) {
        failed.push(error);
      }
    }
    throwAll(failed);
    return 0;
  };

/** Throws CommandError for keys and values no label may have. */
function splitWords(
  command: Command,
  all: readonly string[],
): { readonly words: readonly string[]; readonly changes: Changes } {
  const first = all.findIndex(isChange);
  if (first < 0)
    throw new CommandError(`at least one ${command === 'label' ? 'label' : 'annotation'} update is required`);
  const changes: Record<string, string | null> = {};
  for (const word of all.slice(first)) {
    if (!isChange(word)) throw new CommandError(`all resources must be specified before ${command} changes: ${word}`);
    const equals = word.indexOf('=');
    const key = equals < 0 ? word.slice(0, -1) : word.slice(0, equals);
    const value = equals < 0 ? null : word.slice(equals + 1);
    const wrong = command === 'label' && value !== null ? labelValue(value) : [];
    if (wrong.length > 0) throw new CommandError(`invalid label value: "${word}": ${wrong.join(';')}`);
    if (key in changes) throw new CommandError(`can not both modify and remove a ${command} in the same command`);
    changes[key] = value;
  }
  return { words: all.slice(0, first), changes };
}

const isChange = (word: string) => word.includes('=') || word.endsWith('-');

const current = (command: Command, { metadata }: KubeObject) => metadata[fields[command]] ?? {};

function refuseOverwrite({ flags }: Call, command: Command, { object }: Found, changes: Changes): void {
  if (flags.on('overwrite')) return;
  const now = current(command, object);
  for (const [key, value] of Object.entries(changes)) {
    if (value !== null && now[key] !== undefined && now[key] !== value)
      throw new CommandError(`'${key}' already has a value (${now[key]}), and --overwrite is false`);
  }
}

const isSame = (command: Command, object: KubeObject, changes: Changes): boolean => {
  const now = current(command, object);
  return Object.entries(changes).every(([key, value]) => (now[key] ?? null) === value);
};

function sayMissing({ around }: Call, object: KubeObject, changes: Changes): void {
  const now = current('label', object);
  for (const [key, value] of Object.entries(changes))
    if (value === null && now[key] === undefined) around.output.write(`label ${JSON.stringify(key)} not found.\n`);
}

/** As kubectl counts: fewer than before is removed, unless overwriting was asked for. */
function outcome(command: Command, object: KubeObject, changes: Changes, overwrite: boolean): string {
  if (isSame(command, object, changes)) return done[command].same;
  const now = current(command, object);
  const added = Object.entries(changes).filter(([key, value]) => value !== null && now[key] === undefined).length;
  const removed = Object.entries(changes).filter(([key, value]) => value === null && now[key] !== undefined).length;
  return !overwrite && removed > added ? done[command].removed : done[command].set;
}
