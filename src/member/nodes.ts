/** The nodes of a simulated member: what they are made of, and how they register. */
import { kubernetesVersion } from '#apis/kubernetes/tables.ts';
import { type Node, Nodes, type Taint } from '#apis/kubernetes/types.ts';
import type { ApiClient } from '#client/api-client.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import { ifFound } from '#workloads/pods/if-found.ts';
import type { NodeLife } from '#workloads/pods/life/stages.ts';
import { nodeConditions } from '#workloads/pods/nodes/conditions.ts';
import { sha256 } from '#world/certificates/digest.ts';
import { type Clock, timestamp } from '#world/clock/clock.ts';
import type { MemberNetwork } from './network.ts';

/** What differs from an ordinary node. */
export interface NodeShape {
  /** `<member>-node<number>` when absent. */
  readonly name?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly Taint[];
  /** Over the ordinary amounts. */
  readonly capacity?: Readonly<Record<string, string>>;
}

export const defaultNodes: readonly NodeShape[] = [{}, {}];

const capacity = { cpu: '64', 'ephemeral-storage': '500Gi', memory: '256Gi' };
const fieldManager = 'kubelet';

export interface NodePlan {
  readonly member: string;
  readonly network: MemberNetwork;
  readonly life: NodeLife;
  /** RFC 3339 */
  readonly now: string;
}

export function nodeFrom({ member, network, life, now }: NodePlan, shape: NodeShape, index: number): Node {
  const name = shape.name ?? `${member}-node${index + 1}`;
  const podCIDR = network.podCidr(index);
  const amounts = { ...capacity, pods: `${network.podsOfNode / 1_000}k`, ...shape.capacity };
  const identity = sha256(`${member}/${name}`).toString('hex').slice(0, 32);
  const platform = { 'kubernetes.io/arch': 'amd64', 'kubernetes.io/os': 'linux' };
  const spec = { podCIDR, podCIDRs: [podCIDR], ...(shape.taints ? { taints: shape.taints } : {}) };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { ...platform, 'kubernetes.io/hostname': name, ...shape.labels } },
    spec,
    status: {
      addresses: [
        { type: 'InternalIP', address: network.nodeAddress(index) },
        { type: 'Hostname', address: name },
      ],
      allocatable: amounts,
      capacity: amounts,
      conditions: nodeConditions(life.conditions, [], now),
      nodeInfo: {
        architecture: 'amd64',
        bootID: identity,
        containerRuntimeVersion: 'simulated://1',
        kernelVersion: 'simulated',
        kubeProxyVersion: '',
        kubeletVersion: kubernetesVersion,
        machineID: identity,
        operatingSystem: 'linux',
        osImage: 'Flotilla simulated node',
        systemUUID: identity,
      },
    },
  };
}

/** Makes the node known; one that is known already only reports what has changed in it (a newer kubelet). */
export async function register(client: ApiClient, node: Node, clock: Clock): Promise<void> {
  const nodes = client.resource(Nodes);
  const known = await ifFound(nodes.get({ name: node.metadata.name! }));
  if (!known) await nodes.create(node, { fieldManager });
  else if (!deepEqual(known.status?.nodeInfo, node.status?.nodeInfo)) {
    const reported = node.status?.conditions ?? [];
    const conditions = nodeConditions(reported, known.status?.conditions ?? [], timestamp(clock.now()));
    await nodes.update({ ...known, status: { ...node.status, conditions } }, { subresource: 'status', fieldManager });
  }
}
