/** The end of a Work in its member: the object is let go where it is to be preserved, else deleted. Not found is done. */

import { workName, workNamespace } from '#apis/names/annotations.ts';
import type { Work } from '#apis/work/work.ts';
import { type CachedResource, nameOf } from '#client/cached.ts';
import type { TemplateReader } from '#client/template-reader.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';
import { type Clock, timestamp } from '#world/clock/clock.ts';
import type { Journal } from './journal.ts';
import { letGo } from './plan/let-go.ts';
import { isManaged } from './plan.ts';

export interface TakeBackContext {
  readonly journal: Journal;
  readonly clock: Clock;
}

export async function takeBack(
  context: TakeBackContext,
  templates: TemplateReader,
  work: Work,
  manifest: UnstructuredObject,
  preserve: boolean,
): Promise<void> {
  const source = await templates.of(manifest);
  // A kind that the member no longer serves has no objects there.
  if (!source) return;
  const resource = source.resource as unknown as CachedResource<UnstructuredObject>;
  try {
    const live = await resource.live.get(nameOf(manifest));
    if (!isManaged(live) || !isOf(live, work)) return;
    if (preserve) await release(context, resource, work, live);
    else
      await resource.live.delete(nameOf(live), {
        propagationPolicy: 'Background',
        preconditions: { uid: live.metadata.uid },
      });
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error;
  }
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
  work: Work,
  live: UnstructuredObject,
): Promise<void> {
  const original = await journal.of(work);
  const same = original?.object.metadata.uid === live.metadata.uid ? original?.object : undefined;
  const { patch, fieldManager } = letGo(live, same, timestamp(clock.now()));
  resource.informer.observe(await resource.live.patch(nameOf(live), 'json', patch, { fieldManager }));
  await journal.release(work);
}
