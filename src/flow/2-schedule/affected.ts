/**
 * Which bindings a changed cluster concerns. Bindings are kept in groups that ask for the same clusters, so that one
 * look at a group answers for all of them: a thousand clusters that change meet ten thousand bindings of a few policies.
 */
import { clusterMatches } from '#apis/cluster/affinity.ts';
import type { Cluster } from '#apis/cluster/cluster.ts';
import type { ClusterAffinity } from '#apis/meta/selectors.ts';
import type { Binding } from '#apis/work/binding.ts';
import { findCondition } from '#kube/conditions/conditions.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import { keyOf } from '#kube/meta/key.ts';

import { isScheduled } from './plan/needs.ts';
import { type ClusterNews, servedKind } from './wake.ts';

/** A binding goes to clusters that match one of these; undefined: every cluster concerns it. */
type Wanted = readonly ClusterAffinity[] | undefined;

interface Group {
  readonly text: string;
  readonly wanted: Wanted;
  readonly members: Set<string>;
  /** Those of them that wait for room. */
  readonly waiting: Set<string>;
}

export interface AffectedBindings {
  /** A binding as it is now. */
  readonly note: (binding: Binding) => void;
  readonly forget: (key: string) => void;
  /** Keys of the bindings the news concerns, in portions between which others may have their turn. */
  readonly by: (news: ClusterNews) => Iterable<readonly string[]>;
}

/**
 * The affinity in use: of several groups the one that was scheduled to, which is unknown while the last word on the
 * binding is of an older generation. What replicas overflow into is wanted, too.
 */
function wantedBy({ metadata, spec, status }: Binding): Wanted {
  const { clusterAffinity, clusterAffinities = [] } = spec.placement ?? {};
  if (clusterAffinities.length === 0) return clusterAffinity && [clusterAffinity];
  if (status?.schedulerObservedGeneration !== metadata.generation) return undefined;
  const name = status?.schedulerObservingAffinityName;
  const term = clusterAffinities.find(({ affinityName }) => affinityName === name) ?? clusterAffinities[0]!;
  return [term, ...(term.overflowAffinities ?? [])];
}

/** Where constraints on how it is spread leave no cluster with room, it says SchedulerError, as the reference does. */
const forRoom = new Set(['Unschedulable', 'SchedulerError']);

/** Of several affinity groups that fail the first one's reason is told: a later one may wait for room all the same. */
function waitsForRoom({ spec, status }: Binding): boolean {
  const reason = findCondition(status?.conditions, 'Scheduled')?.reason ?? '';
  return forRoom.has(reason) || (reason === 'NoClusterFit' && (spec.placement?.clusterAffinities ?? []).length > 1);
}

/** The bindings as they are in a cache. */
export interface KnownBindings {
  readonly get: (key: string) => Binding | undefined;
  readonly list: () => readonly Binding[];
}

/** Bindings looked at between two turns. */
const portion = 500;

export function affectedBindings({ get, list }: KnownBindings): AffectedBindings {
  const groups = new Map<string, Group>();
  const groupOf = new Map<string, Group>();

  function leave(key: string): void {
    const group = groupOf.get(key);
    if (!group) return;
    groupOf.delete(key);
    group.members.delete(key);
    group.waiting.delete(key);
    if (group.members.size === 0) groups.delete(group.text);
  }

  function note(binding: Binding): void {
    const key = keyOf(binding);
    if (!isScheduled(binding)) {
      leave(key);
      return;
    }
    const wanted = wantedBy(binding);
    let group = groupOf.get(key);
    if (!group || !deepEqual(group.wanted, wanted)) {
      leave(key);
      const text = wanted ? JSON.stringify(wanted) : '';
      group = groups.get(text) ?? { text, wanted, members: new Set(), waiting: new Set() };
      groups.set(text, group);
      groupOf.set(key, group);
      group.members.add(key);
    }
    if (waitsForRoom(binding)) group.waiting.add(key);
    else group.waiting.delete(key);
  }

  function* by(news: ClusterNews): Iterable<readonly string[]> {
    if (news.matching.size + news.served.size + news.roomier.size > 0)
      for (const group of groups.values()) yield* portions(inGroup(group, news, get));
    if (news.leaving.size > 0) yield* on(news.leaving, list());
  }

  return { note, forget: leave, by };
}

/** Keys of a group's bindings that the news concerns. */
function inGroup({ wanted, members, waiting }: Group, news: ClusterNews, get: KnownBindings['get']): readonly string[] {
  const matches = (clusters: Iterable<Cluster>) => someOf(clusters, (cluster) => matchesAny(cluster, wanted));
  if (matches(news.matching)) return [...members];
  const served = new Set(news.served.keys().filter((kind) => matches(news.served.get(kind)!)));
  const keys = new Set(waiting.size > 0 && matches(news.roomier) ? waiting : []);
  if (served.size > 0) {
    for (const key of members) {
      const binding = get(key);
      if (binding && served.has(servedKind(binding))) keys.add(key);
    }
  }
  return [...keys];
}

function* portions<T>(items: readonly T[]): Iterable<readonly T[]> {
  // One even where there is none: what was looked at took its time, too.
  for (let from = 0; from === 0 || from < items.length; from += portion) yield items.slice(from, from + portion);
}

/** Whatever is there, scheduled at present or not: a cluster cannot go before the last of them has left. */
function* on(leaving: ReadonlySet<string>, all: readonly Binding[]): Iterable<readonly string[]> {
  for (const some of portions(all))
    yield some.filter(({ spec }) => spec.clusters?.some(({ name }) => leaving.has(name))).map(keyOf);
}

const matchesAny = (cluster: Cluster, wanted: Wanted): boolean =>
  wanted?.some((affinity) => clusterMatches(cluster, affinity)) ?? true;

function someOf<T>(items: Iterable<T>, holds: (item: T) => boolean): boolean {
  for (const item of items) if (holds(item)) return true;
  return false;
}
