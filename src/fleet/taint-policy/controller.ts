/** ClusterTaintPolicies: whenever a cluster's conditions change, or a policy does, the cluster gets and loses their taints. */
import { type Cluster, ClusterKind, type Taint } from '#apis/cluster/cluster.ts';
import { taintsMessage } from '#apis/cluster/taints-message.ts';
import { reasons } from '#apis/events/reasons.ts';
import { type ClusterTaintPolicy, ClusterTaintPolicyKind } from '#apis/policy/cluster-taint-policy.ts';
import type { ApiClient } from '#client/api-client.ts';
import { type CachedResource, cachedResource } from '#client/cached.ts';
import type { InformerFactory } from '#client/informer/informer.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import { isReason } from '#kube/status/status.ts';
import type { EventRecorder } from '#runtime/events.ts';
import { type Controller, done, type Result } from '#runtime/reconciler.ts';
import { type Clock, timestamp } from '#world/clock/clock.ts';
import { isFor, taintsBy } from './plan.ts';

export interface TaintPolicyOptions {
  readonly client: ApiClient;
  readonly informers: InformerFactory;
  readonly clock: Clock;
  readonly events: EventRecorder;
}

interface Context extends TaintPolicyOptions {
  readonly clusters: CachedResource<Cluster>;
  readonly policies: CachedResource<ClusterTaintPolicy>;
}

const workers = 1;

export function taintPolicyController(options: TaintPolicyOptions): Controller {
  const { client, informers } = options;
  const clusters = cachedResource<Cluster>(client, informers, ClusterKind);
  const policies = cachedResource<ClusterTaintPolicy>(client, informers, ClusterTaintPolicyKind);
  return {
    name: 'clustertaintpolicy',
    workers,
    setUp: (enqueue) => {
      clusters.informer.onChange((change) => {
        if (change.type === 'deleted') return;
        // A taint that somebody else gives or takes stays so until the cluster says something new.
        if (change.type === 'updated' && deepEqual(change.old.status?.conditions, change.object.status?.conditions)) {
          return;
        }
        enqueue(change.object.metadata.name!);
      });
      policies.informer.onChange((change) => {
        if (change.type === 'deleted') return;
        if (change.type === 'updated' && deepEqual(change.old.spec, change.object.spec)) return;
        for (const cluster of clusters.informer.list()) {
          if (isFor(change.object, cluster)) enqueue(cluster.metadata.name!);
        }
      });
    },
    reconcile: (key) => taintCluster({ ...options, clusters, policies }, key),
  };
}

async function taintCluster({ clusters, policies, clock, events }: Context, key: string): Promise<Result> {
  const cluster = clusters.get(key);
  if (!cluster) return done;
  const taints = taintsBy(policies.informer.list(), cluster, timestamp(clock.now()));
  if (taints === cluster.spec.taints) return done;
  const { taints: _, ...spec } = cluster.spec;
  const wanted = taints as Cluster['spec']['taints'] & readonly Taint[];
  try {
    await clusters.update({ ...cluster, spec: wanted.length > 0 ? { ...spec, taints: wanted } : spec });
  } catch (error) {
    if (!isReason(error, 'Conflict')) events.event(cluster, 'Warning', reasons.taintClusterFailed, String(error));
    throw error;
  }
  const message = `Update Cluster(${key}) with taints(${taintsMessage(taints)}) succeed`;
  events.event(cluster, 'Normal', reasons.taintClusterSucceed, message);
  return done;
}
