/** Application failover: what has been unhealthy in a cluster for too long leaves it, and is scheduled anew. */
import { type Binding, bindingKinds } from '#apis/work/binding.ts';
import type { ApiClient, TypedResource } from '#client/api-client.ts';
import { type CachedResource, cachedResource } from '#client/cached.ts';
import type { InformerFactory } from '#client/informer/informer.ts';
import type { TemplateReader } from '#client/template-reader.ts';
import type { Interpreter } from '#interpreter/interpreter.ts';
import { keyOf } from '#kube/meta/key.ts';
import type { EventRecorder } from '#runtime/events.ts';
import { type Controller, done, type Result, requeueAfter } from '#runtime/reconciler.ts';
import type { Clock } from '#world/clock/clock.ts';
import { evict } from '../evict.ts';
import { type Ailing, type DepartureGates, departureFrom, failuresOf, watchedFor } from './plan.ts';

export interface ApplicationFailoverOptions {
  readonly client: ApiClient;
  readonly informers: InformerFactory;
  readonly templates: TemplateReader;
  readonly interpreter: Interpreter;
  readonly clock: Clock;
  readonly events: (component: 'applicationFailover' | 'clusterApplicationFailover') => EventRecorder;
  readonly gates: DepartureGates;
}

interface Context extends ApplicationFailoverOptions {
  /** By binding; of those that are unhealthy somewhere. As in the reference it is not kept over a restart. */
  readonly ailing: Map<string, Ailing>;
}

const workers = 4;
const nowhere: Ailing = new Map();

const isAsked = ({ spec }: Binding): boolean => spec.failover?.application !== undefined;

export function applicationFailoverController(options: ApplicationFailoverOptions): Controller {
  const { client, informers } = options;
  const [namespaced, clusterWide] = bindingKinds.map((kind) =>
    cachedResource<Binding>(client, informers, kind as TypedResource<Binding>),
  ) as [CachedResource<Binding>, CachedResource<Binding>];
  const context: Context = { ...options, ailing: new Map() };
  return {
    name: 'applicationFailover',
    workers,
    setUp: (enqueue) => {
      for (const { informer } of [namespaced, clusterWide]) {
        informer.onChange((change) => {
          if (isAsked(change.object) || (change.type === 'updated' && isAsked(change.old)))
            enqueue(keyOf(change.object));
        });
      }
    },
    reconcile: (key) => reconcile(context, key.includes('/') ? namespaced : clusterWide, key),
  };
}

async function reconcile(context: Context, bindings: CachedResource<Binding>, key: string): Promise<Result> {
  const { ailing, clock, interpreter, templates, gates } = context;
  const binding = bindings.get(key);
  const application = binding && watchedFor(binding);
  // A kind whose health nobody can tell is always healthy.
  if (!binding || !application || !tellsHealth(interpreter, binding)) {
    ailing.delete(key);
    return done;
  }
  const found = failuresOf(binding, application, ailing.get(key) ?? nowhere, clock.monotonic());
  if (found.ailing.size > 0) ailing.set(key, found.ailing);
  else ailing.delete(key);
  const events = context.events(binding.metadata.namespace ? 'applicationFailover' : 'clusterApplicationFailover');
  await evict({ bindings, templates, events }, binding, found.failed, (cluster) =>
    departureFrom(binding, application, cluster, gates),
  );
  return found.nextMs === undefined ? done : requeueAfter(found.nextMs, 'it may be unhealthy for a while');
}

function tellsHealth(interpreter: Interpreter, { spec }: Binding): boolean {
  const { apiVersion, kind, name } = spec.resource;
  return interpreter.knows({ apiVersion, kind, metadata: { name } }, 'interpretHealth');
}
