/** Step 6, the wiring: a Work's status or end concerns its binding; so does the binding's own change of targets. */
import { type Binding, bindingIdIndex, bindingKeyOf, bindingKinds, byBindingId } from '#apis/work/binding.ts';
import { type Work, WorkKind } from '#apis/work/work.ts';
import type { ApiClient, TypedResource } from '#client/api-client.ts';
import { cachedResource } from '#client/cached.ts';
import type { InformerFactory } from '#client/informer/informer.ts';
import type { TemplateReader } from '#client/template-reader.ts';
import type { Interpreter } from '#interpreter/interpreter.ts';
import { keyOf } from '#kube/meta/key.ts';
import type { EventRecorder } from '#runtime/events.ts';
import { gathering } from '#runtime/gather.ts';
import { patience } from '#runtime/patience.ts';
import type { Controller } from '#runtime/reconciler.ts';
import type { Clock } from '#world/clock/clock.ts';
import { reconcileStatus } from './reconcile.ts';

export interface AggregateOptions {
  readonly client: ApiClient;
  readonly informers: InformerFactory;
  readonly templates: TemplateReader;
  readonly interpreter: Interpreter;
  /** Event recorder for each kind's component. */
  readonly events: (component: 'binding' | 'clusterBinding') => EventRecorder;
  readonly clock: Clock;
}

/** Statuses come in bursts: those of several clusters, and what is applied with what came of it. */
const statusMs = 2;

/**
 * As a rule all Works have spoken within this time, a thousand at once too, and the binding is written once instead of
 * at each word. A cluster that stays silent does not hold up the others.
 */
const patienceMs = 1_000;

const workers = 16;

export function aggregateControllers(options: AggregateOptions): readonly Controller[] {
  return bindingKinds.map((kind) => {
    const bindings = cachedResource<Binding>(options.client, options.informers, kind as TypedResource<Binding>);
    const works = options.informers.informer<Work>(WorkKind);
    const events = options.events(kind.namespaced ? 'binding' : 'clusterBinding');
    const context = { ...options, bindings, works, events, waiting: patience(options.clock, patienceMs) };
    return {
      name: kind.namespaced ? 'bindingStatus' : 'clusterBindingStatus',
      workers,
      setUp: (enqueue) => {
        const later = gathering(options.clock, enqueue, statusMs);
        works.addIndex(byBindingId, bindingIdIndex);
        works.onChange((change) => {
          const wake = (key: string | undefined) => {
            const binding = bindings.get(key ?? '');
            if (binding) later(keyOf(binding), change.initial ? 'low' : 'high');
          };
          const key = bindingKeyOf(change.object);
          if (change.type !== 'updated') return wake(key);
          const before = bindingKeyOf(change.old);
          if (change.old.status !== change.object.status || before !== key) wake(key);
          // A namespace's Work is given back as it is: who had it has one less.
          if (before !== key) wake(before);
        });
        bindings.informer.onChange((change) => {
          if (change.type === 'deleted') context.waiting.forget(keyOf(change.object));
          else enqueue(keyOf(change.object), change.initial ? 'low' : 'high');
        });
        options.interpreter.onChange((affects) => {
          for (const binding of bindings.informer.list()) {
            const { apiVersion, kind: of } = binding.spec.resource;
            if (affects(apiVersion, of)) enqueue(keyOf(binding), 'low');
          }
        });
      },
      reconcile: (key) => reconcileStatus(context, key),
    };
  });
}
