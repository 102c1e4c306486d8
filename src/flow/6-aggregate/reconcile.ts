/** Step 6: Works back to their binding's status, and from there to the template's. */
import { reasons } from '#apis/events/reasons.ts';
import { type Binding, bindingIdOf, byBindingId } from '#apis/work/binding.ts';
import type { Work } from '#apis/work/work.ts';
import type { CachedResource } from '#client/cached.ts';
import type { Informer } from '#client/informer/informer.ts';
import type { TemplateReader } from '#client/template-reader.ts';
import type { Interpreter } from '#interpreter/interpreter.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import type { EventRecorder } from '#runtime/events.ts';
import type { Patience } from '#runtime/patience.ts';
import { done, type Result, requeueAfter } from '#runtime/reconciler.ts';
import { type Clock, timestamp } from '#world/clock/clock.ts';
import { bindingStatus, isSettled } from './plan.ts';

export interface AggregateContext {
  readonly bindings: CachedResource<Binding>;
  readonly works: Informer<Work>;
  readonly templates: TemplateReader;
  readonly interpreter: Interpreter;
  readonly events: EventRecorder;
  readonly clock: Clock;
  /** With bindings whose Works have not all spoken. */
  readonly waiting: Patience;
}

export async function reconcileStatus(context: AggregateContext, key: string): Promise<Result> {
  const { bindings, works, events, clock } = context;
  const binding = bindings.get(key);
  if (!binding || binding.metadata.deletionTimestamp) return done;
  const held = works.byIndex(byBindingId, bindingIdOf(binding));
  // Before the first scheduling there is nothing to say; a dependency is never scheduled, but has Works.
  const { lastScheduledTime, aggregatedStatus } = binding.status ?? {};
  if (!lastScheduledTime && !aggregatedStatus && held.length === 0) return done;
  const wait = context.waiting.left(key, isSettled(binding, held));
  if (wait > 0) return requeueAfter(wait, 'Works are on their way');
  const status = bindingStatus(binding, held, timestamp(clock.now()));
  if (!deepEqual(status, binding.status)) {
    await bindings.updateStatus({ ...binding, status } as Binding);
    events.event(binding, 'Normal', reasons.aggregateStatusSucceed, aggregated(binding));
  }
  await writeTemplateStatus(context, binding, status.aggregatedStatus ?? []);
  return done;
}

function aggregated({ kind, metadata: { namespace, name } }: Binding): string {
  return `Update ${kind}(${namespace ? `${namespace}/` : ''}${name}) with AggregatedStatus successfully.`;
}

async function writeTemplateStatus(
  { templates, interpreter, events }: AggregateContext,
  binding: Binding,
  items: NonNullable<NonNullable<Binding['status']>['aggregatedStatus']>,
): Promise<void> {
  const { resource } = binding.spec;
  const source = await templates.of(resource);
  const template = source?.get(resource) as UnstructuredObject | undefined;
  if (!source || !template || template.metadata.uid !== resource.uid || template.metadata.deletionTimestamp) return;
  const status = await interpreter.aggregateStatus(template, items).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    for (const object of [binding, template]) events.event(object, 'Warning', reasons.aggregateStatusFailed, why);
    throw error;
  });
  if (status === undefined || status === template.status) return;
  await source.resource.updateStatus({ ...template, status } as UnstructuredObject);
  events.event(
    template,
    'Normal',
    reasons.aggregateStatusSucceed,
    'Update Resource with AggregatedStatus successfully.',
  );
}
