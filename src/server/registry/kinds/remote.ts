/** Versions that a webhook converts: what is read or written is sent there first, and the rest goes on as for any kind. */
import type { KubeObject } from '#kube/meta/object.ts';
import { asStored, fromStorage, type ServedKind, toStorage } from './served.ts';

/** To be awaited before fromStorage, where it answers a promise; all of them in one request. */
export const readable = (served: ServedKind, stored: readonly KubeObject[]): Promise<void> | undefined =>
  served.conversion?.remote?.read(stored);

/** To be awaited before toStorage, where it answers a promise. */
export const storable = (served: ServedKind, object: KubeObject): Promise<void> | undefined =>
  served.conversion?.remote?.write(object);

/** `then` at once, or when what it waits for has come. */
export function after<T>(waiting: Promise<void> | undefined, then: () => T | Promise<T>): T | Promise<T> {
  return waiting ? waiting.then(then) : then();
}

/** What a dry run shows: the object as it would be read again, were it stored. */
export function rehearsed(served: ServedKind, object: KubeObject): KubeObject | Promise<KubeObject> {
  return after(storable(served, object), () =>
    after(served.conversion?.remote && readable(served, [toStorage(served, object)]), () => asStored(served, object)),
  );
}

/** From one version of a kind to another. */
export async function converted(from: ServedKind, to: ServedKind, object: KubeObject): Promise<KubeObject> {
  await storable(from, object);
  const stored = toStorage(from, object);
  await readable(to, [stored]);
  return fromStorage(to, stored);
}
