/**
 * Step 3, the wiring: a binding by its generation, by the end of its Works when it is being deleted, and by the override
 * policies of its template.
 */
import { writeMode } from '#apis/names/annotations.ts';
import { type Binding, bindingIdIndex, bindingKeyOf, bindingKinds, byBindingId } from '#apis/work/binding.ts';
import { type Work, WorkKind } from '#apis/work/work.ts';
import type { ApiClient, TypedResource } from '#client/api-client.ts';
import { cachedResource } from '#client/cached.ts';
import type { Change, InformerFactory } from '#client/informer/informer.ts';
import { type KindFinderOptions, kindFinder } from '#client/kinds.ts';
import { keyOf } from '#kube/meta/key.ts';
import type { EventRecorder } from '#runtime/events.ts';
import type { Controller } from '#runtime/reconciler.ts';
import type { Clock } from '#world/clock/clock.ts';
import { overrideStore, wakeOverridden } from './overrides.ts';
import { type RenderContext, reconcileWorks } from './reconcile.ts';

export interface RenderOptions extends Pick<RenderContext, 'templates' | 'interpreter' | 'random'> {
  /** Kinds known without asking the API server. */
  readonly kindOf: KindFinderOptions['known'];
  readonly client: ApiClient;
  readonly informers: InformerFactory;
  readonly clock: Clock;
  readonly events: (component: 'binding' | 'clusterBinding' | 'overrides') => EventRecorder;
  /** Gate StatefulFailoverInjection. */
  readonly carriesState: boolean;
}

const workers = 16;

export function renderControllers(options: RenderOptions): readonly Controller[] {
  // Asked for before the workers start, so it is synced when they do.
  const kindOf = kindFinder({
    informers: options.informers,
    known: options.kindOf,
    ready: (definitions) => definitions,
  });
  const overrides = overrideStore(options.informers);
  const overrideEvents = options.events('overrides');
  return bindingKinds.map((kind) => {
    const bindings = cachedResource<Binding>(options.client, options.informers, kind as TypedResource<Binding>);
    const works = cachedResource<Work>(options.client, options.informers, WorkKind);
    const events = options.events(kind.namespaced ? 'binding' : 'clusterBinding');
    const context: RenderContext = { ...options, kindOf, overrides, overrideEvents, bindings, works, events };
    return {
      name: kind.namespaced ? 'binding' : 'clusterBinding',
      workers,
      setUp: (enqueue) => {
        works.informer.addIndex(byBindingId, bindingIdIndex);
        bindings.informer.onChange((change) => {
          if (matters(change)) enqueue(keyOf(change.object), change.initial ? 'low' : 'high');
        });
        const { templates, clock } = options;
        wakeOverridden({ store: overrides, bindings: bindings.informer, templates, clock, enqueue });
        // A Work that somebody deleted or changed is put right; the status of a Work is no change of it.
        works.informer.onChange((change) => {
          if (change.initial || change.type === 'added') return;
          if (change.type === 'updated' && change.old.metadata.generation === change.object.metadata.generation) return;
          const binding = bindings.get(bindingKeyOf(change.object) ?? '');
          if (binding) enqueue(keyOf(binding));
        });
        options.interpreter.onChange((affects) => {
          for (const binding of bindings.informer.list()) {
            const { apiVersion, kind: of } = binding.spec.resource;
            if (affects(apiVersion, of)) enqueue(keyOf(binding), 'low');
          }
        });
      },
      reconcile: (key) => reconcileWorks(context, key),
    };
  });
}

/** A binding's status is not read here; its end is looked at until it comes. */
function matters(change: Change<Binding>): boolean {
  if (change.type !== 'updated') return change.type === 'added';
  const [before, now] = [change.old.metadata, change.object.metadata];
  return (
    before.generation !== now.generation ||
    now.deletionTimestamp !== undefined ||
    before.annotations?.[writeMode] !== now.annotations?.[writeMode]
  );
}
