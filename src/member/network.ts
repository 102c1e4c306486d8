/** Address ranges of simulated members: distinct for each, so that what belongs to whom is seen at a glance. */

export interface MemberNetwork {
  /** Of Services: `10.11.0.0/16` for the first member. */
  readonly serviceCidr: string;
  /** Of a node's Pods, nodes counted from 0: `10.31.0.0/20`, `10.31.16.0/20`. Throws RangeError beyond the sixteenth. */
  readonly podCidr: (node: number) => string;
  /** Of a node itself: `10.200.1.1`. */
  readonly nodeAddress: (node: number) => string;
}

/** Services 10.11 to 10.30, Pods 10.31 to 10.50; further members take two ranges each from 10.51 to 10.190. */
const firstMembers = 20;
/** 20 of the first kind, (190 - 50) / 2 of the second. */
export const mostNetworks = 90;
/** Each with 4,094 addresses, as many as the 3,000 Pods of a node need. */
const mostNodes = 16;

/** `index` from 0. Throws RangeError for more clusters than there are ranges. */
export function memberNetwork(index: number): MemberNetwork {
  if (index >= mostNetworks)
    throw new RangeError(`at most ${mostNetworks} simulated clusters: there are no more address ranges`);
  const beyond = 51 + 2 * (index - firstMembers);
  const [services, pods] = index < firstMembers ? [11 + index, 31 + index] : [beyond, beyond + 1];
  return {
    serviceCidr: `10.${services}.0.0/16`,
    podCidr: (node) => {
      if (node >= mostNodes)
        throw new RangeError(`at most ${mostNodes} nodes in a simulated member: there are no more address ranges`);
      return `10.${pods}.${node * 16}.0/20`;
    },
    nodeAddress: (node) => `10.200.${index + 1}.${node + 1}`,
  };
}
