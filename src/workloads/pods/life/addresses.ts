/** Addresses of Pods, handed out of each node's podCIDR; what Pods have already is never given again. */
import type { Node, Pod } from '#apis/kubernetes/types.ts';

export interface Addresses {
  /** The same for the same Pod as long as it is there. Undefined when the node has no range or no address left. */
  readonly addressFor: (pod: Pod, node: Node) => string | undefined;
  /** What a Pod says it has. */
  readonly keep: (pod: Pod) => void;
  readonly release: (pod: Pod) => void;
}

interface Range {
  readonly first: number;
  readonly size: number;
  /** Where to look next, so that an address that has just become free is not given to somebody else at once. */
  next: number;
}

export function podAddresses(): Addresses {
  const ranges = new Map<string, Range>();
  const byPod = new Map<string, number>();
  const taken = new Set<number>();

  const keepNumber = (uid: string, address: number) => {
    byPod.set(uid, address);
    taken.add(address);
  };

  const rangeOf = (cidr: string): Range => {
    let range = ranges.get(cidr);
    if (!range) {
      range = parseRange(cidr);
      ranges.set(cidr, range);
    }
    return range;
  };

  const freeIn = (range: Range): number | undefined => {
    for (let tried = 0; tried < range.size; tried++) {
      const address = range.first + range.next;
      range.next = (range.next + 1) % range.size;
      if (!taken.has(address)) return address;
    }
    return undefined;
  };

  return {
    addressFor: ({ metadata }, { spec }) => {
      const uid = metadata.uid!;
      const known = byPod.get(uid);
      if (known !== undefined) return formatAddress(known);
      if (!spec?.podCIDR) return undefined;
      const address = freeIn(rangeOf(spec.podCIDR));
      if (address === undefined) return undefined;
      keepNumber(uid, address);
      return formatAddress(address);
    },
    keep: ({ metadata, spec, status }) => {
      const uid = metadata.uid!;
      if (!status?.podIP || spec.hostNetwork || byPod.has(uid)) return;
      keepNumber(uid, parseAddress(status.podIP));
    },
    release: ({ metadata }) => {
      const uid = metadata.uid!;
      const address = byPod.get(uid);
      if (address === undefined) return;
      byPod.delete(uid);
      taken.delete(address);
    },
  };
}

/** Without the network's own address and the broadcast address. */
function parseRange(cidr: string): Range {
  const [network = '', bits = '32'] = cidr.split('/');
  const size = 2 ** (32 - Number(bits));
  return { first: parseAddress(network) + 1, size: Math.max(1, size - 2), next: 0 };
}

const parseAddress = (text: string): number => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

const formatAddress = (address: number): string =>
  [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join('.');
