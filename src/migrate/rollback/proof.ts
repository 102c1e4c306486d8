/**
 * Whether a member's object is as it was before it was taken over: nothing of ours is left on it, its fields and their
 * owners are the original's. What others have changed meanwhile stays, and is told. Pure.
 */
import { manifestAnnotations } from '#apis/names/annotations.ts';
import { manifestLabels } from '#apis/names/labels.ts';
import { isOfUs } from '#flow/4-execute/plan/managers.ts';
import { compare } from '#kube/apply/typed/compare.ts';
import { elementKinds, type PathElement } from '#kube/fields/element.ts';
import { difference, fieldSet, fromFieldsV1, isEmpty, leaves, pathsOf, union } from '#kube/fields/fieldset.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import type { ManagedFieldsEntry, UnstructuredObject } from '#kube/meta/object.ts';
import { ownersOf } from '../changes/owners.ts';
import type { OwnedField } from '../model.ts';

type StringMap = Readonly<Record<string, string>>;

const strange = (now: StringMap = {}, before: StringMap = {}, ours: readonly string[]): readonly string[] =>
  ours.filter((key) => now[key] !== undefined && before[key] === undefined);

/** Labels, annotations and managedFields entries of ours that the object carries and did not carry before. */
export function remains(live: UnstructuredObject, original?: UnstructuredObject): readonly string[] {
  const [now, before] = [live.metadata, original?.metadata];
  const entries = (now.managedFields ?? []).some(isOfUs) && !before?.managedFields?.some(isOfUs);
  return [
    ...strange(now.labels, before?.labels, manifestLabels).map((key) => `label ${key}`),
    ...strange(now.annotations, before?.annotations, manifestAnnotations).map((key) => `annotation ${key}`),
    ...(entries ? ['a managedFields entry of flotilla'] : []),
  ];
}

const isStatus = ([first]: readonly PathElement[]): boolean =>
  first?.kind === elementKinds.field && first.name === 'status';

/** Fields that are not as they were, status apart. */
export function changedPaths(
  original: UnstructuredObject,
  live: UnstructuredObject,
  { schema }: KindDefinition,
): readonly (readonly PathElement[])[] {
  const { added, modified, removed } = compare(schema, original, live);
  return pathsOf(leaves(union(union(added, modified), removed))).filter((path) => !isStatus(path));
}

/** Fields that are not as they were, and whose they are now; of a field that is gone nobody is the owner. */
export function changedSince(
  original: UnstructuredObject,
  live: UnstructuredObject,
  kind: KindDefinition,
): readonly OwnedField[] {
  const told = changedPaths(original, live, kind);
  return told.length === 0 ? [] : ownersOf(live, fieldSet(...told));
}

const key = ({ manager, operation, apiVersion, subresource }: ManagedFieldsEntry): string =>
  [manager, operation, apiVersion, subresource ?? ''].join(' ');

/** Managers whose fields are not those they owned before, status and times apart. */
export function ownedOtherwise(original: UnstructuredObject, live: UnstructuredObject): readonly string[] {
  const [before, now] = [original, live].map(
    ({ metadata }) =>
      new Map(
        (metadata.managedFields ?? [])
          .filter(({ subresource }) => subresource !== 'status')
          .map((entry) => [key(entry), entry] as const),
      ),
  ) as [Map<string, ManagedFieldsEntry>, Map<string, ManagedFieldsEntry>];
  const keys = new Set([...before.keys(), ...now.keys()]);
  const otherwise = [...keys].filter((each) => {
    const [old, current] = [before, now].map((entries) => fromFieldsV1(entries.get(each)?.fieldsV1));
    return !isEmpty(difference(old!, current!)) || !isEmpty(difference(current!, old!));
  });
  return [...new Set(otherwise.map((each) => (now.get(each) ?? before.get(each))!.manager ?? ''))];
}
