/**
 * Step 4, the decision: what to write to a member for one manifest of a Work. Pure; `migrate plan` shows the same
 * decision before it is carried out.
 */
import { conflictResolution } from '#apis/names/annotations.ts';
import { managed, managedValue } from '#apis/names/labels.ts';
import { fieldSetOf } from '#kube/apply/typed/field-set.ts';
import { extractItems } from '#kube/apply/typed/remove.ts';
import { equalSets, type FieldSet, isEmpty } from '#kube/fields/fieldset.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import type { JsonValue, UnstructuredObject } from '#kube/meta/object.ts';
import { appliedBefore, appliedFields, type Deferred, yielded } from './plan/applied.ts';
import { handedOver, managedFieldsPatch, released } from './plan/hand-over.ts';

export interface WriteInput {
  readonly cluster: string;
  readonly manifest: UnstructuredObject;
  readonly stated: FieldSet;
  /** The member's object; undefined when it is not there. */
  readonly live: UnstructuredObject | undefined;
  /** The manifest with what the interpreter retains of `live`. */
  readonly retained: UnstructuredObject;
  /** From the journal of the adoption. */
  readonly deferred: readonly Deferred[];
  readonly kind: KindDefinition;
}

export type WritePlan =
  | { readonly action: 'none' }
  | { readonly action: 'create'; readonly object: UnstructuredObject }
  /** Not ours and not to be taken over: nothing is written. */
  | { readonly action: 'refuse'; readonly why: string }
  /** Give up fields before they are left out of the apply. */
  | { readonly action: 'release'; readonly patch: JsonValue }
  | { readonly action: 'apply'; readonly config: UnstructuredObject }
  /** The values are right; only who owns them has to be set right. */
  | { readonly action: 'handOver'; readonly patch: JsonValue };

export const isManaged = (object: UnstructuredObject): boolean => object.metadata.labels?.[managed] === managedValue;

/** An object that exists and that we may not write to, said in the words compatible clients expect. */
export function refusal(cluster: string, manifest: UnstructuredObject): string {
  const { namespace = '', name } = manifest.metadata;
  return `resource(kind=${manifest.kind}, ${namespace}/${name}) already exists in the cluster ${cluster} and the work.karmada.io/conflict-resolution strategy value is empty, Karmada will not manage this resource`;
}

/** A namespace is where things are put: one that is there already serves as it is, and stays its owner's. */
export const isPlace = ({ apiVersion, kind }: UnstructuredObject): boolean =>
  apiVersion === 'v1' && kind === 'Namespace';

export const mayAdopt = (manifest: UnstructuredObject): boolean =>
  manifest.metadata.annotations?.[conflictResolution] === 'overwrite';

/** Does the member hold these fields with these values already? */
const holds = (live: UnstructuredObject, config: UnstructuredObject, fields: FieldSet, kind: KindDefinition): boolean =>
  deepEqual(extractItems(kind.schema, live, fields), config);

/**
 * The next write, one at a time: release, apply, hand over, until `none`. Each looks at the live object alone, so any
 * of them may be the last before a crash.
 */
export function planWrite(input: WriteInput): WritePlan {
  const { cluster, manifest, stated, live, retained, deferred, kind } = input;
  if (!live) return { action: 'create', object: extractItems(kind.schema, manifest, stated) };
  if (!isManaged(live) && !mayAdopt(manifest)) {
    return isPlace(manifest) ? { action: 'none' } : { action: 'refuse', why: refusal(cluster, manifest) };
  }

  const context = { manifest, retained, stated, live, deferred, schema: kind.schema };
  const fields = appliedFields(context);
  const before = appliedBefore(live);
  const givenUp = isEmpty(before) ? undefined : released(live, yielded(context));
  if (givenUp) return { action: 'release', patch: managedFieldsPatch(live, givenUp) };

  const config = extractItems(kind.schema, manifest, fields);
  if (!equalSets(before, fieldSetOf(kind.schema, config)) || !holds(live, config, fields, kind))
    return { action: 'apply', config };
  const entries = handedOver(live, kind);
  return entries ? { action: 'handOver', patch: managedFieldsPatch(live, entries) } : { action: 'none' };
}
