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
  recursiveDifference,
  toFieldsV1,
  union,
} from '#kube/fields/fieldset.ts';
import type { JsonValue, ManagedFieldsEntry, UnstructuredObject } from '#kube/meta/object.ts';
import { writtenBefore } from './applied.ts';
import { asItWas } from './as-it-was.ts';
import { beforeFirstApply, fieldManager, isOfUs, isOurs } from './managers.ts';

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

export interface LetGo {
  readonly patch: JsonValue;
  /** The field manager under which the patch is sent, so that restored keys are their old owner's. */
  readonly fieldManager: string;
}

/** `original` is the object as it was adopted, if it was; `time` is RFC 3339, for the entry of what had no owner. */
export function letGo(live: UnstructuredObject, original: UnstructuredObject | undefined, time: string): LetGo {
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
    ...replaceMap('/metadata/labels', labels, cleaned(labels ?? {}, before?.labels ?? {}, new Set(manifestLabels))),
    ...replaceMap(
      '/metadata/annotations',
      annotations,
      cleaned(annotations ?? {}, before?.annotations ?? {}, annotationKeys),
    ),
    ...(live.metadata.managedFields ? [ownership] : []),
  ];
  const owner = before?.managedFields?.find(
    (entry) => entry.operation === 'Update' && has(fieldsOf(entry), lastAppliedPath),
  );
  return { patch: operations as unknown as JsonValue, fieldManager: owner?.manager ?? beforeFirstApply };
}
