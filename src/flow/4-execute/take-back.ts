/** What a Work held in its member: let go where it is to be preserved, else deleted. Not found is done. */
import { workName, workNamespace } from '#apis/names/annotations.ts';
import type { Work } from '#apis/work/work.ts';
import { type CachedResource, nameOf } from '#client/cached.ts';
import type { MemberReader } from '#client/member-readers.ts';
import type { FieldSet } from '#kube/fields/fieldset.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { isReason, StatusError, statusCodes } from '#kube/status/status.ts';
import { type Clock, timestamp } from '#world/clock/clock.ts';
import type { Item, Journal } from './journal.ts';
import { letGo } from './plan/let-go.ts';
import { isManaged } from './plan.ts';
import { patchTested } from './tested-patch.ts';

export interface TakeBackContext {
  readonly journal: Journal;
  readonly clock: Clock;
}

/** A controller of the member that writes as often as that while we look is out of its mind. */
const mostAttempts = 8;

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
    for (let attempt = 1; !(await end(context, resource, item, preserve, await resource.live.get(name))); attempt++) {
      if (attempt === mostAttempts)
        throw new Error(`${name.name} in the cluster keeps changing while it is let go; it is tried again`);
    }
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error;
  }
  // Undone, so nothing of it is kept; of what was deleted the original stays, should somebody want it back.
  if (preserve) await context.journal.release(item);
}

/** False: it has changed meanwhile. */
async function end(
  context: TakeBackContext,
  resource: CachedResource<UnstructuredObject>,
  item: Item,
  preserve: boolean,
  live: UnstructuredObject,
): Promise<boolean> {
  if (!isManaged(live) || !isOf(live, item.work)) return true;
  if (preserve) return release(context, resource, item, live);
  const preconditions = { uid: live.metadata.uid };
  await resource.live.delete(nameOf(live), { propagationPolicy: 'Background', preconditions });
  return true;
}

/** Another Work may hold the object by now: then it is not this one's to end. */
function isOf(live: UnstructuredObject, work: Work): boolean {
  const { annotations = {} } = live.metadata;
  const { namespace, name } = work.metadata;
  return (annotations[workNamespace] ?? namespace) === namespace && (annotations[workName] ?? name) === name;
}

/** It would say the same again: a rule, a webhook or a quota of the member is against it. */
const isRefusal = (error: unknown): boolean =>
  error instanceof StatusError &&
  error.code >= statusCodes.BadRequest &&
  error.code < statusCodes.InternalError &&
  ![statusCodes.Unauthorized, statusCodes.NotFound, statusCodes.Conflict, statusCodes.TooManyRequests].some(
    (code) => code === error.code,
  );

async function release(
  { journal, clock }: TakeBackContext,
  resource: CachedResource<UnstructuredObject>,
  item: Item,
  live: UnstructuredObject,
): Promise<boolean> {
  const original = await journal.of(item);
  const same = original?.object.metadata.uid === live.metadata.uid ? original?.object : undefined;
  const write = async (restored?: FieldSet): Promise<boolean> => {
    const { patch, fieldManager } = letGo(live, same, timestamp(clock.now()), restored);
    return (await patchTested(resource, live, patch, fieldManager)).applied;
  };
  try {
    return await write(original?.putBack);
  } catch (error) {
    // Whatever the member has against the old values: it is let go all the same, as it is.
    if (!original?.putBack || !isRefusal(error)) throw error;
    return write();
  }
}
