/** What of a changed cluster or binding can change a decision (compatibility.md section 4). Pure. */
import type { Cluster } from '#apis/cluster/cluster.ts';
import type { Binding } from '#apis/work/binding.ts';
import type { Change } from '#client/informer/informer.ts';
import { bringsDefinition } from '#interpreter/closure/record.ts';
import { isConditionTrue } from '#kube/conditions/conditions.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import { milliValue, parseQuantity } from '#kube/quantity/quantity.ts';
import { isScheduled } from './plan/needs.ts';

/** What changed clusters may mean to bindings, gathered from many changes. */
export interface ClusterNews {
  /** As they were and as they are: whatever matches one of them may go there now, or no longer. */
  readonly matching: Set<Cluster>;
  /** Kinds that clusters have come to serve, `apps/v1/Deployment`: news for bindings of these alone. */
  readonly served: Map<string, Set<Cluster>>;
  /** More room than before: news for bindings that wait for room. */
  readonly roomier: Set<Cluster>;
  /** Names of clusters that leave or have gone: news for whatever is there. */
  readonly leaving: Set<string>;
}

export const noNews = (): ClusterNews => ({
  matching: new Set(),
  served: new Map(),
  roomier: new Set(),
  leaving: new Set(),
});

export const isNews = ({ matching, served, roomier, leaving }: ClusterNews): boolean =>
  matching.size + served.size + roomier.size + leaving.size > 0;

/**
 * Adds what a change means. The reference looks at labels, generation and the beginning of a deletion; that a cluster
 * comes to serve a kind, or has room again, it learns by chance.
 */
export function addNews(news: ClusterNews, change: Change<Cluster>): void {
  const { type, object: cluster, old } = change;
  if (type === 'deleted') news.leaving.add(cluster.metadata.name!);
  else if (!old) {
    // Bindings come with an addition of their own when everything is listed for the first time.
    if (!change.initial) news.matching.add(cluster);
  } else addUpdate(news, old, cluster);
}

function addUpdate(news: ClusterNews, old: Cluster, cluster: Cluster): void {
  if (cluster.metadata.deletionTimestamp && !old.metadata.deletionTimestamp) {
    news.matching.add(cluster);
    news.leaving.add(cluster.metadata.name!);
  } else if (
    old.metadata.generation !== cluster.metadata.generation ||
    !deepEqual(old.metadata.labels, cluster.metadata.labels)
  ) {
    news.matching.add(old).add(cluster);
  }
  for (const kind of newlyServed(old, cluster)) {
    const clusters = news.served.get(kind);
    if (clusters) clusters.add(cluster);
    else news.served.set(kind, new Set([cluster]));
  }
  if (hasMoreRoom(old, cluster)) news.roomier.add(cluster);
}

/** `apps/v1/Deployment`, as `servedKind` of a binding. */
const kindsOf = ({ status }: Cluster): ReadonlySet<string> =>
  new Set(
    (status?.apiEnablements ?? []).flatMap(({ groupVersion, resources = [] }) =>
      resources.map(({ kind }) => `${groupVersion}/${kind}`),
    ),
  );

export const servedKind = ({ spec: { resource } }: Binding): string => `${resource.apiVersion}/${resource.kind}`;

function newlyServed(old: Cluster, cluster: Cluster): readonly string[] {
  if (deepEqual(old.status?.apiEnablements, cluster.status?.apiEnablements)) return [];
  const before = kindsOf(old);
  return [...kindsOf(cluster)].filter((kind) => !before.has(kind));
}

/** Of any resource more is free than was. */
function hasMoreRoom(old: Cluster, cluster: Cluster): boolean {
  const [before, after] = [old.status?.resourceSummary, cluster.status?.resourceSummary];
  if (!after || deepEqual(before, after)) return false;
  return Object.keys(after.allocatable ?? {}).some((name) => free(after, name) > free(before, name));
}

type Summary = NonNullable<NonNullable<Cluster['status']>['resourceSummary']>;

/** In thousandths. */
function free(summary: Summary | undefined, name: string): number {
  const amount = (part: 'allocatable' | 'allocated' | 'allocating') =>
    milliValue(parseQuantity(summary?.[part]?.[name] ?? '0'));
  return amount('allocatable') - amount('allocated') - amount('allocating');
}

export const succeeded = (binding: Binding) => isConditionTrue(binding.status?.conditions, 'Scheduled');

/**
 * What a binding asks for is its spec, whether anybody claims it, and whether its kind comes along. Our own word of
 * failure is looked at again all the same: one whose writing was not answered may come after the success that followed.
 */
export const bindingMatters = (old: Binding, binding: Binding): boolean =>
  old.metadata.generation !== binding.metadata.generation ||
  isScheduled(old) !== isScheduled(binding) ||
  bringsDefinition(old) !== bringsDefinition(binding) ||
  (succeeded(old) && !succeeded(binding));

/** A binding that goes elsewhere, or belongs to other groups: what its peers of before and of now may wait for. */
export const concernsPeers = ({ spec: old }: Binding, { spec }: Binding): boolean =>
  !deepEqual(old.clusters, spec.clusters) || !deepEqual(old.workloadAffinityGroups, spec.workloadAffinityGroups);
