/** What a Work held in its member: let go where it is to be preserved, else deleted. Not found is done. */
import { workName, workNamespace } from '#apis/names/annotations.ts';
import type { Work } from '#apis/work/work.ts';
import { type CachedResource, nameOf } from '#client/cached.ts';
import type { MemberReader } from '#client/member-readers.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';
import { type Clock, timestamp } from '#world/clock/clock.ts';
import type { Item, Journal } from './journal.ts';
import { letGo } from './plan/let-go.ts';
import { isManaged } from './plan.ts';

export interface TakeBackContext {
  readonly journal: Journal;
  readonly clock: Clock;
}

export async function takeBack(
  context: TakeBackContext,
  reader: MemberReader,
  item: Item,
  preserve: boolean,
): Promise<void> {
  const source = await reader.find(item.manifest);
  // A kind that the member no longer serves has no objects there.
  if (!source) return;
  const resource = source.resource as unknown as CachedResource<UnstructuredObject>;
  const name = nameOf(item.manifest);
  try {
    const live = await resource.live.get(name);
    const ours = isManaged(live) && isOf(live, item.work);
    if (ours && preserve) await release(context, resource, item, live);
    if (ours && !preserve) {
      const preconditions = { uid: live.metadata.uid };
      await resource.live.delete(name, { propagationPolicy: 'Background', preconditions });
    }
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error;
  }
  // Undone, so nothing of it is kept; of what was deleted the original stays, should somebody want it back.
  if (preserve) await context.journal.release(item);
}

/** Another Work may hold the object by now: then it is not this one's to end. */
function isOf(live: UnstructuredObject, work: Work): boolean {
  const { annotations = {} } = live.metadata;
  const { namespace, name } = work.metadata;
  return (annotations[workNamespace] ?? namespace) === namespace && (annotations[workName] ?? name) === name;
}

async function release(
  { journal, clock }: TakeBackContext,
  resource: CachedResource<UnstructuredObject>,
  item: Item,
  live: UnstructuredObject,
): Promise<void> {
  const original = await journal.of(item);
  const same = original?.object.metadata.uid === live.metadata.uid ? original?.object : undefined;
  const { patch, fieldManager } = letGo(live, same, timestamp(clock.now()));
  resource.informer.observe(await resource.live.patch(nameOf(live), 'json', patch, { fieldManager }));
}
