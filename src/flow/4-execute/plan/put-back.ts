/** Fields of an object get the values that they had in another one. Pure. */
import { elementKinds, type PathElement } from '#kube/fields/element.ts';
import { type FieldSet, pathsOf } from '#kube/fields/fieldset.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';

type Fields = Readonly<Record<string, unknown>>;
type Path = readonly PathElement[];

const isEmpty = (value: unknown): boolean =>
  Array.isArray(value) ? value.length === 0 : Object.keys(value as object).length === 0;

/** What is empty for it, and was not there, is not left. */
const orGone = (value: unknown, before: unknown): unknown =>
  before === undefined && isEmpty(value) ? undefined : value;

function inFields(now: Fields, before: Fields | undefined, name: string, rest: Path): unknown {
  const value = put(now[name], before?.[name], rest);
  if (value !== undefined) return { ...now, [name]: value };
  const { [name]: _, ...others } = now;
  return orGone(others, before);
}

function inList(now: readonly unknown[], before: readonly unknown[] | undefined, element: PathElement, rest: Path) {
  const is = (item: unknown): boolean =>
    element.kind === elementKinds.value
      ? deepEqual(item, element.value)
      : element.keys.every((key) => deepEqual((item as Fields | null)?.[key.name], key.value));
  const at = now.findIndex(is);
  const value = put(at < 0 ? undefined : now[at], before?.find(is), rest);
  if (value === undefined) return orGone(at < 0 ? now : now.toSpliced(at, 1), before);
  return at < 0 ? [...now, value] : now.with(at, value);
}

function put(now: unknown, before: unknown, path: Path): unknown {
  const [element, ...rest] = path;
  if (!element) return before;
  if (now === undefined && before === undefined) return undefined;
  if (element.kind === elementKinds.field)
    return inFields((now ?? {}) as Fields, before as Fields | undefined, element.name, rest);
  if (element.kind === elementKinds.index) return before;
  return inList((now ?? []) as readonly unknown[], before as readonly unknown[] | undefined, element, rest);
}

/** `live` with `fields` as `original` has them: what it lacks is taken out. Items of lists come at their end. */
export const putBack = (live: UnstructuredObject, original: UnstructuredObject, fields: FieldSet): UnstructuredObject =>
  pathsOf(fields).reduce<UnstructuredObject>((object, path) => put(object, original, path) as UnstructuredObject, live);
