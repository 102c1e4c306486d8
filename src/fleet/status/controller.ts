/** The wiring of a cluster's status: a look when it appears or its connection changes, then at intervals. */
import { type Cluster, ClusterKind } from '#apis/cluster/cluster.ts';
import { CustomResourceDefinitions } from '#apis/kubernetes/types.ts';
import type { ApiClient } from '#client/api-client.ts';
import { cachedResource } from '#client/cached.ts';
import type { InformerFactory } from '#client/informer/informer.ts';
import type { Members } from '#client/members.ts';
import type { Controller } from '#runtime/reconciler.ts';
import type { Metrics } from '#runtime/telemetry/metrics.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { Thresholds } from './conditions.ts';
import { statusMeter } from './meter.ts';
import { reconcileClusterStatus, type StatusContext } from './reconcile.ts';

export interface ClusterStatusOptions {
  readonly client: ApiClient;
  readonly informers: InformerFactory;
  readonly members: Members;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly frequencyMs: number;
  readonly thresholds: Thresholds;
  readonly resourceModeling: boolean;
  readonly customizedModels: boolean;
}

/** A cluster that does not answer holds up no other. */
const workers = 16;

export function clusterStatusController(options: ClusterStatusOptions): Controller {
  const clusters = cachedResource<Cluster>(options.client, options.informers, ClusterKind);
  const context: StatusContext = {
    ...options,
    clusters,
    seen: new Map(),
    meter: statusMeter(options.metrics),
  };
  return {
    name: 'clusterStatus',
    workers,
    setUp: (enqueue) => {
      clusters.informer.onChange((change) => {
        const { name, generation, finalizers } = change.object.metadata;
        const same =
          change.type === 'updated' &&
          change.old.metadata.generation === generation &&
          change.old.metadata.finalizers === finalizers;
        if (!same) enqueue(name!);
      });
      options.members.onChange((name) => {
        enqueue(name);
        // What a new definition serves can be scheduled there: not only at the next look.
        const definitions = options.members.get(name)?.informers.informer(CustomResourceDefinitions);
        definitions?.onChange((change) => {
          if (!change.initial) enqueue(name);
        });
      });
    },
    reconcile: (key) => reconcileClusterStatus(context, key),
  };
}
