/** The room a cluster says it has: its resource summary, and the nodes its resource models stand for. */
import type { Cluster, ResourceSummary } from '#apis/cluster/cluster.ts';
import { parseQuantity, subtractQuantity } from '#kube/quantity/quantity.ts';
import { type Amounts, amountOf } from './amounts.ts';
import type { NodeGroup } from './nodes.ts';

export interface Room {
  /** Allocatable less allocated less allocating; Pods among it. */
  readonly free: Amounts;
  /** Undefined where the cluster has no models, or reports nothing of them. */
  readonly nodes: readonly NodeGroup[] | undefined;
}

/** Kubernetes' own limit of a node, and the one the reference takes for the nodes that models stand for. */
const podsPerNode = 110;

function freeAmounts({ allocatable = {}, allocated = {}, allocating = {} }: ResourceSummary): Amounts {
  const free = new Map<string, number>();
  for (const [resource, text] of Object.entries(allocatable)) {
    let left = parseQuantity(text);
    for (const taken of [allocated[resource], allocating[resource]]) {
      if (taken !== undefined) left = subtractQuantity(left, parseQuantity(taken));
    }
    free.set(resource, amountOf(resource, left));
  }
  return free;
}

/** Nodes as large as the least their grade may have, smallest grade first. */
function modelNodes(cluster: Cluster, summary: ResourceSummary): readonly NodeGroup[] | undefined {
  const models = cluster.spec.resourceModels ?? [];
  const modelings = summary.allocatableModelings ?? [];
  if (models.length === 0 || modelings.length === 0) return undefined;
  const counts = new Map<number, number>();
  for (const { grade, count } of modelings) {
    counts.set(grade, (counts.get(grade) ?? 0) + count);
  }
  return [...models]
    .sort((left, right) => left.grade - right.grade)
    .map(({ grade, ranges }) => {
      const free = new Map(ranges.map(({ name, min }) => [name, amountOf(name, parseQuantity(min))]));
      return { count: counts.get(grade) ?? 0, free: free.set('pods', podsPerNode) };
    })
    .filter(({ count }) => count > 0);
}

/** Undefined where the cluster reports no summary. */
export function roomOf(cluster: Cluster): Room | undefined {
  const summary = cluster.status?.resourceSummary;
  if (!summary) return undefined;
  return { free: freeAmounts(summary), nodes: modelNodes(cluster, summary) };
}
