/**
 * What the plan itself has changed in an object gets its old value back when the object is let go, in the same write:
 * the kept original is told which fields. What others have changed stays, and what would stop Pods.
 */

import { ControllerRevisions, Secrets } from '#apis/kubernetes/types.ts';
import { writeMode, writeModeReplace } from '#apis/names/annotations.ts';
import type { TypedResource } from '#client/api-client.ts';
import { isSecret, journalName, putBackNote } from '#flow/4-execute/plan/journal.ts';
import { letGo } from '#flow/4-execute/plan/let-go.ts';
import { putBack } from '#flow/4-execute/plan/put-back.ts';
import { elementKinds, formatPath, type PathElement } from '#kube/fields/element.ts';
import { emptyFieldSet, type FieldSet, fieldSet } from '#kube/fields/fieldset.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import { gvkOf } from '#kube/meta/kind.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { applyJsonPatch } from '#kube/patch/json.ts';
import { isReason } from '#kube/status/status.ts';
import { eachLimited } from '#runtime/each.ts';
import { timestamp } from '#world/clock/clock.ts';
import { isControllersOwn } from '../evidence/change.ts';
import { valueAt } from '../evidence/fields.ts';
import { statedIn } from '../evidence/read.ts';
import { verdictOf } from '../plan/verdict.ts';
import { fieldManager } from '../record/store.ts';
import { attribute } from '../verify/attribute.ts';
import type { RollbackOptions } from './options.ts';
import { changedPaths } from './proof.ts';
import { type Place, type Seen, workOf } from './seen.ts';

export interface OwnChanges {
  /** Given their old values. */
  readonly restored: FieldSet;
  /** Left as they are: the old values would stop Pods. */
  readonly restarting: readonly string[];
}
const none: OwnChanges = { restored: emptyFieldSet, restarting: [] };

const isContent = ([first, second]: readonly PathElement[]): boolean =>
  first?.kind === elementKinds.field &&
  (first.name !== 'metadata' ||
    (second?.kind === elementKinds.field && ['labels', 'annotations'].includes(second.name)));

/** Of an object that was taken over in a cluster. `time` is RFC 3339. */
export function ownChanges(
  { object, template }: Pick<Seen, 'object' | 'template'>,
  { live, original }: Place,
  kind: KindDefinition,
  time: string,
): OwnChanges {
  if (typeof live !== 'object' || !original || original.metadata.uid !== live.metadata.uid) return none;
  const free = applyJsonPatch(live, letGo(live, original, time).patch);
  const scene = { planned: object, live, original, template, message: undefined, migrator: fieldManager };
  // A template that is written as a whole takes away what it lacks.
  const isWhole = template?.metadata.annotations?.[writeMode] === writeModeReplace;
  const own = changedPaths(original, free, kind).filter((path) => {
    const name = formatPath(path);
    if (!isContent(path) || isControllersOwn(name)) return false;
    const { by, after } = attribute(scene, name);
    if (by === 'plan' || by === 'migration') return true;
    return isWhole && after === undefined && valueAt(statedIn(template), name) === undefined;
  });
  if (own.length === 0) return none;
  const answer = putBack(free, original, fieldSet(...own));
  const verdict = verdictOf({ live: free, answer, kind });
  const restarting = verdict.is === 'restart' ? verdict.fields.map(({ path }) => path) : [];
  const stopping = new Set(restarting);
  return { restored: fieldSet(...own.filter((path) => !stopping.has(formatPath(path)))), restarting };
}

const writtenAtATime = 16;

/** Before anything is let go: whoever lets go reads it with the original. */
export async function askToPutBack(
  { control, kindOf, clock, mayWrite }: Pick<RollbackOptions, 'control' | 'kindOf' | 'clock' | 'mayWrite'>,
  seen: readonly Seen[],
): Promise<void> {
  const time = timestamp(clock.now());
  const asked = seen.flatMap((each) =>
    each.places.flatMap((place) => {
      const { restored } = ownChanges(each, place, kindOf(gvkOf(each.object)), time);
      return restored === emptyFieldSet ? [] : [{ object: each.object, cluster: place.cluster, restored }];
    }),
  );
  await eachLimited(asked, writtenAtATime, async ({ object, cluster, restored }) => {
    const { apiVersion, kind } = object;
    const resource = (
      isSecret({ apiVersion, kind, metadata: {} }) ? Secrets : ControllerRevisions
    ) as TypedResource<UnstructuredObject>;
    const { namespace, name } = workOf(object, cluster);
    mayWrite();
    try {
      const annotations = putBackNote(restored);
      const key = { namespace, name: journalName({ name }, 0) };
      await control.client.resource(resource).patch(key, 'merge', { metadata: { annotations } }, { fieldManager });
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw error;
    }
  });
}
