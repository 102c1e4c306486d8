/** The plan's policies name every object they are for: one that is rolled back is named no more. */
import { ClusterPropagationPolicyKind } from '#apis/policy/cluster-propagation-policy.ts';
import type { Policy } from '#apis/policy/matching.ts';
import { PropagationPolicyKind } from '#apis/policy/propagation-policy.ts';
import type { ApiClient, TypedResource } from '#client/api-client.ts';
import { nameOf } from '#client/cached.ts';
import { listAll } from '#client/list-all.ts';
import { isReason } from '#kube/status/status.ts';
import type { PlannedObject } from '../model.ts';
import { planLabel } from '../policies.ts';
import { identityOf } from '../reading/identity.ts';
import { fieldManager } from '../record/store.ts';

/** The policy without these objects; undefined where it names nothing any more, the same reference where it named none. */
export function withoutObjects(policy: Policy, identities: ReadonlySet<string>): Policy | undefined {
  const { resourceSelectors } = policy.spec;
  const left = resourceSelectors.filter(({ apiVersion, kind, namespace, name }) => {
    const place = policy.metadata.namespace ?? (namespace || undefined);
    return !name || !identities.has(identityOf(apiVersion, kind, place, name));
  });
  if (left.length === resourceSelectors.length) return policy;
  return left.length === 0 ? undefined : { ...policy, spec: { ...policy.spec, resourceSelectors: left } };
}

/** Somebody else edits it at the same time; nobody does it so often. */
const mostAttempts = 10;

const kinds = [PropagationPolicyKind, ClusterPropagationPolicyKind] as readonly TypedResource<Policy>[];

export async function shrinkPolicies(
  control: ApiClient,
  plan: string,
  objects: readonly PlannedObject[],
  mayWrite: () => void,
): Promise<void> {
  const identities = new Set(
    objects.map(({ apiVersion, kind, namespace, name }) => identityOf(apiVersion, kind, namespace, name)),
  );
  for (const kind of kinds) {
    const found = await listAll(control, kind, { labelSelector: `${planLabel}=${plan}` });
    for (const policy of found) {
      if (withoutObjects(policy, identities) === policy) continue;
      mayWrite();
      await shrink(control, kind, policy, identities);
    }
  }
}

async function shrink(
  control: ApiClient,
  kind: TypedResource<Policy>,
  listed: Policy,
  identities: ReadonlySet<string>,
): Promise<void> {
  const policies = control.resource(kind);
  for (let attempt = 1; ; attempt++) {
    try {
      const policy = attempt === 1 ? listed : await policies.get(nameOf(listed));
      const left = withoutObjects(policy, identities);
      if (left === policy) return;
      if (left)
        await policies.update({ ...left, apiVersion: listedVersion(kind), kind: kind.kind } as Policy, {
          fieldManager,
        });
      else {
        const { uid, resourceVersion } = policy.metadata;
        const preconditions = { ...(uid ? { uid } : {}), ...(resourceVersion ? { resourceVersion } : {}) };
        await policies.delete(nameOf(policy), { preconditions });
      }
      return;
    } catch (error) {
      if (isReason(error, 'NotFound')) return;
      if (!isReason(error, 'Conflict') || attempt === mostAttempts) throw error;
    }
  }
}

const listedVersion = ({ group, version }: TypedResource<Policy>): string => `${group}/${version}`;
