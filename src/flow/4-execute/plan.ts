/**
 * Step 4, the decision: what to write to a member for one manifest of a Work. Pure; `migrate plan` shows the same
 * decision before it is carried out.
 */
import { conflictResolution } from '#apis/names/annotations.ts';
import { managed, managedValue } from '#apis/names/labels.ts';
import { managedFieldsPatch } from '#kube/apply/ownership.ts';
import { compare, touched } from '#kube/apply/typed/compare.ts';
import { fieldSetOf } from '#kube/apply/typed/field-set.ts';
import { extractItems } from '#kube/apply/typed/remove.ts';
import { emptyFieldSet, equalSets, type FieldSet, isEmpty, union } from '#kube/fields/fieldset.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import type { JsonValue, ManagedFieldsEntry, UnstructuredObject } from '#kube/meta/object.ts';
import { appliedBefore, appliedFields, type Deferred, writtenBefore, yielded } from './plan/applied.ts';
import { handedOver, ownedAsApplied, released } from './plan/hand-over.ts';
import type { Means } from './plan/means.ts';
import { stillTheirs, takenOver } from './plan/taken.ts';
import { content, replacement, threeWayUpdate, withRecord } from './plan/update.ts';

/** What we sent last, and what of it the member made: drift is measured against that. */
export interface LastWrite {
  readonly by: Means['by'];
  readonly sent: UnstructuredObject;
  /** The sent fields as the member answered them; `sent` itself where it took them as they were. */
  readonly answered: UnstructuredObject;
  /** What our entry in the answer's managedFields owned. */
  readonly owned: FieldSet;
}

export interface WriteInput {
  readonly cluster: string;
  readonly manifest: UnstructuredObject;
  readonly stated: FieldSet;
  /** What overrides took from the manifest: it goes, also where it was never ours. */
  readonly removed: FieldSet;
  /** The member's object; undefined when it is not there. */
  readonly live: UnstructuredObject | undefined;
  /** The manifest with what the interpreter retains of `live`. */
  readonly retained: UnstructuredObject;
  /** From the journal of the adoption: those that still hold. */
  readonly deferred: readonly Deferred[];
  readonly kind: KindDefinition;
  readonly means: Means;
  readonly last: LastWrite | undefined;
}

export type WritePlan =
  | { readonly action: 'none' }
  | { readonly action: 'create'; readonly object: UnstructuredObject }
  /** Not ours and not to be taken over: nothing is written. */
  | { readonly action: 'refuse'; readonly why: string }
  /** Give up fields before they are left out of the apply. */
  | { readonly action: 'release'; readonly patch: JsonValue }
  /** Take what is to go over from people's tools; the apply after it prunes it. */
  | { readonly action: 'claim'; readonly patch: JsonValue; readonly reverts: FieldSet }
  /** What we created becomes what we apply: it is as it would be applied. */
  | { readonly action: 'own'; readonly patch: JsonValue; readonly config: UnstructuredObject }
  /** `reverts`: fields that somebody has changed since we wrote the same. */
  | { readonly action: 'apply'; readonly config: UnstructuredObject; readonly reverts: FieldSet }
  | {
      readonly action: 'update';
      readonly by: 'update' | 'replacement';
      readonly object: UnstructuredObject;
      /** What of it is ours. */
      readonly sent: UnstructuredObject;
      readonly reverts: FieldSet;
    }
  /** The values are right; only who owns them has to be set right. */
  | { readonly action: 'handOver'; readonly patch: JsonValue };

export const isManaged = (object: UnstructuredObject): boolean => object.metadata.labels?.[managed] === managedValue;

/** An object that exists and that we may not write to, said in the words compatible clients expect. */
export function refusal(cluster: string, manifest: UnstructuredObject): string {
  const { namespace = '', name } = manifest.metadata;
  return `resource(kind=${manifest.kind}, ${namespace}/${name}) already exists in the cluster ${cluster} and the work.karmada.io/conflict-resolution strategy value is empty, Karmada will not manage this resource`;
}

export function heldElsewhere(cluster: string, manifest: UnstructuredObject, holder: string): string {
  const { namespace = '', name } = manifest.metadata;
  return `resource(kind=${manifest.kind}, ${namespace}/${name}) in the cluster ${cluster} is held by the Work ${holder}`;
}

/** A namespace is where things are put: one that is there already serves as it is, and stays its owner's. */
export const isPlace = ({ apiVersion, kind }: UnstructuredObject): boolean =>
  apiVersion === 'v1' && kind === 'Namespace';

