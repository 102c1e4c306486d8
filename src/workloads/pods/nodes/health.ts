/** What is said of a node by others than itself: unknown when it falls silent, and the taints its state asks for. Pure. */
import type { Node, NodeCondition, Taint } from '#apis/kubernetes/types.ts';
import { nodeTaints } from './taints.ts';

export interface NodeVerdict {
  /** Absent: as they are. */
  readonly conditions?: readonly NodeCondition[];
  readonly taints?: readonly Taint[];
}

const reportedTypes = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'];

/** `silent`: its Lease has not been renewed for so long that nobody knows. `now` is RFC 3339. */
export function judgeNode(node: Node, silent: boolean, now: string): NodeVerdict {
  const before = node.status?.conditions ?? [];
  const conditions = silent ? unknown(before, now) : before;
  const taints = wantedTaints(node, conditions, now);
  return {
    ...(conditions === before ? {} : { conditions }),
    ...(taints ? { taints } : {}),
  };
}

/** The same list when all is unknown already. */
function unknown(before: readonly NodeCondition[], now: string): readonly NodeCondition[] {
  const doubted = before.filter(({ type, status }) => reportedTypes.includes(type) && status !== 'Unknown');
  if (doubted.length === 0) return before;
  return before.map((condition) =>
    doubted.includes(condition)
      ? {
          ...condition,
          status: 'Unknown',
          reason: 'NodeStatusUnknown',
          message: 'Kubelet stopped posting node status.',
          lastTransitionTime: now,
        }
      : condition,
  );
}

/** Ours as the state asks, others' as they are; undefined when that is what there is. */
function wantedTaints(node: Node, conditions: readonly NodeCondition[], now: string): readonly Taint[] | undefined {
  const before = node.spec?.taints ?? [];
  const wanted = nodeTaints(node.spec?.unschedulable === true, conditions);
  const isWanted = (taint: Taint) => wanted.some((each) => each.key === taint.key && each.effect === taint.effect);
  const isOurs = ({ key }: Taint) => ourKeys.has(key);
  const kept = before.filter((taint) => !isOurs(taint) || isWanted(taint));
  const missing = wanted.filter(
    ({ key, effect }) => !before.some((each) => each.key === key && each.effect === effect),
  );
  if (kept.length === before.length && missing.length === 0) return undefined;
  // The time counts for those that drive Pods away after a while.
  return [...kept, ...missing.map((taint) => (taint.effect === 'NoExecute' ? { ...taint, timeAdded: now } : taint))];
}

const ourKeys = new Set(
  nodeTaints(true, [
    { type: 'Ready', status: 'Unknown' },
    { type: 'MemoryPressure', status: 'True' },
    { type: 'DiskPressure', status: 'True' },
    { type: 'PIDPressure', status: 'True' },
    { type: 'NetworkUnavailable', status: 'True' },
  ])
    .concat(nodeTaints(false, [{ type: 'Ready', status: 'False' }]))
    .map(({ key }) => key),
);
