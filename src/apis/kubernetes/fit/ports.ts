/** Ports of the node that Pods take for themselves. Pure. */
import type { PodSpec } from '../types.ts';

/** A host port as Kubernetes tells them apart. */
export interface HostPort {
  /** `0.0.0.0` is every address of the node. */
  readonly address: string;
  readonly protocol: string;
  readonly port: number;
}

const everyAddress = '0.0.0.0';
const none: readonly HostPort[] = [];

/** Of containers and sidecars; a Pod in the node's network takes what its containers listen on. */
export function hostPortsOf({ containers, initContainers = [] }: PodSpec): readonly HostPort[] {
  const holders = [...containers, ...initContainers.filter(({ restartPolicy }) => restartPolicy === 'Always')];
  const ports = holders.flatMap((container) => container.ports ?? []).filter(({ hostPort }) => hostPort);
  if (ports.length === 0) return none;
  return ports.map(({ hostIP, protocol, hostPort }) => ({
    address: hostIP || everyAddress,
    protocol: protocol ?? 'TCP',
    port: hostPort!,
  }));
}

export const collide = (left: HostPort, right: HostPort): boolean =>
  left.port === right.port &&
  left.protocol === right.protocol &&
  (left.address === right.address || left.address === everyAddress || right.address === everyAddress);
