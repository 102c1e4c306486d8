/** What an estimator needs of a member's objects: there may be 150,000 Pods, and the rest is not looked at. */
import type { Node, Pod } from '#apis/kubernetes/types.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { controllerOf } from '#kube/meta/owner.ts';

/** Who it is, and who controls it. */
function identityOf(object: KubeObject) {
  const { name, namespace, uid, resourceVersion } = object.metadata;
  const controller = controllerOf(object);
  return { name, namespace, uid, resourceVersion, ...(controller ? { ownerReferences: [controller] } : {}) };
}

export function trimNode({ apiVersion, kind, metadata, spec, status }: Node): Node {
  const { name, uid, resourceVersion, labels } = metadata;
  return {
    apiVersion,
    kind,
    metadata: { name, uid, resourceVersion, labels },
    spec: { taints: spec.taints, unschedulable: spec.unschedulable },
    status: { allocatable: status?.allocatable },
  } as Node;
}

export function trimPod(pod: Pod): Pod {
  const { containers, initContainers, nodeName, overhead, resources } = pod.spec;
  const scheduled = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  return {
    apiVersion: pod.apiVersion,
    kind: pod.kind,
    metadata: identityOf(pod),
    spec: {
      containers: containers.map(({ name, resources: own }) => ({ name, resources: own })),
      ...(initContainers
        ? {
            initContainers: initContainers.map(({ name, resources: own, restartPolicy }) => ({
              name,
              resources: own,
              restartPolicy,
            })),
          }
        : {}),
      nodeName,
      overhead,
      resources,
    },
    status: { phase: pod.status?.phase, ...(scheduled ? { conditions: [scheduled] } : {}) },
  } as Pod;
}

/** A workload as what owns others: its name, and which revision it is. */
export function trimOwner<T extends KubeObject>(owner: T): T {
  const { apiVersion, kind, metadata } = owner;
  return { apiVersion, kind, metadata: { ...identityOf(owner), annotations: metadata.annotations } } as unknown as T;
}
