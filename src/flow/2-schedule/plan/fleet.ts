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
  /** Whether it says that it serves a kind, as `kindKey` writes it. */
  readonly serves: (kind: string) => boolean;
  /** Undefined: it does not tell. */
  readonly room: () => Room | undefined;
}

export interface Fleet {
  /** By name, so that no answer depends on the order clusters are known in. */
  readonly clusters: readonly FleetCluster[];
  readonly byName: ReadonlyMap<string, FleetCluster>;
}

/** Neither of the two has a space in it. */
export const kindKey = (apiVersion: string, kind: string): string => `${apiVersion} ${kind}`;

/**
 * A cluster serves hundreds of kinds and templates are of a few: a kind is looked for when it is first asked about, and
 * a cluster that reports anew costs no more than that.
 */
function servedKinds({ status }: Cluster): FleetCluster['serves'] {
  const known = new Map<string, boolean>();
  return (key) => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const [apiVersion, wanted] = key.split(' ');
    const isServed = (status?.apiEnablements ?? []).some(
      ({ groupVersion, resources = [] }) =>
        groupVersion === apiVersion && resources.some(({ kind }) => kind === wanted),
    );
    known.set(key, isServed);
    return isServed;
  };
}

function prepare(cluster: Cluster): FleetCluster {
  // Nobody asks about room while everything is placed whole, and it changes with every report of the cluster.
  let room: { readonly is: Room | undefined } | undefined;
  return {
    name: cluster.metadata.name!,
    cluster,
    leaving: cluster.metadata.deletionTimestamp !== undefined,
    taints: (cluster.spec.taints ?? []).filter(({ effect }) => effect === 'NoSchedule' || effect === 'NoExecute'),
    serves: servedKinds(cluster),
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
