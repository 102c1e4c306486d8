/** Copies that the plan made in other clusters are deleted there, once they are let go: until then they would come back. */
import { gvkOf } from '#kube/meta/kind.ts';
import { isReason } from '#kube/status/status.ts';
import { eachLimited } from '#runtime/each.ts';
import { type MigrationPlan, type PlannedObject, referenceOf } from '../model.ts';
import type { Copy } from '../record/record.ts';
import type { RollbackOptions } from './options.ts';
import { isCopy, isHome, type Seen } from './seen.ts';

const deletedAtATime = 16;

/** What of these is a copy that may go. Namespaces and definitions stay: others may live in them there. */
export const copiesOf = (seen: readonly Seen[], plan: MigrationPlan): readonly Copy[] =>
  seen.flatMap(({ object, places }) =>
    isHome(object)
      ? []
      : places.flatMap((place) =>
          isCopy(place, object, plan) && typeof place.live === 'object'
            ? [{ cluster: place.cluster, object: referenceOf(object), uid: place.live.metadata.uid! }]
            : [],
        ),
  );

/** Answers those that could not be deleted now, for their cluster is away. */
export async function deleteCopies(
  { plan, member, mayWrite }: Pick<RollbackOptions, 'plan' | 'member' | 'mayWrite'>,
  copies: readonly Copy[],
): Promise<readonly Copy[]> {
  const byReference = new Map(plan.objects.map((object) => [referenceOf(object), object]));
  const left = await eachLimited(copies, deletedAtATime, async (copy) => {
    const object = byReference.get(copy.object);
    const source = await member(copy.cluster);
    if (!object) return [];
    if (!source) return [copy];
    const resource = await source.mapper.find(gvkOf(object));
    if (!resource) return [];
    mayWrite();
    try {
      await source.client
        .resource(resource)
        .delete(keyOfObject(object), { propagationPolicy: 'Background', preconditions: { uid: copy.uid } });
      return [];
    } catch (error) {
      // Gone, or another one by now.
      if (isReason(error, 'NotFound') || isReason(error, 'Conflict')) return [];
      if (isReason(error, 'ServiceUnavailable') || isReason(error, 'Timeout')) return [copy];
      throw error;
    }
  });
  return left.flat();
}

const keyOfObject = ({ namespace, name }: PlannedObject) => ({ ...(namespace ? { namespace } : {}), name });
