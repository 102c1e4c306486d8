/**
 * A referrer that goes and whose policy says that members keep what they hold: its dependencies are kept too, even if
 * the flag was set a moment before (ARCHITECTURE.md, "Rollback has no race"). Their Works learn it before they go.
 */

import { clusterOfExecutionNamespace } from '#apis/names/objects.ts';
import { claimOf, policyIdOf } from '#apis/policy/claim.ts';
import { ClusterPropagationPolicyKind } from '#apis/policy/cluster-propagation-policy.ts';
import type { Policy } from '#apis/policy/matching.ts';
import { PropagationPolicyKind } from '#apis/policy/propagation-policy.ts';
import { type Binding, bindingIdOf, byBindingId } from '#apis/work/binding.ts';
import { keyOf } from '#kube/meta/key.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';
import { type DependenciesContext, snapshotKey } from './context.ts';
import { isPlaced } from './plan.ts';

/** The policy that holds the binding, as the API server has it now; undefined when there is none. */
async function holderOf({ client }: DependenciesContext, binding: Binding): Promise<Policy | undefined> {
  const claim = claimOf(binding);
  if (!claim) return undefined;
  const { namespace, name, id } = claim;
  try {
    const policy: Policy = namespace
      ? await client.resource(PropagationPolicyKind).get({ namespace, name })
      : await client.resource(ClusterPropagationPolicyKind).get({ name });
    return policyIdOf(policy) === id ? policy : undefined;
  } catch (error) {
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  }
}

async function preserves(context: DependenciesContext, referrer: Binding): Promise<boolean> {
  if (referrer.spec.preserveResourcesOnDeletion === true) return true;
  if (referrer.metadata.deletionTimestamp === undefined) return false;
  return (await holderOf(context, referrer))?.spec.preserveResourcesOnDeletion === true;
}

/**
 * Must Works of the binding still learn that they are preserved, before those who need it no longer are taken off it?
 * Has them learn it, through the binding. A binding without its object is ended as a whole, and learns it there.
 */
export async function stampsMissing(
  context: DependenciesContext,
  existing: Binding,
  object: KubeObject | undefined,
  referrers: readonly Binding[],
): Promise<boolean> {
  if (!object || isPlaced(existing)) return false;
  const staying = new Set(referrers.map(keyOf));
  const clusters = new Set<string>();
  for (const snapshot of existing.spec.requiredBy ?? []) {
    const referrer = staying.has(snapshotKey(snapshot))
      ? undefined
      : context.bindings('any').get(snapshotKey(snapshot));
    if (!referrer || !(await preserves(context, referrer))) continue;
    for (const { name } of snapshot.clusters ?? []) clusters.add(name);
  }
  if (clusters.size === 0) return false;
  const unstamped = context.works.byIndex(byBindingId, bindingIdOf(existing)).filter(({ metadata, spec }) => {
    const cluster = clusterOfExecutionNamespace(metadata.namespace!) ?? '';
    return clusters.has(cluster) && !metadata.deletionTimestamp && spec.preserveResourcesOnDeletion !== true;
  });
  if (unstamped.length === 0) return false;
  if (existing.spec.preserveResourcesOnDeletion !== true) {
    const spec = { ...existing.spec, preserveResourcesOnDeletion: true };
    await context.bindings(existing.metadata.namespace).update({ ...existing, spec } as Binding);
  }
  return true;
}
