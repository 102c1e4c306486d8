/** The end of a Work: what it holds in its member is let go or deleted, then the Work may go. */
import type { Cluster } from '#apis/cluster/cluster.ts';
import { leaving, leavingDeletes } from '#apis/names/annotations.ts';
import { execution } from '#apis/names/finalizers.ts';
import { manifestsOf, type Work } from '#apis/work/work.ts';
import type { ApiClient } from '#client/api-client.ts';
import { type CachedResource, nameOf } from '#client/cached.ts';
import type { MemberReader } from '#client/member-readers.ts';
import type { Member } from '#client/members.ts';
import { isReason } from '#kube/status/status.ts';
import { done, type Result, requeueAfter } from '#runtime/reconciler.ts';
import type { Clock } from '#world/clock/clock.ts';
import { isWantedAgain, settlesInMs } from './returning.ts';
import { type TakeBackContext, takeBack } from './take-back.ts';

export interface EndContext extends TakeBackContext {
  readonly client: ApiClient;
  readonly clock: Clock;
  /** Since when Works are looked at here: milliseconds since 1970. */
  readonly started: () => number;
  readonly works: CachedResource<Work>;
  readonly reader: (member: Member) => MemberReader;
}

/** A cluster that leaves keeps what runs in it, unless whoever sent it away said otherwise. */
const mayDeleteOnLeaving = (cluster: Cluster | undefined): boolean =>
  cluster?.metadata.annotations?.[leaving] === leavingDeletes;

/** `member`: the connection, where its cluster is ready. A cluster that is gone for good keeps nobody waiting. */
export async function endWork(
  context: EndContext,
  work: Work,
  cluster: Cluster | undefined,
  member: Member | undefined,
): Promise<Result> {
  if (!work.metadata.finalizers?.includes(execution)) return done;
  const leaves = cluster === undefined || cluster.metadata.deletionTimestamp !== undefined;
  // The cluster's turning Ready, or its end, brings all its Works back here.
  if (!member && !leaves) return done;
  // The flag decides over the workload's life: as the API server has it now.
  const live = await readLive(context.works, work);
  if (!live) return done;
  const settles = leaves ? undefined : settlesInMs(live, cluster, context.clock.now(), context.started());
  if (settles) return requeueAfter(settles, 'its cluster is back: it may be wanted there again');
  // What is wanted again stays as it is, for the Work that comes next.
  const stays = settles !== undefined && (await isWantedAgain(context.client, live, cluster!.metadata.name!));
  if (member && !stays) {
    const preserve = live.spec.preserveResourcesOnDeletion === true || (leaves && !mayDeleteOnLeaving(cluster));
    const reader = context.reader(member);
    for (const [ordinal, manifest] of manifestsOf(live).entries())
      await takeBack(context, reader, { work: live, manifest, ordinal }, preserve);
  }
  const finalizers = live.metadata.finalizers?.filter((each) => each !== execution);
  await context.works.update({ ...live, metadata: { ...live.metadata, finalizers } });
  return done;
}

/** Undefined when this very Work is not there any more. */
async function readLive(works: CachedResource<Work>, work: Work): Promise<Work | undefined> {
  try {
    const live = await works.live.get(nameOf(work));
    return live.metadata.uid === work.metadata.uid ? live : undefined;
  } catch (error) {
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  }
}
