/**
 * The end of a policy: what it held stays where it is, but is free. First the policy's word on preservation is written
 * to every binding and Work it holds, those being deleted too, so that no deletion under way overtakes it; then the
 * claims come off, bindings before templates; then the policy may go.
 */
import { bindingId, clusterBindingId, clusterPolicyId, policyId } from '#apis/names/labels.ts';
import { claimOf, policyIdOf, withClaim } from '#apis/policy/claim.ts';
import type { Policy } from '#apis/policy/matching.ts';
import { type Binding, bindingKinds } from '#apis/work/binding.ts';
import { type Work, WorkKind } from '#apis/work/work.ts';
import type { ApiClient, ResourceClient, TypedResource } from '#client/api-client.ts';
import { type CachedResource, nameOf } from '#client/cached.ts';
import { listAll } from '#client/list-all.ts';
import type { TemplateSource } from '#client/template-reader.ts';
import { parseApiVersion } from '#kube/meta/kind.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';
import { done, type Result } from '#runtime/reconciler.ts';
import { byClaim } from './watched.ts';

export interface PolicyEndContext {
  readonly client: ApiClient;
  /** Where templates may be that it has claimed. */
  readonly watched: () => readonly TemplateSource[];
}

export async function endPolicy(
  context: PolicyEndContext,
  store: CachedResource<Policy>,
  finalizer: string,
  policy: Policy,
): Promise<Result> {
  if (!policy.metadata.finalizers?.includes(finalizer)) return done;
  const label = policy.kind === 'PropagationPolicy' ? policyId : clusterPolicyId;
  const id = policyIdOf(policy);
  if (id !== '') {
    const selector = `${label}=${id}`;
    if (policy.spec.preserveResourcesOnDeletion) await stampPreserve(context, selector);
    await freeBindings(context, selector, id);
    await freeTemplates(context, policy, selector);
  }
  const finalizers = policy.metadata.finalizers.filter((each) => each !== finalizer);
  await store.update({ ...policy, metadata: { ...policy.metadata, finalizers } });
  return done;
}

/** Changes each listed object as it is now; one that has changed or gone meanwhile is read again or passed over. */
async function changeEach<T extends KubeObject>(
  resource: ResourceClient<T>,
  objects: readonly T[],
  change: (object: T) => T,
): Promise<void> {
  for (const listed of objects) {
    for (let object: T | undefined = listed; object; ) {
      const changed = change(object);
      if (changed === object) break;
      try {
        await resource.update(changed);
        break;
      } catch (error) {
        if (isReason(error, 'NotFound')) break;
        if (!isReason(error, 'Conflict')) throw error;
        object = await current(resource, object);
      }
    }
  }
}

async function current<T extends KubeObject>(resource: ResourceClient<T>, object: T): Promise<T | undefined> {
  try {
    return await resource.get(nameOf(object));
  } catch (error) {
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  }
}

const preserved = <T extends Binding | Work>(object: T): T =>
  object.spec.preserveResourcesOnDeletion === true
    ? object
    : { ...object, spec: { ...object.spec, preserveResourcesOnDeletion: true } };

async function stampPreserve({ client }: PolicyEndContext, selector: string): Promise<void> {
  const works = client.resource<Work>(WorkKind);
  for (const kind of bindingKinds) {
    const bindings = client.resource<Binding>(kind as TypedResource<Binding>);
    const { items } = await bindings.list({ labelSelector: selector });
    await changeEach(bindings, items, preserved);
    if (items.length === 0) continue;
    const label = kind.namespaced ? bindingId : clusterBindingId;
    const ids = new Set(items.map(({ metadata }) => metadata.labels?.[label]));
    // All of them at once: one list for each binding would look through every Work as often as there are bindings.
    const all = await listAll(client, WorkKind as TypedResource<Work>, { labelSelector: label });
    const held = all.filter(({ metadata }) => ids.has(metadata.labels?.[label]));
    await changeEach(works, held, preserved);
  }
}

/** Only the claim of this very policy: another may have taken over meanwhile. */
const freed =
  (id: string) =>
  <T extends KubeObject>(object: T): T =>
    claimOf(object)?.id === id ? withClaim(object, undefined) : object;

async function freeBindings({ client }: PolicyEndContext, selector: string, id: string): Promise<void> {
  for (const kind of bindingKinds) {
    const bindings = client.resource<Binding>(kind as TypedResource<Binding>);
    const { items } = await bindings.list({ labelSelector: selector });
    await changeEach(bindings, items, freed(id));
  }
}

async function freeTemplates({ watched }: PolicyEndContext, policy: Policy, selector: string): Promise<void> {
  const id = policyIdOf(policy);
  for (const source of watched()) {
    if (!mayHold(source, policy)) continue;
    await changeEach(source.resource.live, await held(source, selector), freed(id));
  }
}

/** None of a kind whose definition is gone: it is watched a while longer, and must not keep the policy from ending. */
async function held({ resource }: TemplateSource, labelSelector: string): Promise<readonly KubeObject[]> {
  try {
    return (await resource.live.list({ labelSelector })).items;
  } catch (error) {
    if (isReason(error, 'NotFound')) return [];
    throw error;
  }
}

/** Claims are in the kinds its selectors name now, and where an earlier selector's are known to be left. */
function mayHold({ ref, resource }: TemplateSource, policy: Policy): boolean {
  const named = policy.spec.resourceSelectors.some(
    (each) => each.kind === ref.kind && parseApiVersion(each.apiVersion).group === ref.group,
  );
  return named || resource.informer.byIndex(byClaim, policyIdOf(policy)).length > 0;
}
