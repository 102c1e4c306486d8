/** Step 3: keeps the Works a binding asks for, and takes them away with it. */
import { reasons } from '#apis/events/reasons.ts';
import { clusterPolicyName, policyName, policyNamespace } from '#apis/names/annotations.ts';
import { binding as bindingFinalizer, clusterBinding as clusterBindingFinalizer } from '#apis/names/finalizers.ts';
import { bindingId, clusterBindingId, clusterPolicyId, policyId } from '#apis/names/labels.ts';
import { ClusterPropagationPolicyKind } from '#apis/policy/cluster-propagation-policy.ts';
import { PropagationPolicyKind } from '#apis/policy/propagation-policy.ts';
import { type Binding, bindingIdOf, byBindingId } from '#apis/work/binding.ts';
import type { Work } from '#apis/work/work.ts';
import type { ApiClient } from '#client/api-client.ts';
import type { CachedResource } from '#client/cached.ts';
import { compareVersions } from '#client/informer/resource-version.ts';
import type { TemplateReader } from '#client/template-reader.ts';
import type { Interpreter } from '#interpreter/interpreter.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import { type GroupVersionKind, gvkOf } from '#kube/meta/kind.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';
import type { EventRecorder } from '#runtime/events.ts';
import { done, type Result } from '#runtime/reconciler.ts';
import type { Random } from '#world/random/random.ts';
import { divideCompletions } from './plan/completions.ts';
import { prune } from './plan/prune.ts';
import { statedFields } from './plan/stated.ts';
import { isDivided, isWorkload, targetsOf } from './plan/targets.ts';
import { render, renderRemoval } from './plan.ts';

export interface RenderContext {
  readonly client: ApiClient;
  readonly bindings: CachedResource<Binding>;
  readonly works: CachedResource<Work>;
  readonly templates: TemplateReader;
  readonly interpreter: Interpreter;
  readonly events: EventRecorder;
  readonly random: Random;
  /** What is known of a template's kind; undefined makes the whole manifest stated. */
  readonly kindOf: (gvk: GroupVersionKind) => KindDefinition | undefined;
}

export async function reconcileWorks(context: RenderContext, key: string): Promise<Result> {
  const binding = context.bindings.get(key);
  if (!binding) return done;
  if (binding.metadata.deletionTimestamp) return removeWorks(context, binding);
  const template = await currentTemplate(context, binding);
  // Without its template the binding is about to be collected; nothing is rendered from memory.
  if (!template || template.metadata.uid !== binding.spec.resource.uid) return done;
  try {
    await writeWorks(context, binding, template);
  } catch (error) {
    if (!isReason(error, 'Conflict')) {
      context.events.event(
        binding,
        'Warning',
        reasons.syncWorkFailed,
        error instanceof Error ? error.message : String(error),
      );
    }
    throw error;
  }
  return done;
}

/** The template, at least as new as the binding saw it: the cache may be behind the binding that arrived. */
async function currentTemplate(
  { templates }: RenderContext,
  { spec: { resource } }: Binding,
): Promise<UnstructuredObject | undefined> {
  const source = await templates.of(resource);
  const cached = source?.get(resource);
  if (!source) return undefined;
  if (cached && (compareVersions(cached.metadata.resourceVersion, resource.resourceVersion) ?? -1) >= 0) {
    return cached as UnstructuredObject;
  }
  try {
    const { namespace, name } = resource;
    return (await source.resource.live.get({ ...(namespace ? { namespace } : {}), name })) as UnstructuredObject;
  } catch (error) {
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  }
}

