/** Node: its condition, its roles and what runs on it. */
import { ageOf, cellsOf, firstOf, nameOf, none, type View } from './cell.ts';

const rolePrefix = 'node-role.kubernetes.io/';
const roleLabel = 'kubernetes.io/role';
const unknown = '<unknown>';

interface NodeStatus {
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  readonly addresses?: readonly { readonly type: string; readonly address: string }[];
  readonly nodeInfo?: {
    readonly kubeletVersion?: string;
    readonly osImage?: string;
    readonly kernelVersion?: string;
    readonly containerRuntimeVersion?: string;
  };
}

function readiness({ conditions = [] }: NodeStatus): string {
  const ready = conditions.findLast(({ type }) => type === 'Ready');
  return ready ? (ready.status === 'True' ? 'Ready' : 'NotReady') : 'Unknown';
}

function roles(labels: Readonly<Record<string, string>>): string {
  const found = new Set<string>();
  for (const [key, value] of Object.entries(labels)) {
    const role = key.startsWith(rolePrefix) ? key.slice(rolePrefix.length) : key === roleLabel ? value : '';
    if (role) found.add(role);
  }
  return [...found].sort().join(',') || none;
}

export const nodeCells = cellsOf<View<{ readonly unschedulable?: boolean }, NodeStatus>>((node, now) => {
  const { spec = {}, status = {}, metadata } = node;
  const { nodeInfo = {} } = status;
  const address = (type: string) => status.addresses?.find((each) => each.type === type)?.address ?? none;
  return [
    nameOf(node),
    spec.unschedulable ? `${readiness(status)},SchedulingDisabled` : readiness(status),
    roles(metadata.labels ?? {}),
    ageOf(node, now),
    nodeInfo.kubeletVersion ?? '',
    address('InternalIP'),
    address('ExternalIP'),
    firstOf(nodeInfo.osImage, unknown),
    firstOf(nodeInfo.kernelVersion, unknown),
    firstOf(nodeInfo.containerRuntimeVersion, unknown),
  ];
});
