/**
 * A cluster's nodes and room, added up (compatibility.md section 5; pkg/controllers/status and pkg/modeling). What Pods
 * take is counted as kube-scheduler does: init containers, sidecars, overhead, what a Pod asks for as a whole. Pure.
 */
import type { Cluster, ResourceModel, ResourceSummary } from '#apis/cluster/cluster.ts';
import { isCounted } from '#apis/kubernetes/fit/counted.ts';
import { type Amounts, podRequests } from '#apis/kubernetes/fit/requests.ts';
import type { Node, Pod } from '#apis/kubernetes/types.ts';
import { isConditionTrue } from '#kube/conditions/conditions.ts';
import {
  addQuantity,
  compareQuantity,
  formatQuantity,
  parseQuantity,
  type Quantity,
  subtractQuantity,
} from '#kube/quantity/quantity.ts';

type Totals = Map<string, Quantity>;

const zero = parseQuantity('0');

export function nodeSummary(nodes: readonly Node[]): NonNullable<Cluster['status']>['nodeSummary'] {
  const readyNum = nodes.filter((node) =>
    isConditionTrue(node.status?.conditions as Parameters<typeof isConditionTrue>[0], 'Ready'),
  ).length;
  return { totalNum: nodes.length, readyNum };
}

function add(totals: Totals, resources: Readonly<Record<string, string | number>> | undefined): void {
  for (const name in resources) {
    const amount = parseQuantity(resources[name]!);
    const before = totals.get(name);
    totals.set(name, before ? addQuantity(before, amount) : amount);
  }
}

const written = (totals: ReadonlyMap<string, Quantity>): Record<string, string> =>
  Object.fromEntries(
    [...totals].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, amount]) => [name, formatQuantity(amount)]),
  );

/** What Pods take together, themselves among it. */
class Taken {
  readonly #amounts = new Map<string, number>();
  #pods = 0;

  add(requests: Amounts): void {
    this.#pods += 1;
    for (const [name, amount] of requests) {
      if (isCounted(name)) this.#amounts.set(name, (this.#amounts.get(name) ?? 0) + amount);
    }
  }

  /** Without what nothing is taken of. */
  quantities(): Totals {
    const all = [...this.#amounts, ['pods', this.#pods] as const].filter(([, amount]) => amount > 0);
    return new Map(all.map(([name, amount]) => [name, quantityOf(name, amount)]));
  }
}

/** Bytes in powers of two, everything else in powers of ten, as the reference writes them. */
function quantityOf(name: string, amount: number): Quantity {
  const isBytes = name === 'memory' || name === 'ephemeral-storage' || name.startsWith('hugepages-');
  const nano = BigInt(amount) * (name === 'cpu' ? 1_000_000n : 1_000_000_000n);
  return { nano, format: isBytes ? 'BinarySI' : 'DecimalSI' };
}

/** Pods stay the same objects until they change, and there may be 150,000 of them every ten seconds. */
const known = new WeakMap<Pod, Amounts>();

function requestsOf(pod: Pod): Amounts {
  let requests = known.get(pod);
  if (!requests) {
    requests = podRequests(pod.spec);
    known.set(pod, requests);
  }
  return requests;
}

const hasEnded = ({ status }: Pod) => status?.phase === 'Succeeded' || status?.phase === 'Failed';

/** The grade whose ranges free resources fall into: the lowest of what each alone would give; -1 for none. */
function gradeOf(free: Totals, models: readonly ResourceModel[]): number {
  const [first] = models;
  return Math.min(
    ...first!.ranges.map(({ name }) =>
      models.findLastIndex((model) => {
        const min = model.ranges.find((range) => range.name === name)?.min ?? '0';
        return compareQuantity(free.get(name) ?? zero, parseQuantity(min)) >= 0;
      }),
    ),
  );
}

/** What is free of a node; undefined when no Pod fits beside those it has. */
function freeOf(node: Node, taken: Taken | undefined): Totals | undefined {
  const free: Totals = new Map();
  add(free, node.status?.allocatable);
  if (!taken) return free;
  const used = taken.quantities();
  if (compareQuantity(free.get('pods') ?? zero, used.get('pods')!) <= 0) return undefined;
  for (const [name, amount] of used) {
    const have = free.get(name);
    if (have) free.set(name, subtractQuantity(have, amount));
  }
  return free;
}

/** Nodes in the order of their names: as in the reference, the first that is full ends the counting. */
function modelings(nodes: readonly Node[], byNode: ReadonlyMap<string, Taken>, models: readonly ResourceModel[]) {
  const counts = models.map((model) => ({ grade: model.grade, count: 0 }));
  const inOrder = [...nodes].sort((left, right) => (left.metadata.name! < right.metadata.name! ? -1 : 1));
  for (const node of inOrder) {
    const free = freeOf(node, byNode.get(node.metadata.name!));
    if (!free) break;
    const counted = counts[gradeOf(free, models)];
    if (counted) counted.count++;
  }
  return counts;
}

/** `models` empty: no modelings. */
export function resourceSummary(
  nodes: readonly Node[],
  pods: readonly Pod[],
  models: readonly ResourceModel[],
): ResourceSummary {
  const allocatable: Totals = new Map();
  for (const node of nodes) add(allocatable, node.status?.allocatable);
  const [allocated, allocating] = [new Taken(), new Taken()];
  const byNode = new Map<string, Taken>();
  for (const pod of pods) {
    const { nodeName } = pod.spec;
    // Also one that ended without ever having had a node, as in the reference.
    if (!nodeName) allocating.add(requestsOf(pod));
    if (!nodeName || hasEnded(pod)) continue;
    allocated.add(requestsOf(pod));
    const onNode = byNode.get(nodeName) ?? new Taken();
    onNode.add(requestsOf(pod));
    byNode.set(nodeName, onNode);
  }
  const figure = <Name extends string>(name: Name, totals: Totals) =>
    (totals.size > 0 ? { [name]: written(totals) } : {}) as Partial<Record<Name, Record<string, string>>>;
  return {
    ...figure('allocatable', allocatable),
    ...figure('allocated', allocated.quantities()),
    ...figure('allocating', allocating.quantities()),
    ...(models.length > 0 ? { allocatableModelings: modelings(nodes, byNode, models) } : {}),
  };
}
