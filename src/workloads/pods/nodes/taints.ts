/** Taints that follow from a node's state: Kubernetes' table. Pure. */
import type { NodeCondition, Taint } from '#apis/kubernetes/types.ts';

const prefix = 'node.kubernetes.io/';

const pressures: Readonly<Record<string, string>> = {
  MemoryPressure: 'memory-pressure',
  DiskPressure: 'disk-pressure',
  PIDPressure: 'pid-pressure',
  NetworkUnavailable: 'network-unavailable',
};

export function nodeTaints(
  unschedulable: boolean,
  conditions: readonly Pick<NodeCondition, 'type' | 'status'>[],
): readonly Taint[] {
  const taints: Taint[] = [];
  const add = (name: string, ...effects: readonly Taint['effect'][]) => {
    for (const effect of effects) taints.push({ key: `${prefix}${name}`, effect });
  };
  if (unschedulable) add('unschedulable', 'NoSchedule');
  for (const { type, status } of conditions) {
    if (type === 'Ready' && status === 'False') add('not-ready', 'NoSchedule', 'NoExecute');
    if (type === 'Ready' && status === 'Unknown') add('unreachable', 'NoSchedule', 'NoExecute');
    const pressure = pressures[type];
    if (pressure && status === 'True') add(pressure, 'NoSchedule');
  }
  return taints;
}
