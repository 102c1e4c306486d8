/** The clusters as the scheduler looks at them: in the order of their names, with what it asks of each worked out once. */
import type { Cluster, Taint } from '#apis/cluster/cluster.ts';
import { type Room, roomOf } from './estimate/room.ts';

export interface FleetCluster {
  readonly name: string;
  readonly cluster: Cluster;
  /** It is being deleted. */
  readonly leaving: boolean;
  /** Its taints that keep templates out. */
  readonly taints: readonly Taint[];
  /** The kinds it serves, as `kindKey` writes them. */
  readonly kinds: ReadonlySet<string>;
  /** Undefined: it does not tell. */
  readonly room: () => Room | undefined;
}

export interface Fleet {
  /** By name, so that no answer depends on the order clusters are known in. */
  readonly clusters: readonly FleetCluster[];
  readonly byName: ReadonlyMap<string, FleetCluster>;
}

export const kindKey = (apiVersion: string, kind: string): string => `${apiVersion} ${kind}`;

function prepare(cluster: Cluster): FleetCluster {
  const kinds = new Set<string>();
  for (const { groupVersion, resources = [] } of cluster.status?.apiEnablements ?? []) {
    for (const { kind } of resources) kinds.add(kindKey(groupVersion, kind));
  }
  // Nobody asks about room while everything is placed whole, and it changes with every report of the cluster.
  let room: { readonly is: Room | undefined } | undefined;
  return {
    name: cluster.metadata.name!,
    cluster,
    leaving: cluster.metadata.deletionTimestamp !== undefined,
    taints: (cluster.spec.taints ?? []).filter(({ effect }) => effect === 'NoSchedule' || effect === 'NoExecute'),
    kinds,
    room: () => {
      room ??= { is: roomOf(cluster) };
      return room.is;
    },
  };
}

/** Clusters are immutable values: the same object is prepared once, for as long as anybody holds it. */
const prepared = new WeakMap<Cluster, FleetCluster>();

function prepareOnce(cluster: Cluster): FleetCluster {
  const known = prepared.get(cluster);
  if (known) return known;
  const fresh = prepare(cluster);
  prepared.set(cluster, fresh);
  return fresh;
}

/** To be made again when a cluster changed, not for each binding. */
export function prepareFleet(clusters: readonly Cluster[]): Fleet {
  const sorted = clusters.map(prepareOnce).sort((left, right) => (left.name < right.name ? -1 : 1));
  return { clusters: sorted, byName: new Map(sorted.map((each) => [each.name, each])) };
}
