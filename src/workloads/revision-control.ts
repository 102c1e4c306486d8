/** Keeps an owner's ControllerRevisions: its present template has one, and no more than the limit are past. */
import type { ControllerRevision } from '#apis/kubernetes/types.ts';
import type { CachedResource } from '#client/cached.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { isControlledBy } from '#kube/meta/owner.ts';
import type { LabelMatcher } from '#kube/selector/labels.ts';
import { isReason } from '#kube/status/status.ts';
import { forgottenRevisions, type HistoryOwner, planRevision } from './history.ts';
import { claimed } from './ownership.ts';

export interface RevisionControl<O extends HistoryOwner> {
  readonly revisions: CachedResource<ControllerRevision>;
  readonly owners: CachedResource<O>;
  readonly hashLabel: string;
}

export interface OwnRevisions {
  readonly all: readonly ControllerRevision[];
  readonly newest: ControllerRevision;
}

/** Thrown where the name of a revision is another's: the owner's status counts it, and the next hash differs. */
export class RevisionCollision extends Error {
  override readonly name = 'RevisionCollision';
}

/** The revisions there are after the one of the present template has been made or brought up. Throws RevisionCollision. */
export async function syncRevisions<O extends HistoryOwner>(
  { revisions, owners, hashLabel }: RevisionControl<O>,
  owner: O,
  matcher: LabelMatcher,
  collisions: number,
): Promise<OwnRevisions> {
  const all = await claimed(revisions, owners, owner, matcher);
  const plan = planRevision(owner, all, hashLabel, collisions);
  if (!plan.write) return { all, newest: plan.newest };
  if (plan.write === 'update') {
    const newest = await revisions.update(plan.newest);
    return { all: all.map((each) => (each.metadata.uid === newest.metadata.uid ? newest : each)), newest };
  }
  const newest = await created(revisions, owner, plan.newest);
  return { all: [...all, newest], newest };
}

async function created(
  revisions: CachedResource<ControllerRevision>,
  owner: KubeObject,
  wanted: ControllerRevision,
): Promise<ControllerRevision> {
  try {
    return await revisions.create(wanted);
  } catch (error) {
    if (!isReason(error, 'AlreadyExists')) throw error;
    const found = await revisions.live.get({ namespace: wanted.metadata.namespace!, name: wanted.metadata.name! });
    if (!isControlledBy(found, owner) || !deepEqual(found.data, wanted.data)) {
      throw new RevisionCollision(`controllerrevisions.apps "${wanted.metadata.name}" belongs to something else`);
    }
    revisions.informer.observe(found);
    return found;
  }
}

/** `live`: revisions that Pods still have, by name. */
export async function forgetRevisions(
  revisions: CachedResource<ControllerRevision>,
  all: readonly ControllerRevision[],
  live: (revision: ControllerRevision) => boolean,
  limit: number,
): Promise<void> {
  for (const revision of forgottenRevisions(all, live, limit)) await revisions.delete(revision);
}