async function writeWorks(context: RenderContext, binding: Binding, template: UnstructuredObject): Promise<void> {
  const { works, events, random, kindOf } = context;
  const plan = render({
    binding,
    template,
    manifests: await manifestsFor(context, binding, template),
    stated: statedFields(template, kindOf(gvkOf(template))),
    existing: works.informer.byIndex(byBindingId, bindingIdOf(binding)),
    newId: () => random.uuid(),
  });
  for (const work of plan.remove) await works.delete(work);
  await Promise.all(plan.write.map((work) => (work.metadata.uid ? works.update(work) : works.create(work))));
  if (plan.write.length === 0) return;
  const { kind, metadata } = binding;
  const subject = `${metadata.namespace ? `${metadata.namespace}/` : ''}${metadata.name}`;
  const message = `Sync work of ${kind}(${subject}) successful.`;
  events.event(binding, 'Normal', reasons.syncWorkSucceed, message);
  events.event(template, 'Normal', reasons.syncWorkSucceed, message);
}

/** Each target's manifest; clusters that get the same number of replicas share one. */
async function manifestsFor(
  { interpreter }: RenderContext,
  binding: Binding,
  template: UnstructuredObject,
): Promise<ReadonlyMap<string, UnstructuredObject>> {
  const pruned = prune(template);
  const targets = targetsOf(binding.spec);
  const completions = completionsFor(binding, pruned);
  const byReplicas = new Map<number, UnstructuredObject>();
  const result = new Map<string, UnstructuredObject>();
  for (const { name, replicas } of targets) {
    let manifest = pruned;
    if (isWorkload(binding.spec) && replicas !== undefined) {
      manifest = byReplicas.get(replicas) ?? (await interpreter.reviseReplica(pruned, replicas));
      byReplicas.set(replicas, manifest);
    }
    const share = completions?.get(name);
    result.set(
      name,
      share === undefined ? manifest : { ...manifest, spec: { ...(manifest.spec as object), completions: share } },
    );
  }
  return result;
}

function completionsFor(binding: Binding, manifest: UnstructuredObject): ReadonlyMap<string, number> | undefined {
  const { completions } = (manifest.spec ?? {}) as { readonly completions?: number };
  if (manifest.kind !== 'Job' || completions === undefined || !isDivided(binding.spec)) return undefined;
  return divideCompletions(completions, targetsOf(binding.spec));
}

/** Every Work learns that it must be preserved before the first is deleted. */
async function removeWorks(context: RenderContext, binding: Binding): Promise<Result> {
  const { works, bindings } = context;
  const finalizer = binding.metadata.namespace ? bindingFinalizer : clusterBindingFinalizer;
  if (!binding.metadata.finalizers?.includes(finalizer)) return done;
  const label = binding.metadata.namespace ? bindingId : clusterBindingId;
  const { items } = await works.live.list({ labelSelector: `${label}=${bindingIdOf(binding)}` });
  const preserve = binding.spec.preserveResourcesOnDeletion === true || (await policyPreserves(context, binding));
  const plan = renderRemoval(items, preserve);
  for (const work of plan.stamp) await works.update(work);
  for (const work of plan.remove) await works.delete(work);
  // The end of each Work brings the binding back here.
  if (!plan.done) return done;
  const finalizers = binding.metadata.finalizers.filter((each) => each !== finalizer);
  await bindings.update({ ...binding, metadata: { ...binding.metadata, finalizers } } as Binding);
  return done;
}

/**
 * The claiming policy's flag as the API server has it now. A policy that is gone, or is another one of that name, has
 * stamped its flag on the binding before it went. Failing to read it fails the removal: nothing is deleted on a guess.
 */
async function policyPreserves({ client }: RenderContext, { metadata }: Binding): Promise<boolean> {
  const { labels = {}, annotations = {} } = metadata;
  const id = labels[policyId] ?? labels[clusterPolicyId];
  if (!id) return false;
  try {
    const policy = annotations[policyName]
      ? await client
          .resource(PropagationPolicyKind)
          .get({ namespace: annotations[policyNamespace], name: annotations[policyName] })
      : await client.resource(ClusterPropagationPolicyKind).get({ name: annotations[clusterPolicyName] ?? '' });
    const same = (policy.metadata.labels?.[policyId] ?? policy.metadata.labels?.[clusterPolicyId]) === id;
    return same && policy.spec.preserveResourcesOnDeletion === true;
  } catch (error) {
    if (isReason(error, 'NotFound')) return false;
    throw error;
  }
}
