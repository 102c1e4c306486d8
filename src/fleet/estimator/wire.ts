/**
 * What Pods need, as the estimator's messages say it: twice. Once as Kubernetes' own messages, which readers before
 * v1.18 know, and once as the bytes of them, which v1.18 prefers and its successors demand.
 */
import type { ReplicaRequirements } from '#apis/work/requirements.ts';
import { bareQuantity, decode, encode, selector, toleration } from './messages.ts';
import type { AssumedWorkload, Component } from './service.ts';

const asText = (name: string, object: object) => encode(name, object).toString('base64');
const fromText = <T>(name: string, text: string) => decode(name, Buffer.from(text, 'base64')) as T;

type NodeClaim = NonNullable<ReplicaRequirements['nodeClaim']>;
type Table = Readonly<Record<string, string | number>>;

/** As the table of messages shows it: bytes are base64. */
export interface WireNodeClaim {
  readonly nodeAffinity?: NodeClaim['hardNodeAffinity'];
  readonly nodeSelector?: NodeClaim['nodeSelector'];
  readonly tolerations?: NodeClaim['tolerations'];
  readonly nodeAffinityBytes?: string;
  readonly tolerationsBytes?: readonly string[];
}

export interface WireRequirements {
  readonly nodeClaim?: WireNodeClaim | null;
  readonly resourceRequest?: Table;
  readonly resourceRequestBytes?: Readonly<Record<string, string>>;
  readonly namespace?: string;
  readonly priorityClassName?: string;
}

export interface WireComponent {
  readonly name?: string;
  readonly replicaRequirements?: WireRequirements | null;
  readonly replicas?: number;
}

export interface WireAssumed {
  readonly namespace?: string;
  readonly components?: readonly WireComponent[];
}

const mapped = <A, B>(table: Readonly<Record<string, A>>, to: (value: A) => B): Readonly<Record<string, B>> =>
  Object.fromEntries(Object.entries(table).map(([name, value]) => [name, to(value)]));

function claimToWire({ hardNodeAffinity, nodeSelector, tolerations }: NodeClaim): WireNodeClaim {
  return {
    ...(hardNodeAffinity
      ? { nodeAffinity: hardNodeAffinity, nodeAffinityBytes: asText(selector, hardNodeAffinity) }
      : {}),
    ...(nodeSelector ? { nodeSelector } : {}),
    ...(tolerations ? { tolerations, tolerationsBytes: tolerations.map((each) => asText(toleration, each)) } : {}),
  };
}

function claimFromWire(wire: WireNodeClaim): NodeClaim {
  const { nodeAffinity, nodeAffinityBytes, nodeSelector, tolerations, tolerationsBytes = [] } = wire;
  const affinity = nodeAffinityBytes ? fromText<typeof nodeAffinity>(selector, nodeAffinityBytes) : nodeAffinity;
  const tolerated =
    tolerationsBytes.length > 0
      ? tolerationsBytes.map((text) => fromText<NonNullable<typeof tolerations>[number]>(toleration, text))
      : tolerations;
  return {
    ...(affinity ? { hardNodeAffinity: affinity } : {}),
    ...(nodeSelector ? { nodeSelector } : {}),
    ...(tolerated ? { tolerations: tolerated } : {}),
  };
}

export function requirementsToWire(requirements: ReplicaRequirements): WireRequirements {
  const { nodeClaim, resourceRequest, namespace, priorityClassName } = requirements;
  return {
    ...(nodeClaim ? { nodeClaim: claimToWire(nodeClaim) } : {}),
    ...(resourceRequest
      ? {
          resourceRequest,
          resourceRequestBytes: mapped(resourceRequest, (each) => asText(bareQuantity, { string: `${each}` })),
        }
      : {}),
    ...(namespace ? { namespace } : {}),
    ...(priorityClassName ? { priorityClassName } : {}),
  };
}

export function requirementsFromWire(wire: WireRequirements): ReplicaRequirements {
  const { nodeClaim, resourceRequest, resourceRequestBytes, namespace, priorityClassName } = wire;
  const asked = resourceRequestBytes
    ? mapped(resourceRequestBytes, (text) => fromText<{ readonly string?: string }>(bareQuantity, text).string ?? '0')
    : resourceRequest;
  return {
    ...(nodeClaim ? { nodeClaim: claimFromWire(nodeClaim) } : {}),
    ...(asked ? { resourceRequest: asked } : {}),
    ...(namespace ? { namespace } : {}),
    ...(priorityClassName ? { priorityClassName } : {}),
  };
}

export const componentToWire = ({ name, replicas, replicaRequirements }: Component): WireComponent => ({
  name,
  replicas,
  ...(replicaRequirements ? { replicaRequirements: requirementsToWire(replicaRequirements) } : {}),
});

export const componentFromWire = ({ name = '', replicas = 0, replicaRequirements }: WireComponent): Component => ({
  name,
  replicas,
  ...(replicaRequirements ? { replicaRequirements: requirementsFromWire(replicaRequirements) } : {}),
});

export const assumedToWire = ({ namespace, components }: AssumedWorkload): WireAssumed => ({
  namespace,
  components: components.map(componentToWire),
});

export const assumedFromWire = ({ namespace = '', components = [] }: WireAssumed): AssumedWorkload => ({
  namespace,
  components: components.map(componentFromWire),
});
