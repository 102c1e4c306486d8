/**
 * What was placed and does not run yet (gate SchedulingOvercommitProtection): until a cluster's own figures know of it,
 * it takes room all the same, or two templates are given the same.
 */
import type { Binding } from '#apis/work/binding.ts';
import type { AggregatedStatusItem, TargetCluster } from '#apis/work/binding-spec.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import { keyOf } from '#kube/meta/key.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { AssumedReplicas } from './plan/input.ts';

/** As the reference: what has not become healthy by then may never. */
const longestMs = 5 * 60_000;
/** Ten clusters each for the largest fleet we are tested with; at about 300 bytes 30 MB. Beyond it the oldest are dropped. */
const mostAssumptions = 100_000;

interface Assumption {
  readonly key: string;
  readonly cluster: string;
  /** Monotonic. */
  readonly since: number;
  readonly replicas: readonly AssumedReplicas[];
  /** What the cluster said of the template then: only a newer word can say that it runs. */
  readonly said: AggregatedStatusItem | undefined;
}

export interface Assumptions {
  /** The binding, as it was before, is being placed on these clusters. Answers how to take that back. */
  readonly place: (binding: Binding, targets: readonly TargetCluster[]) => () => void;
  /** Lets go what the binding says is running, or no longer there. Answers on which clusters. */
  readonly note: (binding: Binding) => readonly string[];
  /** Lets go all of a binding that is gone. Answers on which clusters. */
  readonly forget: (key: string) => readonly string[];
  readonly byCluster: () => ReadonlyMap<string, readonly AssumedReplicas[]>;
}

const saidBy = ({ status }: Binding, cluster: string) =>
  status?.aggregatedStatus?.find(({ clusterName }) => clusterName === cluster);

/**
 * What is assumed of the binding on a cluster once it is placed there: what was before and what it adds, which is never
 * more than it has there; or all its components, from when they come on.
 */
function assumedOn(
  { spec }: Binding,
  target: TargetCluster,
  earlier: readonly AssumedReplicas[] = [],
): readonly AssumedReplicas[] {
  const before = spec.clusters?.find(({ name }) => name === target.name);
  const { components = [], replicaRequirements: requirements } = spec;
  if (components.length > 0) {
    if (before) return earlier;
    return components.map(({ replicas, replicaRequirements }) => ({ replicas, requirements: replicaRequirements }));
  }
  const wanted = target.replicas ?? 0;
  const more = Math.max(0, wanted - (before?.replicas ?? 0));
  const replicas = Math.min(
    wanted,
    earlier.reduce((sum, each) => sum + each.replicas, more),
  );
  return replicas > 0 ? [{ replicas, requirements }] : [];
}

export function assumptions(clock: Clock): Assumptions {
  const { all, ofBinding, put, drop, byCluster } = ledger();

  const dropOld = () => {
    const before = clock.monotonic() - longestMs;
    for (const [id, { since }] of all) {
      if (since > before && all.size <= mostAssumptions) return;
      drop(id);
    }
  };

  const letGo = (ids: readonly string[]): readonly string[] =>
    ids.map((id) => {
      const { cluster } = all.get(id)!;
      drop(id);
      return cluster;
    });

  return {
    place: (binding, targets) => {
      const key = keyOf(binding);
      const before: (readonly [string, Assumption | undefined])[] = [];
      for (const target of targets) {
        const id = `${key}|${target.name}`;
        const earlier = all.get(id);
        const replicas = assumedOn(binding, target, earlier?.replicas);
        if (deepEqual(replicas, earlier?.replicas ?? [])) continue;
        before.push([id, earlier]);
        const said = saidBy(binding, target.name);
        drop(id);
        if (replicas.length > 0) put(id, { key, cluster: target.name, since: clock.monotonic(), replicas, said });
      }
      dropOld();
      return () => {
        for (const [id, earlier] of before) {
          drop(id);
          if (earlier) put(id, earlier);
        }
      };
    },
    note: (binding) =>
      letGo(
        ofBinding(keyOf(binding)).filter((id) => {
          const { cluster, said } = all.get(id)!;
          const item = saidBy(binding, cluster);
          const runs = item?.health === 'Healthy' && !deepEqual(item, said);
          return runs || !binding.spec.clusters?.some(({ name }) => name === cluster);
        }),
      ),
    forget: (key) => letGo(ofBinding(key)),
    byCluster: () => {
      dropOld();
      return byCluster();
    },
  };
}

/** Assumptions by id, the oldest first, and what each binding and cluster has of them. */
function ledger() {
  const all = new Map<string, Assumption>();
  const bindings = new Map<string, Set<string>>();
  const clusters = new Map<string, Set<string>>();
  /** Made anew only for clusters where something changed. */
  const lists = new Map<string, readonly AssumedReplicas[]>();
  const changed = new Set<string>();
  return {
    all: all as ReadonlyMap<string, Assumption>,
    ofBinding: (key: string): readonly string[] => [...(bindings.get(key) ?? [])],
    put: (id: string, assumption: Assumption) => {
      all.set(id, assumption);
      addTo(bindings, assumption.key, id);
      addTo(clusters, assumption.cluster, id);
      changed.add(assumption.cluster);
    },
    drop: (id: string) => {
      const assumption = all.get(id);
      if (!assumption) return;
      all.delete(id);
      takeFrom(bindings, assumption.key, id);
      takeFrom(clusters, assumption.cluster, id);
      changed.add(assumption.cluster);
    },
    byCluster: (): ReadonlyMap<string, readonly AssumedReplicas[]> => {
      for (const cluster of changed) {
        const ids = clusters.get(cluster);
        if (ids) lists.set(cluster, Array.from(ids, (id) => all.get(id)!.replicas).flat());
        else lists.delete(cluster);
      }
      changed.clear();
      return lists;
    },
  };
}

function addTo(sets: Map<string, Set<string>>, name: string, item: string): void {
  const set = sets.get(name);
  if (set) set.add(item);
  else sets.set(name, new Set([item]));
}

function takeFrom(sets: Map<string, Set<string>>, name: string, item: string): void {
  const set = sets.get(name);
  if (set?.delete(item) && set.size === 0) sets.delete(name);
}
