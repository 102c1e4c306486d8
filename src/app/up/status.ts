/** What `flotilla status` shows: what is up, behind, or failing. */
import { type Cluster, ClusterKind } from '#apis/cluster/cluster.ts';
import type { ApiClient } from '#client/api-client.ts';
import type { Condition } from '#kube/meta/object.ts';
import type { Store } from '#server/storage/store.ts';
import type { World } from '#world/world.ts';
import type { Component } from '../components/component.ts';
import { version } from '../version.ts';

export interface ComponentReport {
  readonly name: string;
  readonly running: boolean;
  /** Keys waiting in its queues. */
  readonly waiting: number;
  /** What failed last and is being tried again: controller, key, why. */
  readonly troubles: readonly { readonly controller: string; readonly key: string; readonly why: string }[];
}

export interface ClusterReport {
  readonly name: string;
  readonly ready: string;
  readonly reason: string;
  readonly version: string;
  readonly nodes: string;
}

export interface UpStatus {
  readonly version: string;
  /** Why nothing can be written at present; absent when all is well with the data directory. */
  readonly problem?: string;
  readonly upSeconds: number;
  readonly memoryMiB: number;
  readonly components: readonly ComponentReport[];
  readonly clusters: readonly ClusterReport[];
}

export interface StatusParts {
  readonly admin: ApiClient;
  readonly components: readonly Component[];
  readonly started: number;
  readonly world: World;
  readonly memoryBytes: number;
  readonly store: Pick<Store, 'durable' | 'revision'>;
}

function reportOf(component: Component): ComponentReport {
  const controllers = component.status();
  return {
    name: component.name,
    running: component.running(),
    waiting: controllers.reduce((sum, each) => sum + each.waiting, 0),
    troubles: controllers.flatMap(({ name, troubles }) =>
      troubles.map(({ key, reason }) => ({ controller: name, key, why: reason })),
    ),
  };
}

function clusterReport({ metadata, status }: Cluster): ClusterReport {
  const ready = (status?.conditions as readonly Condition[] | undefined)?.find(
    (condition) => condition.type === 'Ready',
  );
  const { readyNum = 0, totalNum = 0 } = status?.nodeSummary ?? {};
  return {
    name: metadata.name!,
    ready: ready?.status ?? 'Unknown',
    reason: ready?.status === 'True' ? '' : (ready?.message ?? 'nobody has looked at it yet'),
    version: status?.kubernetesVersion ?? '',
    nodes: `${readyNum}/${totalNum}`,
  };
}

/** Undefined when what was written last has reached the disk. */
async function problemOf(store: StatusParts['store']): Promise<string | undefined> {
  try {
    await store.durable(store.revision());
    return undefined;
  } catch (error) {
    return (error as Error).message.replace(/^Internal error occurred: /, '');
  }
}

export async function statusOf(parts: StatusParts): Promise<UpStatus> {
  const { admin, components, started, world, memoryBytes, store } = parts;
  const { items } = await admin.resource<Cluster>(ClusterKind).list();
  const problem = await problemOf(store);
  return {
    version,
    ...(problem === undefined ? {} : { problem }),
    upSeconds: Math.round((world.clock.now() - started) / 1000),
    memoryMiB: Math.round(memoryBytes / 1024 / 1024),
    components: components.map(reportOf),
    clusters: items.map(clusterReport),
  };
}
