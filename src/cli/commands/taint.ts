/** `taint`: `KEY=VALUE:EFFECT` sets, `KEY:EFFECT-` and `KEY-` remove. */
import { labelValue, qualifiedName } from '#kube/names/validate.ts';
import type { Call } from '../command.ts';
import { openSession, type Session } from '../connection/session.ts';
import { CommandError } from '../failure.ts';
import { type ClusterTaint, isSameTaint, taintsOf, writeTaints } from '../targets/clusters.ts';

interface Removal {
  readonly key: string;
  /** Absent: whatever its effect. */
  readonly effect?: string;
}

interface Changes {
  readonly set: readonly ClusterTaint[];
  readonly remove: readonly Removal[];
}

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

export async function run(call: Call): Promise<number> {
  const { names, changes } = readWords(call.words);
  const session = await openSession(call);
  for (const name of names) await taintOne(call, session, name, changes);
  return 0;
}

async function taintOne({ around, flags }: Call, session: Session, name: string, changes: Changes): Promise<void> {
  const taints = await taintsOf(session, name);
  const { wanted, done } = changedTaints(name, taints, changes, flags.on('overwrite'));
  if (!flags.on('dry-run')) await writeTaints(session, name, wanted);
  around.output.write(`cluster/${name} ${done}\n`);
}

/** Throws CommandError for what is there and must not be overwritten, and for what should go and is not there. */
function changedTaints(
  name: string,
  taints: readonly ClusterTaint[],
  { set, remove }: Changes,
  overwrite: boolean,
): { readonly wanted: readonly ClusterTaint[]; readonly done: string } {
  const there = set.filter((taint) => taints.some((each) => isSameTaint(each, taint))).map(({ key }) => key);
  if (there.length > 0 && !overwrite)
    throw new CommandError(
      `cluster ${name} already has ${there.join(',')} taint(s) with same effect(s) and --overwrite is false`,
    );
  for (const removal of remove) {
    if (!taints.some((taint) => removes(removal, taint)))
      throw new CommandError(`taint "${removal.key}${removal.effect ? `:${removal.effect}` : ''}" not found`);
  }
  const kept = taints.filter(
    (taint) => !set.some((each) => isSameTaint(each, taint)) && !remove.some((removal) => removes(removal, taint)),
  );
  const done =
    overwrite || (set.length > 0 && remove.length > 0) ? 'modified' : set.length > 0 ? 'tainted' : 'untainted';
  return { wanted: [...set, ...kept], done };
}

const removes = ({ key, effect }: Removal, taint: ClusterTaint) =>
  taint.key === key && (effect === undefined || taint.effect === effect);

function readWords(words: readonly string[]): { readonly names: readonly string[]; readonly changes: Changes } {
  const isChange = (word: string) => /[=:]/.test(word) || word.endsWith('-');
  const first = words.findIndex(isChange);
  if (first < 0) throw new CommandError('at least one taint update is required');
  const [type = '', ...names] = words.slice(0, first);
  if (type !== 'cluster' && type !== 'clusters')
    throw new CommandError(`invalid resource type ${type}, only ["cluster" "clusters"] are supported`);
  if (names.length === 0) throw new CommandError('at least one resource name must be specified');
  const updates = words.slice(first);
  const late = updates.find((word) => !isChange(word));
  if (late !== undefined) throw new CommandError(`all resources must be specified before taint changes: ${late}`);
  const set = updates.filter((word) => !word.endsWith('-')).map(parseTaint);
  const remove = updates.filter((word) => word.endsWith('-')).map(parseRemoval);
  const both = set.find((taint) => remove.some((removal) => removes(removal, taint)));
  if (both)
    throw new CommandError(
      `can not both modify and remove the following taint(s) in the same command: {"${both.key}":"${both.effect}"}`,
    );
  return { names, changes: { set, remove } };
}

function parseTaint(word: string): ClusterTaint {
  const [, key = '', value, effect = ''] = /^([^=:]*)(?:=([^:]*))?(?::(.*))?$/.exec(word) ?? [];
  checkKey(word, key);
  if (!effects.includes(effect))
    throw new CommandError(
      `invalid taint effect: ${effect}, unsupported taint effect: it is one of ${effects.join(', ')}`,
    );
  const wrong = value ? labelValue(value) : [];
  if (wrong.length > 0) throw new CommandError(`invalid taint spec: ${word}, ${wrong.join('; ')}`);
  return { key, ...(value ? { value } : {}), effect };
}

function parseRemoval(word: string): Removal {
  const [key = '', effect] = word.slice(0, -1).split(':');
  const [plain = ''] = key.split('=');
  checkKey(word, plain);
  return { key: plain, ...(effect ? { effect } : {}) };
}

function checkKey(word: string, key: string): void {
  const wrong = qualifiedName(key);
  if (wrong.length > 0) throw new CommandError(`invalid taint spec: ${word}, ${wrong.join('; ')}`);
}
