/**
 * Full updates, where apply cannot work or is not wanted (ARCHITECTURE.md, rules 9 and 10). Pure: the object to PUT,
 * with the live one's resourceVersion.
 */
import { managedAnnotations, managedLabels, writtenFields } from '#apis/names/annotations.ts';
import { type Manager, managerId, noManagers, readManagers } from '#kube/apply/managers.ts';
import { prune } from '#kube/apply/prune.ts';
import { merge } from '#kube/apply/typed/merge.ts';
import { withoutNulls } from '#kube/apply/typed/nulls.ts';
import { type FieldSet, recursiveDifference, toFieldsV1 } from '#kube/fields/fieldset.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import { isHandedOver, isOfUs } from './managers.ts';

/** As of the stated fields on a Work; what is larger is not recorded, and nothing is taken away by it later. */
const MAX_WRITTEN_BYTES = 64 * 1024;

export interface ThreeWayInput {
  readonly kind: KindDefinition;
  readonly live: UnstructuredObject;
  /** The manifest's fields to be written. */
  readonly config: UnstructuredObject;
  readonly fields: FieldSet;
  /** What we had written before, by apply or update. */
  readonly before: FieldSet;
  readonly yielded: FieldSet;
}

/** The live object with what we state, without what we stated before and nobody else owns. */
export function threeWayUpdate({ kind, live, config, fields, before, yielded }: ThreeWayInput): UnstructuredObject {
  const { schema } = kind;
  const managers = new Map<string, Manager>();
  for (const manager of (readManagers(live.metadata.managedFields) ?? noManagers).values()) {
    // People's tools do not keep what we stated: under apply it is handed over from them.
    const keeps = !isOfUs(manager.entry) && !isHandedOver(manager.entry, live.apiVersion);
    if (keeps) managers.set(managerId(manager.entry), manager);
  }
  managers.set('', { entry: { operation: 'Apply' }, fields });
  const last = recursiveDifference(before, yielded);
  const pruned = prune(schema, merge(schema, live, config), last, fields, managers);
  return withRecord(withoutNulls(schema, merge(schema, pruned, config), live), fields);
}

type StringMap = Readonly<Record<string, string>>;

/** With our note of what we wrote; without one where `fields` is undefined. */
export function withRecord(object: UnstructuredObject, fields: FieldSet | undefined): UnstructuredObject {
  const { [writtenFields]: _, ...others } = object.metadata.annotations ?? {};
  const text = fields && JSON.stringify(toFieldsV1(fields));
  const record: StringMap = text && text.length <= MAX_WRITTEN_BYTES ? { [writtenFields]: text } : {};
  return { ...object, metadata: { ...object.metadata, annotations: { ...others, ...record } } };
}

/** The member's keys stay, but for those that were ours and are no longer in the manifest. */
function merged(live: StringMap = {}, wanted: StringMap = {}, recorded = ''): StringMap | undefined {
  const gone = new Set(recorded.split(',').filter((key) => wanted[key] === undefined));
  const result = { ...Object.fromEntries(Object.entries(live).filter(([key]) => !gone.has(key))), ...wanted };
  return Object.keys(result).length > 0 ? result : undefined;
}

/**
 * The manifest in the place of the live object, as the reference writes it: what the interpreter retains, the
 * member's own labels and annotations, its finalizers, owners and status stay; everything else is the template's.
 */
export function replacement(live: UnstructuredObject, retained: UnstructuredObject): UnstructuredObject {
  const { labels, annotations } = live.metadata;
  const record = (key: string) => annotations?.[key];
  return {
    ...retained,
    metadata: {
      ...live.metadata,
      labels: merged(labels, retained.metadata.labels, record(managedLabels)),
      annotations: merged(annotations, retained.metadata.annotations, record(managedAnnotations)),
    },
    ...(live.status === undefined ? {} : { status: live.status }),
  };
}

/** As two states of an object are compared: without what the server counts and notes for itself. */
export function content(object: KubeObject): KubeObject {
  const { status: _, ...rest } = object as UnstructuredObject;
  const { managedFields: _m, resourceVersion: _r, generation: _g, ...metadata } = object.metadata;
  return { ...rest, metadata };
}
