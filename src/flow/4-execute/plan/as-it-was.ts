/** Which fields of an object hold what they held when it was adopted. */
import { elementKinds, type PathElement } from '#kube/fields/element.ts';
import { type FieldSet, fieldSet, pathsOf } from '#kube/fields/fieldset.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';

type Fields = Readonly<Record<string, unknown>>;

function below(value: unknown, { kind, name, keys, value: wanted }: PathElement): unknown {
  if (kind === elementKinds.field) return (value as Fields | undefined)?.[name];
  if (!Array.isArray(value)) return undefined;
  if (kind === elementKinds.index) return value[wanted as number];
  if (kind === elementKinds.value) return value.find((item) => deepEqual(item, wanted));
  return value.find((item: Fields | null) => keys.every((key) => deepEqual(item?.[key.name], key.value)));
}

/** The members of `fields` that both objects have with one value. */
export function asItWas(fields: FieldSet, live: UnstructuredObject, original: UnstructuredObject): FieldSet {
  const unchanged = pathsOf(fields).filter((path) => {
    const [now, before] = [live, original].map((object) => path.reduce<unknown>(below, object));
    return now !== undefined && deepEqual(now, before);
  });
  return fieldSet(...unchanged);
}
