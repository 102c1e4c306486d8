/** Address ranges of simulated members: distinct for each, so that what belongs to whom is seen at a glance. */

export interface MemberNetwork {
  /** Of Services: `10.11.0.0/16` for the first member. */
  readonly serviceCidr: string;
  /** Of a node's Pods, nodes counted from 0: of two `10.31.0.0/17` and `10.31.128.0/17`. */
  readonly podCidr: (node: number) => string;
  /** How many Pods fit onto a node: fewer than it has addresses. */
  readonly podsOfNode: number;
  /** For Services of type LoadBalancer and for Ingresses: `10.201.1.1` to `10.201.1.254`. */
  readonly loadBalancers: readonly string[];
  /** Of a node itself: `10.200.1.1`. */
  readonly nodeAddress: (node: number) => string;
}

/** Services 10.11 to 10.30, Pods 10.31 to 10.50; further members take two ranges each from 10.51 to 10.190. */
const firstMembers = 20;
/** 20 of the first kind, (190 - 50) / 2 of the second. */
export const mostNetworks = 90;
/** A /24 less its first and last address. */
const mostLoadBalancers = 254;
/** Each then has 4,094 addresses. */
const mostNodes = 16;
/** Of a member, whatever its nodes: two thirds of its addresses, and enough for the 30,000 that budgets speak of. */
const mostPods = 48_000;

/** `index` from 0. Throws RangeError for more clusters, or more nodes in one, than there are ranges. */
export function memberNetwork(index: number, nodes = 2): MemberNetwork {
  if (nodes > mostNodes)
    throw new RangeError(`at most ${mostNodes} nodes in a simulated member: there are no more address ranges`);
  if (index >= mostNetworks)
    throw new RangeError(`at most ${mostNetworks} simulated clusters: there are no more address ranges`);
  const beyond = 51 + 2 * (index - firstMembers);
  const [services, pods] = index < firstMembers ? [11 + index, 31 + index] : [beyond, beyond + 1];
  // Nodes share the member's /16 in equal parts, a power of two.
  const nodeBits = Math.max(1, Math.ceil(Math.log2(nodes)));
  return {
    serviceCidr: `10.${services}.0.0/16`,
    podCidr: (node) => `10.${pods}.${node * (256 >> nodeBits)}.0/${16 + nodeBits}`,
    podsOfNode: mostPods >> nodeBits,
    loadBalancers: Array.from({ length: mostLoadBalancers }, (_, i) => `10.201.${index + 1}.${i + 1}`),
    nodeAddress: (node) => `10.200.${index + 1}.${node + 1}`,
  };
}
