/** Graceful eviction: dates the tasks that others put on bindings, and drops those whose cluster may be let go. */
import { reasons } from '#apis/events/reasons.ts';
import { type Binding, bindingKinds } from '#apis/work/binding.ts';
import type { ApiClient, TypedResource } from '#client/api-client.ts';
import { type CachedResource, cachedResource } from '#client/cached.ts';
import type { InformerFactory } from '#client/informer/informer.ts';
import type { TemplateReader } from '#client/template-reader.ts';
import { keyOf } from '#kube/meta/key.ts';
import type { EventRecorder } from '#runtime/events.ts';
import { type Controller, done, type Result, requeueAfter } from '#runtime/reconciler.ts';
import type { Clock } from '#world/clock/clock.ts';
import { assess } from './plan.ts';

export interface EvictionOptions {
  readonly client: ApiClient;
  readonly informers: InformerFactory;
  readonly templates: TemplateReader;
  readonly clock: Clock;
  readonly events: (component: 'eviction' | 'clusterEviction') => EventRecorder;
  /** `--graceful-eviction-timeout`. */
  readonly timeoutMs: number;
}

const workers = 4;
/** Times have whole seconds: a second after the last one a task is over for sure. */
const slackMs = 1_000;

/** One for both kinds of binding: only keys of namespaced ones have a slash. */
export function evictionController(options: EvictionOptions): Controller {
  const { client, informers } = options;
  const [namespaced, clusterWide] = bindingKinds.map((kind) =>
    cachedResource<Binding>(client, informers, kind as TypedResource<Binding>),
  ) as [CachedResource<Binding>, CachedResource<Binding>];
  return {
    name: 'gracefulEviction',
    workers,
    setUp: (enqueue) => {
      for (const store of [namespaced, clusterWide]) {
        store.informer.onChange((change) => {
          const { spec } = change.object;
          if (change.type !== 'deleted' && (spec.gracefulEvictionTasks ?? []).length > 0) enqueue(keyOf(change.object));
        });
      }
    },
    reconcile: (key) => evict(options, key.includes('/') ? namespaced : clusterWide, key),
  };
}

async function evict(
  { clock, templates, events, timeoutMs }: EvictionOptions,
  bindings: CachedResource<Binding>,
  key: string,
): Promise<Result> {
  const binding = bindings.get(key);
  if (!binding || binding.metadata.deletionTimestamp) return done;
  const { tasks, evicted, nextMs } = assess(binding, clock.now(), timeoutMs);
  if (tasks !== (binding.spec.gracefulEvictionTasks ?? tasks)) {
    const { gracefulEvictionTasks: _, ...spec } = binding.spec;
    const kept = tasks.length > 0 ? { ...spec, gracefulEvictionTasks: tasks } : spec;
    await bindings.update({ ...binding, spec: kept } as Binding);
    const recorder = events(binding.metadata.namespace ? 'eviction' : 'clusterEviction');
    const template = (await templates.find(binding.spec.resource))?.get(binding.spec.resource);
    for (const cluster of evicted) {
      for (const object of template ? [binding, template] : [binding])
        recorder.event(object, 'Normal', reasons.evictWorkloadSucceed, `Evict from cluster ${cluster} succeed.`);
    }
  }
  return nextMs === undefined ? done : requeueAfter(nextMs + slackMs, 'a cluster is let go after its time');
}
