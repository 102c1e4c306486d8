/** The end of Works: of those a binding no longer asks for, and of all of them with the binding itself. */
import { binding as bindingFinalizer, clusterBinding as clusterBindingFinalizer } from '#apis/names/finalizers.ts';
import { executionNamespace, workNameFor } from '#apis/names/objects.ts';
import { type Binding, bindingIdOf, byBindingId } from '#apis/work/binding.ts';
import type { Work } from '#apis/work/work.ts';
import type { CachedResource } from '#client/cached.ts';
import { keyFor, keyOf } from '#kube/meta/key.ts';
import { isReason } from '#kube/status/status.ts';
import { done, type Result, requeueAfter } from '#runtime/reconciler.ts';
import { keptClusters } from './plan/targets.ts';
import { stamped } from './plan.ts';
import { mustPreserve, type PreservationContext } from './preservation.ts';
import { outlivesNamespace, type ProtectionContext } from './protection.ts';

/** Until then a template that is protected no longer waits for its end. */
const protectedMs = 2_000;

export interface RemovalContext extends PreservationContext, ProtectionContext {
  readonly works: CachedResource<Work>;
}

/** Every Work that goes learns first that it must be preserved, if it must. */
export async function removeWorks(context: RemovalContext, binding: Binding, going: readonly Work[]): Promise<void> {
  const { works } = context;
  let last = going;
  if (await mustPreserve(context, binding, going)) {
    for (const place of stamped(placesOf(works, binding, going))) await works.update(place);
    const learnt = new Map<string, Work>();
    for (const work of stamped(going)) learnt.set(work.metadata.uid!, await works.update(work));
    last = going.map((work) => learnt.get(work.metadata.uid!) ?? work);
  }
  for (const work of last) await works.delete(work);
}

/** Works of the namespace they are in: what is kept in a member needs its place there, whatever becomes of ours. */
function placesOf(works: CachedResource<Work>, { spec }: Binding, going: readonly Work[]): readonly Work[] {
  const { namespace } = spec.resource;
  if (!namespace) return [];
  const name = workNameFor('Namespace', namespace, undefined);
  return going.flatMap((work) => works.get(keyFor(work.metadata.namespace, name)) ?? []);
}

export async function endBinding(context: RemovalContext, binding: Binding): Promise<Result> {
  const { works, bindings } = context;
  const finalizer = binding.metadata.namespace ? bindingFinalizer : clusterBindingFinalizer;
  if (!binding.metadata.finalizers?.includes(finalizer)) return done;
  const held = works.informer.byIndex(byBindingId, bindingIdOf(binding));
  const going = held.filter((work) => !work.metadata.deletionTimestamp);
  if (going.length > 0 && (await outlivesNamespace(context, binding))) {
    return requeueAfter(protectedMs, 'its namespace is being deleted, its template is protected from it');
  }
  if (going.length > 0) await removeWorks(context, binding, going);
  // The end of each Work brings the binding back here.
  if (held.length > 0) return done;
  const missed = await missedWork(works, binding);
  if (missed) return requeueAfter(0, `Work ${keyOf(missed)} was not known yet`);
  const finalizers = binding.metadata.finalizers.filter((each) => each !== finalizer);
  await bindings.update({ ...binding, metadata: { ...binding.metadata, finalizers } } as Binding);
  return done;
}

/** A Work that the cache does not know yet, by the API server's word: it would be nobody's once the binding is gone. */
async function missedWork(works: CachedResource<Work>, binding: Binding): Promise<Work | undefined> {
  const { spec, status } = binding;
  const { kind, name, namespace } = spec.resource;
  const workName = workNameFor(kind, name, namespace);
  const collected = (status?.aggregatedStatus ?? []).map((item) => item.clusterName);
  for (const cluster of new Set([...keptClusters(spec), ...collected])) {
    try {
      const work = await works.live.get({ namespace: executionNamespace(cluster), name: workName });
      works.informer.observe(work);
      if (bindingIdOf(work) === bindingIdOf(binding)) return work;
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw error;
    }
  }
  return undefined;
}
