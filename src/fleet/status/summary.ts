/** A cluster's nodes and room, added up (compatibility.md section 5). Pure. */
import type { Cluster, ResourceModel, ResourceSummary } from '#apis/cluster/cluster.ts';
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
type Resources = Readonly<Record<string, string | number>>;

function add(totals: Totals, resources: Resources | undefined): void {
  for (const name in resources) {
    const amount = parseQuantity(resources[name]!);
    const before = totals.get(name);
    totals.set(name, before ? addQuantity(before, amount) : amount);
  }
}

const written = (totals: Totals): Record<string, string> =>
  Object.fromEntries(
    [...totals].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, amount]) => [name, formatQuantity(amount)]),
  );

function requestsOf(pod: Pod): Totals {
  const totals: Totals = new Map();
  for (const container of pod.spec?.containers ?? [])
    add(totals, container.resources?.requests as Resources | undefined);
  add(totals, pod.spec?.overhead as Resources | undefined);
  add(totals, { pods: '1' });
  return totals;
}

const ended = (pod: Pod) => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

export function nodeSummary(nodes: readonly Node[]): NonNullable<Cluster['status']>['nodeSummary'] {
  const readyNum = nodes.filter((node) =>
    isConditionTrue(node.status?.conditions as Parameters<typeof isConditionTrue>[0], 'Ready'),
  ).length;
  return { totalNum: nodes.length, readyNum };
}

/** The grade whose ranges a node's free resources fall into: the lowest of what each resource alone would give. */
function gradeOf(free: Totals, models: readonly ResourceModel[]): number {
  let grade = models.length - 1;
  for (const { name } of models[0]?.ranges ?? []) {
    const amount = free.get(name) ?? parseQuantity('0');
    const own = models.findLastIndex((model) => {
      const min = model.ranges.find((range) => range.name === name)?.min ?? '0';
      return compareQuantity(amount, parseQuantity(min)) >= 0;
    });
    grade = Math.min(grade, Math.max(0, own));
  }
  return grade;
}

function modelings(nodes: readonly Node[], byNode: ReadonlyMap<string, Totals>, models: readonly ResourceModel[]) {
  const counts = models.map((model) => ({ grade: model.grade, count: 0 }));
  for (const node of nodes) {
    const free: Totals = new Map();
    add(free, node.status?.allocatable as Resources | undefined);
    for (const [name, used] of byNode.get(node.metadata.name!) ?? []) {
      const have = free.get(name);
      if (have) free.set(name, subtractQuantity(have, used));
    }
    const room = free.get('pods');
    if (room && compareQuantity(room, parseQuantity('0')) <= 0) break;
    if (counts.length > 0) counts[gradeOf(free, models)]!.count++;
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
  const allocated: Totals = new Map();
  const allocating: Totals = new Map();
  const byNode = new Map<string, Totals>();
  for (const node of nodes) add(allocatable, node.status?.allocatable as Resources | undefined);
  for (const pod of pods) {
    if (ended(pod)) continue;
    const asked = written(requestsOf(pod));
    const nodeName = pod.spec?.nodeName;
    add(nodeName ? allocated : allocating, asked);
    if (!nodeName) continue;
    const onNode = byNode.get(nodeName) ?? new Map();
    add(onNode, asked);
    byNode.set(nodeName, onNode);
  }
  return {
    ...(allocatable.size > 0 ? { allocatable: written(allocatable) } : {}),
    ...(allocated.size > 0 ? { allocated: written(allocated) } : {}),
    ...(allocating.size > 0 ? { allocating: written(allocating) } : {}),
    ...(models.length > 0 ? { allocatableModelings: modelings(nodes, byNode, models) } : {}),
  };
}
