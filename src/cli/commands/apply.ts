/** `apply`: bring resources to what files say, by kubectl's three-way merge or by server-side apply. */
import { type Cluster, ClusterKind } from '#apis/cluster/cluster.ts';
import { parseLabelSelector } from '#kube/selector/labels.ts';
import { type Applied, applyClientSide } from '../apply/client-side.ts';
import { propagationOf } from '../apply/policy.ts';
import { clientSideManager, serverSideManager } from '../apply/upgrade.ts';
import type { Call } from '../command.ts';
import { openSession, type Session } from '../connection/session.ts';
import { CommandError, throwAll } from '../failure.ts';
import { type DryRun, dryRunOf, writtenPrinter } from '../output/written.ts';
import type { Manifest } from '../targets/manifests.ts';
import { type Placed, place } from '../targets/place.ts';
import { fieldValidationOf, forEachManifest, writeOptions } from '../targets/write.ts';

export async function run(call: Call): Promise<number> {
  const { flags } = call;
  if (flags.on('prune'))
    throw new CommandError('--prune is not supported: delete what is no longer in your files with delete');
  if (flags.on('force-conflicts') && !flags.on('server-side'))
    throw new CommandError('--force-conflicts only works with --server-side');
  const dryRun = dryRunOf(call);
  if (dryRun === 'client' && flags.on('server-side'))
    throw new CommandError("--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)");
  const say = writtenPrinter(call, dryRun);
  const session = await openSession(call);
  const clusters = await targetClusters(call, session);
  const selector = parseLabelSelector(flags.text('selector'));
  const applyManifest = async (manifest: Manifest) => {
    const placed = await place(session, manifest);
    const { object, done } = await applyOne(call, session, placed, dryRun);
    say(placed.resource, object, done);
    if (!clusters) return;
    const policy = await place(session, { object: propagationOf(placed, clusters.names), source: manifest.source });
    const applied = await applyOne(call, session, policy, dryRun);
    say(policy.resource, applied.object, applied.done);
  };
  await forEachManifest(call, 'apply', applyManifest, ({ object }) => selector.matches(object.metadata.labels));
  return 0;
}

/** Undefined: no policies are made. `names` absent: all clusters. */
async function targetClusters(
  { flags }: Call,
  session: Session,
): Promise<{ readonly names?: readonly string[] } | undefined> {
  const names = flags.texts('cluster');
  const all = flags.on('all-clusters');
  if (all && names.length > 0) throw new CommandError('--all-clusters and --cluster cannot be used together');
  if (all) return {};
  if (names.length === 0) return undefined;
  const { items } = await session.client.resource<Cluster>(ClusterKind).list();
  const joined = new Set(items.map(({ metadata }) => metadata.name));
  throwAll(names.filter((name) => !joined.has(name)).map((name) => new CommandError(`cluster ${name} does not exist`)));
  return { names };
}

async function applyOne(call: Call, session: Session, placed: Placed, dryRun: DryRun): Promise<Applied> {
  const { around, flags } = call;
  const serverSide = flags.on('server-side');
  const manager = flags.text('field-manager') || (serverSide ? serverSideManager : clientSideManager);
  const options = { ...writeOptions(call, manager, dryRun), fieldValidation: fieldValidationOf(call) };
  if (serverSide) {
    const { applyServerSide } = await import('../apply/server-side.ts');
    return applyServerSide(session, placed, { ...options, force: flags.on('force-conflicts') });
  }
  return applyClientSide(session, placed, {
    ...options,
    pretend: dryRun === 'client',
    onNote: (text) => around.errors.write(text),
  });
}
