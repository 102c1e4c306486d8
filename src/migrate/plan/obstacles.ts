/** What the control plane has already that stands in an object's way. */
import { clusterPolicyName, policyName, policyNamespace } from '#apis/names/annotations.ts';
import { bindingNameFor } from '#apis/names/objects.ts';
import { claimOf } from '#apis/policy/claim.ts';
import { apiVersionOf, type GroupVersionKind } from '#kube/meta/kind.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { eachLimited } from '#runtime/each.ts';
import { identityOf } from './identity.ts';
import type { Source } from './inventory.ts';
import { planLabel } from './policies.ts';

/** Lists on their way at a time. */
const kindsAtATime = 8;

/** What a lookup of a template in the control plane finds; undefined: none. */
export type Obstacles = (object: KubeObject) => KubeObject | undefined;

/** Why not; undefined where the way is free. Templates of the same plan are its own, from an earlier apply. */
export function standsInTheWay(found: KubeObject | undefined, plan: string): string | undefined {
  if (!found || found.metadata.labels?.[planLabel] === plan) return undefined;
  const claim = claimOf(found);
  const { namespace, name } = found.metadata;
  const template = `the control plane has a template ${found.kind} ${namespace ? `${namespace}/` : ''}${name} already`;
  if (!claim) return `${template}; delete it there, or leave this object out with --kinds or -l`;
  const { [policyNamespace]: ns, [policyName]: own, [clusterPolicyName]: wide } = found.metadata.annotations ?? {};
  return `${template}, and ${claim.kind} ${own ? `${ns}/${own}` : wide} has it`;
}

/**
 * Two objects whose bindings would have one name: bindings are named after name and kind, and say nothing of the
 * group. The first in order of their groups is taken.
 */
export function sharedNames(objects: readonly KubeObject[]): ReadonlyMap<KubeObject, KubeObject> {
  const first = new Map<string, KubeObject>();
  const taken = new Map<KubeObject, KubeObject>();
  for (const object of [...objects].sort((a, b) => (a.apiVersion < b.apiVersion ? -1 : 1))) {
    const key = `${object.metadata.namespace ?? ''}/${bindingNameFor(object.kind, object.metadata.name!)}`;
    const other = first.get(key);
    if (other) taken.set(object, other);
    else first.set(key, object);
  }
  return taken;
}

/** A read of the control plane's templates by kind, each kind once; nothing where the cluster is not joined yet. */
export async function controlPlaneObstacles(
  { client, mapper }: Source,
  kinds: readonly GroupVersionKind[],
): Promise<Obstacles> {
  const found = new Map<string, KubeObject>();
  await eachLimited(kinds, kindsAtATime, async (gvk) => {
    const resource = await mapper.find(gvk);
    if (!resource) return;
    for (const item of (await client.resource(resource).list()).items)
      found.set(identityOf(apiVersionOf(gvk), gvk.kind, item.metadata.namespace, item.metadata.name!), {
        ...item,
        apiVersion: apiVersionOf(gvk),
        kind: gvk.kind,
      });
  });
  return ({ apiVersion, kind, metadata }) =>
    found.get(identityOf(apiVersion, kind, metadata.namespace, metadata.name!));
}
