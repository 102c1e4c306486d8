/** The taint manager: bindings leave clusters with NoExecute taints that they do not tolerate, or not any longer. */
import { type Cluster, ClusterKind } from '#apis/cluster/cluster.ts';
import { type Binding, bindingKinds, byTargetCluster, targetClusterIndex } from '#apis/work/binding.ts';
import type { ApiClient, TypedResource } from '#client/api-client.ts';
import { type CachedResource, cachedResource } from '#client/cached.ts';
import type { InformerFactory } from '#client/informer/informer.ts';
import type { TemplateReader } from '#client/template-reader.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import { keyOf } from '#kube/meta/key.ts';
import type { EventRecorder } from '#runtime/events.ts';
import { type Controller, done, type Result, requeueAfter, waits } from '#runtime/reconciler.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { Departure } from '../departure.ts';
import { evict } from '../evict.ts';
import { preservedState } from '../preserved-state.ts';
import { type Pace, pace } from './pace.ts';
import { departures, noExecuteTaints, type PurgeMode, purgeModeOf } from './plan.ts';

export interface TaintManagerOptions {
  readonly client: ApiClient;
  readonly informers: InformerFactory;
  readonly templates: TemplateReader;
  readonly clock: Clock;
  readonly events: EventRecorder;
  /** `--no-execute-taint-eviction-purge-mode`. */
  readonly purgeMode: PurgeMode;
  /** `--resource-eviction-rate`: bindings in a second. */
  readonly perSecond: number;
  /** Gate StatefulFailoverInjection. */
  readonly keepsState: boolean;
}

interface Context extends TaintManagerOptions {
  readonly clusters: CachedResource<Cluster>;
  readonly pace: Pace;
}

/** They take turns anyway. */
const workers = 1;

export function taintManager(options: TaintManagerOptions): Controller {
  const { client, informers, clock, perSecond } = options;
  const clusters = cachedResource<Cluster>(client, informers, ClusterKind);
  const [namespaced, clusterWide] = bindingKinds.map((kind) =>
    cachedResource<Binding>(client, informers, kind as TypedResource<Binding>),
  ) as [CachedResource<Binding>, CachedResource<Binding>];
  const context: Context = { ...options, clusters, pace: pace(clock, perSecond) };
  return {
    name: 'taint-manager',
    workers,
    setUp: (enqueue) => {
      for (const { informer } of [namespaced, clusterWide]) {
        informer.addIndex(byTargetCluster, targetClusterIndex);
        informer.onChange(({ type, object }) => {
          const isTainted = ({ name }: { readonly name: string }) => noExecuteTaints(clusters.get(name)).length > 0;
          if (type !== 'deleted' && (object.spec.clusters ?? []).some(isTainted)) enqueue(keyOf(object));
        });
      }
      clusters.informer.onChange((change) => {
        const before = change.type === 'updated' ? noExecuteTaints(change.old) : [];
        const now = change.type === 'deleted' ? [] : noExecuteTaints(change.object);
        if (deepEqual(before, now)) return;
        for (const { informer } of [namespaced, clusterWide]) {
          for (const binding of informer.byIndex(byTargetCluster, change.object.metadata.name!))
            enqueue(keyOf(binding));
        }
      });
    },
    reconcile: (key) => reconcile(context, key.includes('/') ? namespaced : clusterWide, key),
  };
}

async function reconcile(context: Context, bindings: CachedResource<Binding>, key: string): Promise<Result> {
  const { clusters, clock, pace: turns } = context;
  const binding = bindings.get(key);
  const found = binding && !binding.metadata.deletionTimestamp && departures(binding, clusters.get, clock.now());
  if (!binding || !found || found.leaving.length === 0) {
    turns.forget(key);
    if (binding && found === undefined) {
      return waits('its applied placement is not known: a scheduler has to write it', 'change');
    }
    return found && found.nextMs !== undefined ? requeueAfter(found.nextMs, 'it tolerates a taint for a while') : done;
  }
  const waitMs = turns.turn(key);
  if (waitMs > 0) return requeueAfter(waitMs, 'evictions take turns');
  await evict({ ...context, bindings }, binding, found.leaving, (cluster) => departure(context, binding, cluster));
  return found.nextMs === undefined ? done : requeueAfter(found.nextMs, 'it tolerates a taint for a while');
}

/** Throws where its state is to go along and is not known. */
function departure({ keepsState, purgeMode }: Context, binding: Binding, cluster: string): Departure {
  const { statePreservation } = binding.spec.failover?.cluster ?? {};
  const state = keepsState ? preservedState(statePreservation, binding.status, cluster) : undefined;
  return {
    purgeMode: purgeModeOf(binding, purgeMode),
    reason: 'TaintUntolerated',
    producer: 'TaintManager',
    ...(state ? { preservedLabelState: state } : {}),
  };
}
