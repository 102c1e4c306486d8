/**
 * Letting an object go (ARCHITECTURE.md, rule 8): our marks come off, what we owned goes back to those who owned it
 * before us, and the workload is not touched. One JSON patch, refused when the object has changed meanwhile.
 */
import { lastApplied, manifestAnnotations } from '#apis/names/annotations.ts';
import { manifestLabels } from '#apis/names/labels.ts';
import {
  difference,
  emptyFieldSet,
  type FieldSet,
  fieldSet,
  fromFieldsV1,
  intersect,
  isEmpty,
  recursiveDifference,
  toFieldsV1,
  union,
} from '#kube/fields/fieldset.ts';
import type { JsonValue, ManagedFieldsEntry, UnstructuredObject } from '#kube/meta/object.ts';
import { beforeFirstApply, isOurs } from './managers.ts';

const marks = fieldSet(
  ...manifestLabels.map((key) => ['metadata', 'labels', key]),
  ...manifestAnnotations.map((key) => ['metadata', 'annotations', key]),
);

const identity = ({ manager, operation, apiVersion, subresource }: ManagedFieldsEntry) =>
  [manager, operation, apiVersion, subresource].join('\n');

const fieldsOf = (entry: ManagedFieldsEntry | undefined): FieldSet =>
  entry ? fromFieldsV1(entry.fieldsV1) : emptyFieldSet;

/** Entries after the hand-back: what nobody else owns now goes to its journalled owners, the rest of ours to `before-first-apply`. */
function handedBack(
  live: UnstructuredObject,
  original: UnstructuredObject | undefined,
  time: string,
): readonly ManagedFieldsEntry[] {
  const entries = live.metadata.managedFields ?? [];
  const others = entries.filter((entry) => !isOurs(entry));
  const ours = recursiveDifference(fieldsOf(entries.find(isOurs)), marks);
  const taken = others.reduce((set, entry) => union(set, fieldsOf(entry)), emptyFieldSet);
  const byIdentity = new Map(others.map((entry) => [identity(entry), entry]));
  let rest = ours;
  for (const owner of original?.metadata.managedFields ?? []) {
    if (owner.subresource === 'status') continue;
    const back = difference(fieldsOf(owner), difference(taken, ours));
    if (isEmpty(back)) continue;
    const entry = byIdentity.get(identity(owner)) ?? { ...owner, fieldsV1: {} };
    byIdentity.set(identity(owner), { ...entry, fieldsV1: toFieldsV1(union(fieldsOf(entry), back)) });
    rest = difference(rest, back);
  }
  const result = [...byIdentity.values()];
  if (isEmpty(rest)) return result;
  return [
    ...result,
    {
      manager: beforeFirstApply,
      operation: 'Update',
      apiVersion: live.apiVersion,
      time,
      fieldsType: 'FieldsV1',
      fieldsV1: toFieldsV1(rest),
    },
  ];
}

type StringMap = Readonly<Record<string, string>>;

/** Without our marks; keys the original had of them, and kubectl's record, get their old values back. */
function cleaned(
  now: StringMap | undefined,
  before: StringMap | undefined,
  keys: readonly string[],
  restored: readonly string[],
): StringMap {
  const result = Object.fromEntries(Object.entries(now ?? {}).filter(([key]) => !keys.includes(key)));
  for (const key of restored) if (before?.[key] !== undefined && now?.[key] !== undefined) result[key] = before[key];
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

/** `time` is RFC 3339, for the entry of what had no owner before. */
export function letGo(live: UnstructuredObject, original: UnstructuredObject | undefined, time: string): LetGo {
  const { labels, annotations, resourceVersion } = live.metadata;
  const before = original?.metadata;
  const operations = [
    { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion },
    ...replaceMap('/metadata/labels', labels, cleaned(labels, before?.labels, manifestLabels, [])),
    ...replaceMap(
      '/metadata/annotations',
      annotations,
      cleaned(annotations, before?.annotations, manifestAnnotations, [lastApplied]),
    ),
    {
      op: live.metadata.managedFields ? 'replace' : 'add',
      path: '/metadata/managedFields',
      value: handedBack(live, original, time),
    },
  ];
  const owner = before?.managedFields?.find((entry) => {
    const path = fieldSet(['metadata', 'annotations', lastApplied]);
    return entry.operation === 'Update' && !isEmpty(intersect(fieldsOf(entry), path));
  });
  return { patch: operations as unknown as JsonValue, fieldManager: owner?.manager ?? beforeFirstApply };
}