export const mayAdopt = (manifest: UnstructuredObject): boolean =>
  manifest.metadata.annotations?.[conflictResolution] === 'overwrite';

/** The sent fields of an answer, for comparison with what is found later. */
export function lastWrite(
  by: Means['by'],
  sent: UnstructuredObject,
  answer: UnstructuredObject,
  { schema }: KindDefinition,
): LastWrite {
  const answered = extractItems(schema, answer, fieldSetOf(schema, sent));
  return { by, sent, answered: deepEqual(answered, sent) ? sent : answered, owned: appliedBefore(answer) };
}

const patchOf = (live: UnstructuredObject, entries: readonly ManagedFieldsEntry[]) =>
  managedFieldsPatch(live, entries) as unknown as JsonValue;

/**
 * The next write, one at a time: release, claim, own or apply, hand over, until `none`. Each looks at the live object
 * alone, so any of them may be the last before a crash.
 */
export function planWrite(input: WriteInput): WritePlan {
  const { cluster, manifest, stated, live, kind, means } = input;
  if (!live) {
    const object = means.by === 'replacement' ? manifest : extractItems(kind.schema, manifest, stated);
    return { action: 'create', object };
  }
  if (!isManaged(live) && !mayAdopt(manifest)) {
    return isPlace(manifest) ? { action: 'none' } : { action: 'refuse', why: refusal(cluster, manifest) };
  }
  if (means.by === 'replacement') return planReplacement(input, live);
  return planFields(input, live);
}

function planFields(
  { manifest, retained, stated, removed, deferred, kind, means, last }: WriteInput,
  live: UnstructuredObject,
): WritePlan {
  const { schema } = kind;
  const context = { manifest, retained, stated, live, deferred, schema };
  const applied = appliedBefore(live);
  const written = writtenBefore(live);
  const before = union(applied, written);
  const left = yielded(context);
  const fields = appliedFields(context, before, left);
  const config = extractItems(schema, manifest, fields);
  const present = fieldSetOf(schema, config);
  const found = extractItems(schema, live, present);
  const repeated = last?.by === means.by && deepEqual(last.sent, config);
  const theirs = stillTheirs(live, removed, fieldSetOf(schema, manifest), left);
  const reverts = repeated ? union(touched(compare(schema, found, config)), theirs) : emptyFieldSet;

  // Whoever wrote by update last ends by update: what it stated beyond the manifest goes, and its record with it.
  if (means.by === 'update' || !isEmpty(written)) {
    const ours = union(before, theirs);
    const object = threeWayUpdate({ kind, live, config, fields: present, before: ours, yielded: left });
    const wanted = means.by === 'update' ? object : withRecord(object, undefined);
    const settled =
      isEmpty(theirs) &&
      repeated &&
      means.by === 'update' &&
      deepEqual(found, last.answered) &&
      equalSets(written, present);
    return settled || deepEqual(content(wanted), content(live))
      ? { action: 'none' }
      : { action: 'update', by: 'update', object: wanted, sent: config, reverts };
  }
  const givenUp = isEmpty(applied) ? undefined : released(live, left);
  if (givenUp) return { action: 'release', patch: patchOf(live, givenUp) };
  if (!isEmpty(theirs)) return { action: 'claim', patch: patchOf(live, takenOver(live, theirs)), reverts };
  const settled = repeated && deepEqual(found, last.answered) && equalSets(applied, last.owned);
  const right = deepEqual(found, config);
  const made = right && isEmpty(applied) && !repeated ? ownedAsApplied(live, present, kind) : undefined;
  if (made) return { action: 'own', patch: patchOf(live, made), config };
  if (!settled && !(equalSets(applied, present) && right)) return { action: 'apply', config, reverts };
  const entries = handedOver(live, kind);
  return entries ? { action: 'handOver', patch: patchOf(live, entries) } : { action: 'none' };
}

function planReplacement({ retained, kind, means, last }: WriteInput, live: UnstructuredObject): WritePlan {
  const object = withRecord(replacement(live, retained), undefined);
  const { schema } = kind;
  if (deepEqual(content(object), content(live))) return { action: 'none' };
  const repeated = last?.by === means.by && deepEqual(last.sent, retained);
  const found = extractItems(schema, live, fieldSetOf(schema, retained));
  if (repeated && deepEqual(found, last.answered)) return { action: 'none' };
  const reverts = repeated ? touched(compare(schema, found, retained)) : emptyFieldSet;
  return { action: 'update', by: 'replacement', object, sent: retained, reverts };
}
