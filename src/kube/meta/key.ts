/** `namespace/name` keys, as work queues and informers use them. */
import type { KubeObject } from './object.ts';

/** Cluster-scoped objects have the bare name as their key. */
export function keyOf(object: { readonly metadata: KubeObject['metadata'] }): string {
  const { namespace, name } = object.metadata;
  return namespace ? `${namespace}/${name}` : (name ?? '');
}

export function keyFor(namespace: string | undefined, name: string): string {
  return namespace ? `${namespace}/${name}` : name;
}
