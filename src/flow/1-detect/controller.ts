/** Step 1, the wiring: every object that could be a template, and every policy that could concern one. */

import { CustomResourceDefinitions } from '#apis/kubernetes/types.ts';
import { claimOf } from '#apis/policy/claim.ts';
import { type Binding, bindingKindFor } from '#apis/work/binding.ts';
import type { ApiClient, TypedResource } from '#client/api-client.ts';
import { type CachedResource, cachedResource } from '#client/cached.ts';
import type { Change, InformerFactory } from '#client/informer/informer.ts';
import type { RestMapper } from '#client/mapper/mapper.ts';
import type { TemplateReader, TemplateSource } from '#client/template-reader.ts';
import type { Interpreter } from '#interpreter/interpreter.ts';
import { keyOf } from '#kube/meta/key.ts';
import { apiVersionOf, parseApiVersion } from '#kube/meta/kind.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { EventRecorder } from '#runtime/events.ts';
import { type Controller, done, type Enqueue, type Result, requeueAfter } from '#runtime/reconciler.ts';
import type { Metrics } from '#runtime/telemetry/metrics.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { Random } from '#world/random/random.ts';
import { awaited } from './awaited.ts';
import type { DetectorGates } from './gates.ts';
import { changeOf } from './plan/changes.ts';
import type { SkippedApi } from './plan/propagated.ts';
import { policiesOf } from './policies.ts';
import { policyControllers } from './policy-controller.ts';
import { type DetectContext, reconcileTemplate, type Touched } from './reconcile.ts';
import { told } from './told.ts';
import { resourceId, type WatchedResources, watchedResources } from './watched.ts';

export interface DetectorOptions {
  readonly client: ApiClient;
  readonly informers: InformerFactory;
  readonly mapper: RestMapper;
  readonly templates: TemplateReader;
  readonly interpreter: Interpreter;
  readonly events: EventRecorder;
  readonly random: Random;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly gates: DetectorGates;
  readonly skippedNamespaces: readonly RegExp[];
  readonly skippedApis: readonly SkippedApi[];
  readonly onDiscoveryError: (error: unknown) => void;
}

const workers = 16;
const separator = '|';

/** The key under which discovery is looked at: at the start, when definitions change, and now and then. */
const discovery = 'discovery';
/** As the reference: for APIs that come without a definition. */
const discoveryMs = 30_000;
const discoveryRetryMs = 1_000;

async function discover(
  watched: WatchedResources,
  { onDiscoveryError }: Pick<DetectorOptions, 'onDiscoveryError'>,
): Promise<Result> {
  try {
    await watched.look();
    return requeueAfter(discoveryMs, 'the next look at what is served');
  } catch (error) {
    onDiscoveryError(error);
    return requeueAfter(discoveryRetryMs, 'discovery failed');
  }
}

export function detectorControllers(options: DetectorOptions): readonly Controller[] {
  const { client, informers } = options;
  const policies = policiesOf(client, informers);
  const waits = awaited(informers, policies, options.gates);
  const touched: Touched = { fresh: new Set(), waiting: new Set() };
  let wake: Enqueue = () => {};
  const watched = watchedResources({
    ...options,
    onChange: (source, change) => onTemplate(source, change, touched, wake),
  });
  const stores = new Map<boolean, CachedResource<Binding>>();
  for (const namespace of ['any', undefined]) {
    const kind = bindingKindFor(namespace) as TypedResource<Binding>;
    stores.set(namespace !== undefined, cachedResource<Binding>(client, informers, kind));
  }
  const context: DetectContext = {
    ...options,
    policies,
    touched,
    awaited: waits,
    told: told(options.events, options.metrics),
    bindings: (namespace) => stores.get(namespace !== undefined)!,
  };
  const detector: Controller = {
    name: 'detector',
    workers,
    setUp: (enqueue) => {
      wake = enqueue;
      enqueue(discovery);
      // A kind is served once its definition is established: the change that says so brings a new look.
      informers.informer(CustomResourceDefinitions).onChange((change) => {
        if (!change.initial) enqueue(discovery);
      });
      for (const store of stores.values()) {
        store.informer.onChange((change) => {
          if (change.type === 'deleted') onBindingGone(watched, change.object, enqueue);
        });
      }
      options.interpreter.onChange((affects) => {
        for (const source of watched.sources()) {
          const { ref, resource } = source;
          if (!affects(apiVersionOf(ref), ref.kind)) continue;
          for (const template of resource.informer.list()) {
            if (claimOf(template)) enqueue(keyIn(source, template), 'low');
          }
        }
      });
    },
    reconcile: async (key) => {
      if (key === discovery) return discover(watched, options);
      const [id, object] = splitKey(key);
      const source = watched.source(id);
      return source ? reconcileTemplate(context, source, object) : done;
    },
  };
  const policyLoops = policyControllers({
    end: { client, watched: watched.sources },
    policies,
    awaited: waits,
    watched,
    clock: options.clock,
    wake: (source, template) => wake(keyIn(source, template), 'low'),
  });
  return [detector, ...policyLoops];
}

function splitKey(key: string): readonly [string, string] {
  const at = key.indexOf(separator);
  return [key.slice(0, at), key.slice(at + 1)];
}

const keyIn = (source: TemplateSource, object: KubeObject) => `${resourceId(source.ref)}${separator}${keyOf(object)}`;

function onTemplate(source: TemplateSource, change: Change<KubeObject>, touched: Touched, enqueue: Enqueue): void {
  const { object } = change;
  if (change.type === 'deleted') {
    touched.fresh.delete(object.metadata.uid!);
    touched.waiting.delete(object.metadata.uid!);
    return;
  }
  const kind = change.type === 'added' ? (change.initial ? 'ours' : 'user') : changeOf(change.old, object);
  if (kind === 'none') return;
  if (kind === 'user') touched.fresh.add(object.metadata.uid!);
  enqueue(keyIn(source, object), change.initial ? 'low' : 'high');
}

/** A template whose binding is gone and that is still there, or there again under its name, gets a new one. */
function onBindingGone(watched: WatchedResources, { spec: { resource } }: Binding, enqueue: Enqueue): void {
  const { group } = parseApiVersion(resource.apiVersion);
  const source = watched.sources().find(({ ref }) => ref.group === group && ref.kind === resource.kind);
  const template = source?.get(resource);
  if (source && template) enqueue(keyIn(source, template));
}
