/**
 * Objects that carry our marks and that no Work holds any more, as a cluster that left while it was away has them:
 * nobody else would ever let them go.
 */

import { letGo } from '#flow/4-execute/plan/let-go.ts';
import { gvkOf } from '#kube/meta/kind.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';
import { type Clock, timestamp } from '#world/clock/clock.ts';
import type { Source } from '../reading/inventory.ts';
import { orNone } from './look.ts';
import { remains } from './proof.ts';

/** A controller of the member that writes as often as that while we look is out of its mind. */
const mostAttempts = 8;

/** Answers the object as it is then; undefined when it is gone. */
export async function letGoByHand(
  { client, mapper }: Source,
  object: UnstructuredObject,
  original: UnstructuredObject | undefined,
  clock: Clock,
): Promise<UnstructuredObject | undefined> {
  const resource = client.resource(await mapper.forKind(gvkOf(object)));
  const { namespace, name } = object.metadata;
  const key = { ...(namespace ? { namespace } : {}), name: name! };
  for (let attempt = 1; ; attempt++) {
    const found = (await orNone(resource, key)) as UnstructuredObject | undefined;
    if (!found || remains(found, original).length === 0) return found;
    const live = { ...found, apiVersion: object.apiVersion, kind: object.kind } as UnstructuredObject;
    const same = original?.metadata.uid === live.metadata.uid ? original : undefined;
    const { patch, fieldManager } = letGo(live, same, timestamp(clock.now()));
    try {
      return (await resource.patch(key, 'json', patch, { fieldManager })) as UnstructuredObject;
    } catch (error) {
      // The test on the resourceVersion failed: it has changed meanwhile.
      const raced = isReason(error, 'Conflict') || isReason(error, 'Invalid');
      if (!raced || attempt === mostAttempts) throw error;
    }
  }
}
