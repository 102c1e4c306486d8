/** Step 3: keeps the Works a binding asks for, and takes them away with it. */
import { reasons } from '#apis/events/reasons.ts';
import { executionNamespace, workNameFor } from '#apis/names/objects.ts';
import { overridesFailed } from '#apis/policy/overrides/words.ts';
import { type Binding, bindingIdOf, byBindingId } from '#apis/work/binding.ts';
import type { Work } from '#apis/work/work.ts';
import type { ApiClient } from '#client/api-client.ts';
import { type CachedResource, nameOf } from '#client/cached.ts';
import type { TemplateReader } from '#client/template-reader.ts';
import { keyFor, keyOf } from '#kube/meta/key.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { failure, isReason } from '#kube/status/status.ts';
import type { EventRecorder } from '#runtime/events.ts';
import { done, type Result } from '#runtime/reconciler.ts';
import type { Random } from '#world/random/random.ts';
import { type ManifestsContext, manifestsFor } from './plan/manifests.ts';
import { isFree } from './plan/places.ts';
import { targetsOf } from './plan/targets.ts';
import { render } from './plan.ts';
import { endBinding, removeWorks } from './removal.ts';
import { tellFailed, tellOverridden } from './telling.ts';

export interface RenderContext extends ManifestsContext {
  readonly client: ApiClient;
  readonly bindings: CachedResource<Binding>;
  readonly works: CachedResource<Work>;
  readonly templates: TemplateReader;
  readonly events: EventRecorder;
  /** As the override manager. */
  readonly overrideEvents: EventRecorder;
  readonly random: Random;
  /** Gate StatefulFailoverInjection. */
  readonly carriesState: boolean;
}

export async function reconcileWorks(context: RenderContext, key: string): Promise<Result> {
  const binding = context.bindings.get(key);
  if (!binding) return done;
  if (binding.metadata.deletionTimestamp) return endBinding(context, binding);
  const template = (await context.templates.current(binding.spec.resource)) as UnstructuredObject | undefined;
  // Without its template the binding is about to be collected; nothing is rendered from memory.
  if (!template || template.metadata.uid !== binding.spec.resource.uid) return done;
  try {
    await writeWorks(context, binding, template);
  } catch (error) {
    if (!isReason(error, 'Conflict')) {
      const why = error instanceof Error ? error.message : String(error);
      for (const object of [binding, template]) context.events.event(object, 'Warning', reasons.syncWorkFailed, why);
    }
    throw error;
  }
  return done;
}

async function writeWorks(context: RenderContext, binding: Binding, template: UnstructuredObject): Promise<void> {
  const { works, events, random, carriesState } = context;
  const existing = [
    ...works.informer.byIndex(byBindingId, bindingIdOf(binding)),
    ...ownWorks(works, binding, template),
  ];
  // Not placed yet, and nothing to take away.
  if (existing.length === 0 && targetsOf(binding.spec).length === 0) return;
  const { rendered, failures } = await manifestsFor(context, binding, template);
  const plan = render({ binding, template, rendered, existing, newId: () => random.uuid(), carriesState });
  if (plan.remove.length > 0) await removeWorks(context, binding, plan.remove);
  await Promise.all(
    plan.write.map((work) => (work.metadata.uid ? works.update(work) : createWork(works, work, template))),
  );
  tellOverridden(context.overrideEvents, template, plan.write, existing);
  if (failures.size > 0) {
    tellFailed(context.overrideEvents, template, failures);
    throw overridesFailed(failures);
  }
  if (plan.write.length === 0) return;
  const { kind, metadata } = binding;
  const message = `Sync work of ${kind}(${keyFor(metadata.namespace, metadata.name!)}) successful.`;
  events.event(binding, 'Normal', reasons.syncWorkSucceed, message);
  events.event(template, 'Normal', reasons.syncWorkSucceed, message);
}

/** Those that a namespace has in its clusters without any policy. */
function ownWorks(works: CachedResource<Work>, { spec }: Binding, template: UnstructuredObject): readonly Work[] {
  if (template.apiVersion !== 'v1' || template.kind !== 'Namespace') return [];
  const name = workNameFor('Namespace', template.metadata.name!, undefined);
  const found = targetsOf(spec).map((target) => works.get(keyFor(executionNamespace(target.name), name)));
  return found.filter((work) => work !== undefined && isFree(work, template)) as readonly Work[];
}

/** The Work of an earlier binding of that name goes first: its end brings the binding back here. */
async function createWork(works: CachedResource<Work>, work: Work, template: UnstructuredObject): Promise<void> {
  try {
    await works.create(work);
  } catch (error) {
    if (!isReason(error, 'AlreadyExists')) throw error;
    const there = await works.live.get(nameOf(work));
    works.informer.observe(there);
    if (there.metadata.deletionTimestamp) return;
    // It came while we looked: looked at again, it is taken.
    if (isFree(there, template)) throw failure('Conflict', `Work ${keyOf(there)} came first`);
    if (bindingIdOf(there) === bindingIdOf(work)) throw error;
    throw new Error(
      `Work ${keyOf(work)} is there already and is not of this binding; delete it, or rename one of the two templates`,
    );
  }
}
