/** Names the control plane computes for the objects it makes (compatibility.md section 2.1). */
import { keyFor } from '#kube/meta/key.ts';
import type { GroupVersionKind } from '#kube/meta/kind.ts';
import { fnv1a32, safeEncode } from '#kube/names/hash.ts';

export const systemNamespace = 'karmada-system';
export const clusterNamespace = 'karmada-cluster';
const executionPrefix = 'karmada-es-';

/** `karmada-es-member1`: where the Works for a cluster live. */
export const executionNamespace = (cluster: string): string => executionPrefix + cluster;

/** The cluster an execution namespace belongs to; undefined for other namespaces. */
export function clusterOfExecutionNamespace(namespace: string): string | undefined {
  return namespace.startsWith(executionPrefix) ? namespace.slice(executionPrefix.length) : undefined;
}

/** Namespaces nothing is propagated from. */
export function isReservedNamespace(namespace: string): boolean {
  return namespace === systemNamespace || namespace === clusterNamespace || namespace.startsWith(executionPrefix);
}

const dotted = (name: string) => name.toLowerCase().replaceAll(':', '.');
const hashOf = (text: string) => safeEncode(String(fnv1a32(text)));

/** `web-deployment`. Two kinds of one name in different groups collide, as they do upstream. */
export const bindingNameFor = (kind: string, name: string): string => `${dotted(name)}-${kind.toLowerCase()}`;

/** `5dbb6dc9c8`: what stands for a binding in the labels of the bindings it depends on. */
export const bindingReferenceKey = (namespace: string | undefined, name: string): string =>
  hashOf(keyFor(namespace, name));

/** `web-7b7cc5b9ff`: the template's name and a hash of where it comes from. */
export function workNameFor(kind: string, name: string, namespace: string | undefined): string {
  const identity = namespace ? `${namespace}-${name}-${kind}` : `${name}-${kind}`;
  return `${dotted(name)}-${hashOf(identity.toLowerCase())}`;
}

/**
 * `nginx-deploy-6d7f8d5f5b`: the policy that `promote` and `apply -C` make for one template. The kind counts as Go
 * prints it: `apps/v1, Kind=Deployment`, and `/v1, Kind=Service` for the core group.
 */
export function policyNameFor(
  { group, version, kind }: GroupVersionKind,
  name: string,
  namespace: string | undefined,
): string {
  return `${dotted(name)}-${hashOf(`${namespace ?? ''}${group}/${version}, Kind=${kind}`)}`;
}
