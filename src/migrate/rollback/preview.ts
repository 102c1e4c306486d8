/** What rolling an object back will take off it and give back, cluster by cluster, before anything is done. Pure. */
import { manifestAnnotations } from '#apis/names/annotations.ts';
import { manifestLabels } from '#apis/names/labels.ts';
import { letGo } from '#flow/4-execute/plan/let-go.ts';
import { isOfUs } from '#flow/4-execute/plan/managers.ts';
import {
  difference,
  emptyFieldSet,
  type FieldSet,
  formatPath,
  fromFieldsV1,
  leaves,
  pathsOf,
  size,
  union,
} from '#kube/fields/fieldset.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { applyJsonPatch } from '#kube/patch/json.ts';
import type { MigrationPlan, OwnedField, PlannedObject } from '../model.ts';
import { changedSince } from './proof.ts';
import { ownChanges } from './put-back.ts';
import { isCopy, isHome, isOwn, isUntouched, type Place, rivalOf, type Seen } from './seen.ts';

/** What becomes of it in one cluster. */
export type PlacePreview = { readonly cluster: string } & (
  | {
      readonly is: 'restored';
      /** Labels and annotations. */
      readonly takenOff: readonly string[];
      readonly givenBack: readonly { readonly manager: string; readonly fields: number }[];
      /** Changed by the plan, and given its old value. */
      readonly putBack: readonly string[];
      /** Changed by the plan, and left so: the old value would stop Pods. */
      readonly restarting: readonly string[];
      /** Not as it was taken over, and stays as it is. */
      readonly changed: readonly OwnedField[];
    }
  /** Made by the plan; it stays there, let go. */
  | { readonly is: 'kept' }
  /** `claims`: volumes whose data goes with it. */
  | { readonly is: 'removed'; readonly claims: readonly string[] }
  | { readonly is: 'gone' }
  /** Another object of that name than the one that was taken over; it stays, let go. */
  | { readonly is: 'replaced' }
  /** Let go as soon as the cluster is back. */
  | { readonly is: 'away' }
  /** It carries nothing of ours. */
  | { readonly is: 'free' }
);

export interface ObjectPreview {
  readonly object: PlannedObject;
  /** `kept`: others live in it; it is deleted once it is empty. `foreign`: somebody else's, and not touched. */
  readonly template: 'deleted' | 'kept' | 'foreign' | 'none';
  readonly untouched: boolean;
  /** Another policy that has it by now, and is told to keep what runs. */
  readonly rival?: string;
  readonly places: readonly PlacePreview[];
}

export interface PreviewInput {
  readonly plan: MigrationPlan;
  readonly removeCopies: boolean;
  readonly kind: KindDefinition;
  /** RFC 3339. */
  readonly time: string;
}

export function previewOf(seen: Seen, input: PreviewInput): ObjectPreview {
  const { object, template } = seen;
  const own = isHome(object) ? 'kept' : 'deleted';
  const rival = rivalOf(seen, input.plan.metadata.name);
  return {
    object,
    template: template === undefined ? 'none' : isOwn(template, input.plan.metadata.name) ? own : 'foreign',
    untouched: isUntouched(seen, input.plan.metadata.name),
    ...(rival ? { rival } : {}),
    places: seen.places.map((place) => placePreview(seen, place, input)),
  };
}

function placePreview(seen: Seen, place: Place, { plan, removeCopies, kind, time }: PreviewInput): PlacePreview {
  const { object } = seen;
  const { cluster, live, original, standing } = place;
  if (standing === 'away' || live === 'unread') return { cluster, is: 'away' };
  if (live === undefined) return { cluster, is: 'gone' };
  if (isCopy(place, object, plan)) {
    return removeCopies && !isHome(object)
      ? { cluster, is: 'removed', claims: claimsOf(live) }
      : { cluster, is: 'kept' };
  }
  if (original && original.metadata.uid !== live.metadata.uid) return { cluster, is: 'replaced' };
  const { restored, restarting } = ownChanges(seen, place, kind, time);
  const after = applyJsonPatch(live, letGo(live, original, time, restored).patch);
  const takenOff = [
    ...manifestLabels.filter((key) => live.metadata.labels?.[key] !== after.metadata.labels?.[key]),
    ...manifestAnnotations.filter((key) => live.metadata.annotations?.[key] !== after.metadata.annotations?.[key]),
  ];
  if (takenOff.length === 0 && !live.metadata.managedFields?.some(isOfUs)) return { cluster, is: 'free' };
  return {
    cluster,
    is: 'restored',
    takenOff,
    givenBack: givenBack(live, after),
    putBack: pathsOf(restored).map(formatPath),
    restarting,
    changed: original ? changedSince(original, after, kind).filter(({ path }) => !restarting.includes(path)) : [],
  };
}

function ownedBy(object: UnstructuredObject): ReadonlyMap<string, FieldSet> {
  const owned = new Map<string, FieldSet>();
  for (const { manager = '', fieldsV1, subresource } of object.metadata.managedFields ?? []) {
    if (subresource === 'status') continue;
    owned.set(manager, union(owned.get(manager) ?? emptyFieldSet, leaves(fromFieldsV1(fieldsV1))));
  }
  return owned;
}

function givenBack(live: UnstructuredObject, after: UnstructuredObject) {
  const before = ownedBy(live);
  return [...ownedBy(after)].flatMap(([manager, fields]) => {
    const gained = size(leaves(difference(fields, before.get(manager) ?? emptyFieldSet)));
    return gained > 0 ? [{ manager, fields: gained }] : [];
  });
}

interface Claiming {
  readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[];
  readonly persistentVolumeClaimRetentionPolicy?: { readonly whenDeleted?: string };
}

/** PersistentVolumeClaims that go when it is deleted, by name; those of a StatefulSet only where it says so. */
export function claimsOf({ kind, metadata, spec = {} }: UnstructuredObject): readonly string[] {
  if (kind === 'PersistentVolumeClaim') return [metadata.name!];
  const { volumeClaimTemplates = [], persistentVolumeClaimRetentionPolicy: policy } = spec as Claiming;
  if (kind !== 'StatefulSet' || policy?.whenDeleted !== 'Delete') return [];
  return volumeClaimTemplates.map((each) => `${each.metadata.name}-${metadata.name}-*`);
}
