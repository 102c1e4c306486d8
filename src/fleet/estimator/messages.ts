/** The messages of the reference's estimator service (pkg/estimator/pb/estimator.proto of v1.18) as a table, and as bytes. */
import { kubernetesMessages } from '#apis/kubernetes/protobuf.ts';
import type { JsonObject } from '#kube/meta/object.ts';
import type { OpenObject } from '#kube/protobuf/field.ts';
import { Reader } from '#kube/protobuf/reader.ts';
import { type MessageTable, messageTypes } from '#kube/protobuf/types.ts';
import { Writer } from '#kube/protobuf/writer.ts';

export const selector = 'api.core.v1.NodeSelector';
export const toleration = 'api.core.v1.Toleration';
const quantity = 'apimachinery.pkg.api.resource.Quantity';

const own: MessageTable = {
  'pb.Component': { name: '1 string?', replicaRequirements: '2 *ComponentReplicaRequirements?', replicas: '3 int32?' },
  'pb.ComponentReplicaRequirements': {
    nodeClaim: '1 *NodeClaim?',
    resourceRequest: `2 {}${quantity}?`,
    priorityClassName: '3 string?',
    resourceRequestBytes: '4 {}bytes?',
  },
  'pb.AssumedWorkload': { namespace: '1 string?', components: '2 []Component?' },
  'pb.MaxAvailableComponentSetsRequest': {
    cluster: '1 string?',
    components: '2 []Component?',
    namespace: '3 string?',
    assumedWorkloads: '4 []AssumedWorkload?',
  },
  'pb.MaxAvailableComponentSetsResponse': { maxSets: '1 int32?' },
  'pb.MaxAvailableReplicasRequest': {
    cluster: '1 string?',
    replicaRequirements: '2 *ReplicaRequirements?',
    assumedWorkloads: '3 []AssumedWorkload?',
  },
  'pb.MaxAvailableReplicasResponse': { maxReplicas: '1 int32?' },
  'pb.NodeClaim': {
    nodeAffinity: `1 *${selector}?`,
    nodeSelector: '2 {}string?',
    tolerations: `3 []${toleration}?`,
    nodeAffinityBytes: '4 bytes?',
    tolerationsBytes: '5 []bytes?',
  },
  'pb.ObjectReference': { apiVersion: '1 string?', kind: '2 string?', namespace: '3 string?', name: '4 string?' },
  'pb.ReplicaRequirements': {
    nodeClaim: '1 *NodeClaim?',
    resourceRequest: `2 {}${quantity}?`,
    namespace: '3 string?',
    priorityClassName: '4 string?',
    resourceRequestBytes: '5 {}bytes?',
  },
  'pb.UnschedulableReplicasRequest': {
    cluster: '1 string?',
    resource: '2 *ObjectReference?',
    // A Go Duration: nanoseconds.
    unschedulableThreshold: '3 int64?',
  },
  'pb.UnschedulableReplicasResponse': { unschedulableReplicas: '1 int32?' },
};

/** Of Kubernetes' Quantity the message itself, which is a text wherever an object shows it. */
export const bareQuantity = 'pb.BareQuantity';
const find = messageTypes({ ...kubernetesMessages, ...own, [bareQuantity]: { string: '1 string?' } });

export function encode(name: string, object: object): Buffer {
  const writer = new Writer();
  find(name)!.write({ writer }, object as JsonObject);
  return writer.bytes();
}

/** Throws ProtobufError for bytes that are no such message. */
export function decode(name: string, bytes: Buffer): OpenObject {
  const message = find(name)!;
  const object: OpenObject = {};
  message.readInto(new Reader(bytes), object);
  message.finish(object);
  return object;
}
