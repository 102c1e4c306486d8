/**
 * Before a template goes, whoever decides what becomes of the member's objects must say that they stay: the policy that
 * has it, its binding, and the Works of what others live in. Rollback trusts no flag that it has not seen.
 */
import { claimOf, policyIdOf } from '#apis/policy/claim.ts';
import { ClusterPropagationPolicyKind } from '#apis/policy/cluster-propagation-policy.ts';
import type { Policy } from '#apis/policy/matching.ts';
import { PropagationPolicyKind } from '#apis/policy/propagation-policy.ts';
import { type Binding, bindingKindFor } from '#apis/work/binding.ts';
import { WorkKind } from '#apis/work/work.ts';
import type { ApiClient, ObjectName, ResourceClient, TypedResource } from '#client/api-client.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';
import { eachLimited } from '#runtime/each.ts';
import { fieldManager } from '../record/store.ts';
import { orNone } from './look.ts';
import { isHome, type Seen, workOf } from './seen.ts';

const flag = { spec: { preserveResourcesOnDeletion: true } };
const writtenAtATime = 16;

interface Preservable extends KubeObject {
  readonly spec: { readonly preserveResourcesOnDeletion?: boolean };
}

async function ensure<T extends Preservable>(resource: ResourceClient<T>, name: ObjectName): Promise<T | undefined> {
  const found = await orNone(resource, name);
  if (!found || found.spec.preserveResourcesOnDeletion === true) return found;
  try {
    return await resource.patch(name, 'merge', flag, { fieldManager });
  } catch (error) {
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  }
}

export async function preserve(control: ApiClient, seen: readonly Seen[], mayWrite: () => void): Promise<void> {
  const holders = new Map<string, () => Promise<unknown>>();
  for (const { template, binding } of seen) {
    const claim = (binding && claimOf(binding)) ?? (template && claimOf(template));
    if (!claim) continue;
    const { kind, namespace, name, id } = claim;
    const policies = control.resource(
      (kind === 'PropagationPolicy' ? PropagationPolicyKind : ClusterPropagationPolicyKind) as TypedResource<Policy>,
    );
    holders.set(`${kind} ${namespace ?? ''}/${name}`, async () => {
      const policy = await orNone(policies, { ...(namespace ? { namespace } : {}), name });
      if (policy && policyIdOf(policy) === id) await ensure(policies, { ...(namespace ? { namespace } : {}), name });
    });
  }
  mayWrite();
  await eachLimited([...holders.values()], writtenAtATime, (write) => write());
  await eachLimited(seen, writtenAtATime, async ({ object, binding, places }) => {
    if (binding) {
      const { namespace, name } = binding.metadata;
      const bindings = control.resource(bindingKindFor(namespace) as TypedResource<Binding>);
      await ensure(bindings, { ...(namespace ? { namespace } : {}), name: name! });
    }
    if (!isHome(object)) return;
    for (const { cluster } of places) await ensure(control.resource(WorkKind), workOf(object, cluster));
  });
}
