/** What the summary needs of a Pod: a cluster may have 150,000 of them, and the rest is not looked at. */
import type { Pod } from '#apis/kubernetes/types.ts';

type Containers = Pod['spec']['containers'];

const resourcesOf = (containers: Containers | undefined) =>
  containers?.map(({ name, resources, restartPolicy }) => ({
    name,
    resources,
    ...(restartPolicy ? { restartPolicy } : {}),
  }));

export function trimPod(pod: Pod): Pod {
  const { apiVersion, kind, metadata, spec, status } = pod;
  const { name, namespace, uid, resourceVersion } = metadata;
  return {
    apiVersion,
    kind,
    metadata: { name, namespace, uid, resourceVersion },
    spec: {
      containers: resourcesOf(spec.containers),
      ...(spec.initContainers ? { initContainers: resourcesOf(spec.initContainers) } : {}),
      ...(spec.nodeName ? { nodeName: spec.nodeName } : {}),
      ...(spec.overhead ? { overhead: spec.overhead } : {}),
      ...(spec.resources ? { resources: spec.resources } : {}),
    },
    ...(status?.phase ? { status: { phase: status.phase } } : {}),
  } as Pod;
}
