/** Copies of objects with other metadata. */
import type { KubeObject, ObjectMeta } from '#kube/meta/object.ts';

/** `changes` laid over the metadata; `undefined` takes a field away. */
export function withMetadata<T extends KubeObject>(
  object: T,
  changes: { readonly [K in keyof ObjectMeta]: ObjectMeta[K] | undefined },
): T {
  const metadata: Record<string, unknown> = { ...object.metadata, ...changes };
  for (const name in changes) if (metadata[name] === undefined) delete metadata[name];
  return { ...object, metadata: metadata as ObjectMeta };
}

/** The object with one top-level field set, or taken away by `undefined`; the same reference when it is so already. */
export function withField<T extends KubeObject>(object: T, name: string, value: unknown): T {
  const fields = object as unknown as Readonly<Record<string, unknown>>;
  if (fields[name] === value) return object;
  const copy: Record<string, unknown> = { ...fields };
  if (value === undefined) delete copy[name];
  else copy[name] = value;
  return copy as unknown as T;
}
