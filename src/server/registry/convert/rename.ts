/** Conversion of kinds whose versions name the same fields differently. */
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';

/** The object with its top-level fields renamed by `names` and another apiVersion; other fields stay as they are. */
export function renameFields(
  object: KubeObject,
  apiVersion: string,
  names: Readonly<Record<string, string>>,
): KubeObject {
  const renamed: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(object as UnstructuredObject)) renamed[names[name] ?? name] = value;
  renamed.apiVersion = apiVersion;
  return renamed as UnstructuredObject;
}

export function inverse(names: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(names).map(([from, to]) => [to, from]));
}
