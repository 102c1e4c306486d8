/** `delete`: by files, names, or selectors; waits until what was deleted is gone. */
import type { DiscoveredResource } from '#client/mapper/mapper.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { DeleteOptions } from '#kube/request/request.ts';
import { isReason } from '#kube/status/status.ts';
import { sleep } from '#world/clock/clock.ts';
import type { Call } from '../command.ts';
import { openSession, type Session } from '../connection/session.ts';
import { CommandError, throwAll } from '../failure.ts';
import { type DryRun, dryRunOf, type Say, writtenPrinter } from '../output/written.ts';
import { selectorsOf, wantedNames } from '../targets/select.ts';
import { namespaceIn, nothingNamed, spokenObject } from '../targets/words.ts';
import { sourceFailure } from '../targets/write.ts';

interface Victim {
  readonly resource: DiscoveredResource;
  readonly key: { readonly namespace?: string; readonly name: string };
  /** Known where it was listed. */
  readonly uid?: string;
  /** The file it is named in. */
  readonly source?: string;
}

interface Deleting {
  readonly call: Call;
  readonly session: Session;
  readonly dryRun: DryRun;
  readonly options: DeleteOptions;
  /** Undefined: the usual line. */
  readonly say: Say | undefined;
}

const policies: Readonly<Record<string, DeleteOptions['propagationPolicy']>> = {
  background: 'Background',
  foreground: 'Foreground',
  orphan: 'Orphan',
  true: 'Background',
  false: 'Orphan',
};

export async function run(call: Call): Promise<number> {
  const { around, flags } = call;
  const dryRun = dryRunOf(call);
  const say = flags.text('output') === '' ? undefined : writtenPrinter(call, dryRun);
  const session = await openSession(call);
  const deleting: Deleting = { call, session, dryRun, options: deleteOptions(call, dryRun), say };
  const { found, failures: unread } = await victims(call, session);
  const failures: unknown[] = [...unread];
  const gone: Victim[] = [];
  for (const victim of found) {
    try {
      if (await deleteOne(deleting, victim)) gone.push(victim);
    } catch (error) {
      failures.push(error);
    }
  }
  if (found.length === 0 && failures.length === 0) around.output.write('No resources found\n');
  if (flags.on('wait') && dryRun === 'none') {
    const results = await Promise.allSettled(gone.map((victim) => untilGone(call, session, victim)));
    failures.push(...results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : [])));
  }
  throwAll(failures);
  return 0;
}

function deleteOptions({ flags }: Call, dryRun: DryRun): DeleteOptions {
  const propagationPolicy = policies[flags.text('cascade')];
  if (!propagationPolicy)
    throw new CommandError(
      `invalid cascade value (${flags.text('cascade')}). Must be "background", "foreground", or "orphan"`,
    );
  const given = flags.number('grace-period');
  if (flags.on('now') && given >= 0) throw new CommandError('--now and --grace-period cannot be specified together');
  const grace = flags.on('force') ? 0 : flags.on('now') ? 1 : given;
  return {
    propagationPolicy,
    ...(grace >= 0 ? { gracePeriodSeconds: grace } : {}),
    ...(dryRun === 'server' ? { dryRun: ['All'] } : {}),
  };
}

/** What is to go. Nothing is deleted by type alone: a name, a selector or --all says so. */
async function victims(
  call: Call,
  session: Session,
): Promise<{ readonly found: readonly Victim[]; readonly failures: readonly unknown[] }> {
  const { flags, words } = call;
  const selectors = selectorsOf(call);
  const some = Object.keys(selectors).length > 0;
  if (words.length === 0 && flags.texts('filename').length === 0) throw new CommandError(nothingNamed);
  if (some && flags.on('all'))
    throw new CommandError('setting --all and --selector or --field-selector at once makes no sense');
  const found: Victim[] = [];
  const { wanted, failures } = await wantedNames(call, session);
  for (const { resource, names, namespace, source } of wanted) {
    const from = source === undefined ? {} : { source };
    found.push(...names.map((name) => ({ resource, key: { ...namespaceIn(resource, namespace), name }, ...from })));
    if (names.length > 0) continue;
    if (!some && !flags.on('all')) throw new CommandError('resource(s) were provided, but no name was specified');
    const api = session.client.resource<KubeObject>(resource);
    const { items } = await api.list({ ...namespaceIn(resource, namespace), ...selectors });
    for (const { metadata } of items) {
      const key = { ...namespaceIn(resource, metadata.namespace ?? ''), name: metadata.name! };
      found.push({ resource, key, ...(metadata.uid ? { uid: metadata.uid } : {}) });
    }
  }
  return { found, failures };
}

/** False: it was not there, and that is all right. */
async function deleteOne({ call, session, dryRun, options, say }: Deleting, victim: Victim): Promise<boolean> {
  const { around, flags } = call;
  const { resource, key } = victim;
  try {
    const api = session.client.resource<KubeObject>(resource);
    if (dryRun !== 'client') await api.delete(key, options);
  } catch (error) {
    const listed = victim.uid !== undefined;
    if (isReason(error, 'NotFound') && (listed || flags.on('ignore-not-found') || flags.on('all'))) return false;
    throw victim.source === undefined ? error : sourceFailure('deleting', victim.source, error);
  }
  if (say) say(resource, { apiVersion: '', kind: resource.kind, metadata: key }, 'deleted');
  else {
    const suffix = dryRun === 'none' ? '' : dryRun === 'server' ? ' (server dry run)' : ' (dry run)';
    const how = flags.on('force') ? 'force deleted' : 'deleted';
    const [type = ''] = spokenObject(resource, key.name).split('/');
    around.output.write(`${type} ${JSON.stringify(key.name)} ${how}${suffix}\n`);
  }
  return true;
}

const lookMs = 20;
const slowestLookMs = 500;

/** Gone, or another one of the same name. */
async function untilGone({ around, flags }: Call, session: Session, { resource, key, uid }: Victim): Promise<void> {
  const { clock } = around;
  const api = session.client.resource<KubeObject>(resource);
  const patience = flags.milliseconds('timeout') || Number.POSITIVE_INFINITY;
  const until = clock.monotonic() + patience;
  let known = uid;
  for (let pause = lookMs; ; pause = Math.min(pause * 2, slowestLookMs)) {
    try {
      const { metadata } = await api.get(key);
      known ??= metadata.uid;
      // One that is not being deleted was made since.
      if (metadata.uid !== known || metadata.deletionTimestamp === undefined) return;
    } catch (error) {
      if (isReason(error, 'NotFound')) return;
      throw error;
    }
    if (clock.monotonic() > until)
      throw new CommandError(`timed out waiting for the condition on ${resource.resource}/${key.name}`);
    await sleep(clock, pause);
  }
}
