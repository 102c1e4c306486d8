/**
 * Letting an object go (ARCHITECTURE.md, rule 8): our marks come off, what we owned goes back to those who owned it
 * before us, and the workload is not touched. One JSON patch, refused when the object has changed meanwhile.
 */
import { lastApplied, manifestAnnotations } from '#apis/names/annotations.ts';
import { manifestLabels } from '#apis/names/labels.ts';
import { type Assignment, giveFieldsTo, managedFieldsPatch } from '#kube/apply/ownership.ts';
import {
  difference,
  emptyFieldSet,
  type FieldSet,
  fieldSet,
  fromFieldsV1,
  has,
  pathsOf,
  recursiveDifference,
  toFieldsV1,
  union,
} from '#kube/fields/fieldset.ts';
import type { JsonValue, ManagedFieldsEntry, UnstructuredObject } from '#kube/meta/object.ts';
import { writtenBefore } from './applied.ts';
import { asItWas } from './as-it-was.ts';
import { beforeFirstApply, fieldManager, isOfUs, isOurs } from './managers.ts';
import { putBack } from './put-back.ts';

const marks = fieldSet(
  ...manifestLabels.map((key) => ['metadata', 'labels', key]),
  ...manifestAnnotations.map((key) => ['metadata', 'annotations', key]),
);
const lastAppliedPath = ['metadata', 'annotations', lastApplied];

const fieldsOf = (entry: ManagedFieldsEntry): FieldSet => fromFieldsV1(entry.fieldsV1);
const allOf = (entries: readonly ManagedFieldsEntry[]): FieldSet =>
  entries.reduce((set, entry) => union(set, fieldsOf(entry)), emptyFieldSet);

const entryOf = (manager: string, operation: 'Apply' | 'Update', apiVersion: string, time: string) =>
  ({ manager, operation, apiVersion, time, fieldsType: 'FieldsV1' }) as const satisfies ManagedFieldsEntry;

/**
 * Entries after the hand-back. Given back are our fields, and those that nobody owns since the hand-over took the
 * defaults from their owners. What the journal names nobody for goes to `before-first-apply`, unless it is as it was:
 * a default that nobody owned is nobody's again.
 */
function handedBack(
  live: UnstructuredObject,
  original: UnstructuredObject | undefined,
  time: string,
): readonly ManagedFieldsEntry[] {
  const entries = live.metadata.managedFields ?? [];
  const others = entries.filter((entry) => !isOfUs(entry));
  const ours = recursiveDifference(union(allOf(entries.filter(isOfUs)), writtenBefore(live)), marks);
  const owners = (original?.metadata.managedFields ?? []).filter((entry) => entry.subresource !== 'status');
  const ownerless = difference(allOf(owners), allOf(others));
  const returned = union(ours, ownerless);
  // A server takes an empty list for no answer: where nobody owned anything, somebody has to now.
  const unowned =
    original && owners.length > 0 ? asItWas(difference(returned, allOf(owners)), live, original) : emptyFieldSet;
  const pool = {
    ...entryOf(fieldManager, 'Apply', live.apiVersion, time),
    fieldsV1: toFieldsV1(difference(returned, unowned)),
  };
  const pooled = { ...live, metadata: { ...live.metadata, managedFields: [...others, pool] } };
  const assignments: readonly Assignment[] = owners.map((entry) => ({ entry, fields: fieldsOf(entry) }));
  return giveFieldsTo(pooled, isOurs, assignments, entryOf(beforeFirstApply, 'Update', live.apiVersion, time));
}

type StringMap = Readonly<Record<string, string>>;

/** Without our marks. A key of them that the original had, and kubectl's record where it is ours, are as they were. */
function cleaned(now: StringMap, before: StringMap, ourKeys: ReadonlySet<string>): StringMap {
  const result: Record<string, string> = {};
  for (const key in now) if (!ourKeys.has(key)) result[key] = now[key]!;
  for (const key of ourKeys) if (before[key] !== undefined && now[key] !== undefined) result[key] = before[key];
  return result;
}

const replaceMap = (path: string, now: StringMap | undefined, wanted: StringMap): readonly object[] => {
  if (now === undefined) return [];
  return Object.keys(wanted).length > 0 ? [{ op: 'replace', path, value: wanted }] : [{ op: 'remove', path }];
};

/** What is put back, but for metadata, which is written anyway. */
function contentOperations(found: UnstructuredObject, live: UnstructuredObject): readonly object[] {
  const keys = [...new Set([...Object.keys(found), ...Object.keys(live)])];
  return keys
    .filter((key) => key !== 'metadata' && found[key] !== live[key])
    .map((key) => {
      const path = `/${key}`;
      if (live[key] === undefined) return { op: 'remove', path };
      return { op: found[key] === undefined ? 'add' : 'replace', path, value: live[key] };
    });
}

export interface LetGo {
  readonly patch: JsonValue;
  /** The field manager under which the patch is sent, so that restored keys are their old owner's. */
  readonly fieldManager: string;
}

/**
 * `original` is the object as it was adopted, if it was; `time` is RFC 3339, for the entry of what had no owner. With
 * `restored` these fields get the original's values in the same write.
 */
export function letGo(
  found: UnstructuredObject,
  original: UnstructuredObject | undefined,
  time: string,
  restored: FieldSet = emptyFieldSet,
): LetGo {
  const live = original ? putBack(found, original, restored) : found;
  const { labels, annotations } = live.metadata;
  const before = original?.metadata;
  const recordIsOurs = has(
    union(allOf((live.metadata.managedFields ?? []).filter(isOfUs)), writtenBefore(live)),
    lastAppliedPath,
  );
  const annotationKeys = new Set<string>([...manifestAnnotations, ...(original && recordIsOurs ? [lastApplied] : [])]);
  const [test, ownership] = managedFieldsPatch(live, handedBack(live, original, time));
  const operations = [
    test,
    ...contentOperations(found, live),
    ...replaceMap('/metadata/labels', labels, cleaned(labels ?? {}, before?.labels ?? {}, new Set(manifestLabels))),
    ...replaceMap(
      '/metadata/annotations',
      annotations,
      cleaned(annotations ?? {}, before?.annotations ?? {}, annotationKeys),
    ),
    ...(live.metadata.managedFields ? [ownership] : []),
  ];
  const [first] = pathsOf(restored);
  const owner =
    before?.managedFields?.find((entry) => first && !entry.subresource && has(fieldsOf(entry), first)) ??
    before?.managedFields?.find((entry) => entry.operation === 'Update' && has(fieldsOf(entry), lastAppliedPath));
  return { patch: operations as unknown as JsonValue, fieldManager: owner?.manager ?? beforeFirstApply };
}
