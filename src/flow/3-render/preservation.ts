/**
 * Whether what a binding holds in its members is to be kept when it goes. Decided by what the API server has now, not
 * by a cache: a flag that was set a moment before the deletion counts (ARCHITECTURE.md, "Rollback has no race").
 */
import { type Claim, claimOf, policyIdOf } from '#apis/policy/claim.ts';
import { ClusterPropagationPolicyKind } from '#apis/policy/cluster-propagation-policy.ts';
import { mayPreempt, type Policy, policyRank, type Selectable } from '#apis/policy/matching.ts';
import { PropagationPolicyKind } from '#apis/policy/propagation-policy.ts';
import { type Binding, bindingKindFor } from '#apis/work/binding.ts';
import type { Work } from '#apis/work/work.ts';
import type { ApiClient, ObjectName, ResourceClient, TypedResource } from '#client/api-client.ts';
import { type CachedResource, nameOf } from '#client/cached.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';

export interface PreservationContext {
  readonly client: ApiClient;
  readonly bindings: CachedResource<Binding>;
}

/** `works` are the binding's own: they tell the labels of a template that is gone already. */
export async function mustPreserve(
  context: PreservationContext,
  { metadata, spec }: Binding,
  works: readonly Work[],
): Promise<boolean> {
  const binding = await read(context.bindings.live, nameOf({ metadata } as KubeObject));
  // Neither the binding nor its policy can be read: nothing is deleted on a guess.
  if (!binding || binding.metadata.uid !== metadata.uid || binding.spec.preserveResourcesOnDeletion) return true;
  if (binding.spec.placement === undefined && (await referrersPreserve(context, binding))) return true;
  const claim = claimOf(binding);
  const holder = claim && (await readPolicy(context, claim));
  if (holder?.spec.preserveResourcesOnDeletion) return true;
  if (claim && !holder) {
    // A policy stamps its flag on its bindings and frees them before it goes; one that has not was taken away by force.
    const after = await read(context.bindings.live, nameOf(binding));
    if (!after || after.spec.preserveResourcesOnDeletion || claimOf(after)?.id === claim.id) return true;
  }
  return othersPreserve(context, selectableOf(spec, works), holder);
}

/** A dependency is kept with what needs it; one whose referrer was taken away by force is kept too. */
async function referrersPreserve(context: PreservationContext, { spec }: Binding): Promise<boolean> {
  for (const { namespace, name } of spec.requiredBy ?? []) {
    const kind = bindingKindFor(namespace) as TypedResource<Binding>;
    const referrer = await read(context.client.resource(kind), { name, ...(namespace ? { namespace } : {}) });
    if (!referrer || referrer.spec.preserveResourcesOnDeletion) return true;
    const claim = claimOf(referrer);
    if (claim && (await readPolicy(context, claim))?.spec.preserveResourcesOnDeletion) return true;
  }
  return false;
}

async function read<T extends KubeObject>(resource: ResourceClient<T>, name: ObjectName): Promise<T | undefined> {
  try {
    return await resource.get(name);
  } catch (error) {
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  }
}

async function readPolicy({ client }: PreservationContext, claim: Claim): Promise<Policy | undefined> {
  const { name, namespace } = claim;
  const policy: Policy | undefined =
    claim.kind === 'PropagationPolicy'
      ? await read(client.resource(PropagationPolicyKind), { namespace, name })
      : await read(client.resource(ClusterPropagationPolicyKind), { name });
  return policy && policyIdOf(policy) === claim.id ? policy : undefined;
}

function selectableOf({ resource }: Binding['spec'], works: readonly Work[]): Selectable {
  const manifest = works[0]?.spec.workload?.manifests?.[0] as KubeObject | undefined;
  const { apiVersion, kind, namespace, name } = resource;
  return { apiVersion, kind, metadata: { namespace, name, labels: manifest?.metadata.labels } };
}

/**
 * A policy that was about to take the template over (a replacement of the one that is gone, a preemption under way)
 * has its word too: the template went before detection came to it.
 */
async function othersPreserve(
  { client }: PreservationContext,
  template: Selectable,
  holder: Policy | undefined,
): Promise<boolean> {
  const { namespace } = template.metadata;
  const [own, clusterWide] = await Promise.all([
    namespace ? client.resource(PropagationPolicyKind).list({ namespace }) : { items: [] },
    client.resource(ClusterPropagationPolicyKind).list(),
  ]);
  return [...own.items, ...clusterWide.items].some(
    (policy: Policy) =>
      policy.spec.preserveResourcesOnDeletion === true &&
      (holder === undefined || mayPreempt(policy, holder)) &&
      policyRank(policy, template) > 0,
  );
}
