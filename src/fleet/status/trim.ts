/** What the summary needs of a Pod: a cluster may have 150,000 of them, and the rest is not looked at. */
import type { Pod } from '#apis/kubernetes/types.ts';

export function trimPod(pod: Pod): Pod {
  const { apiVersion, kind, metadata, spec, status } = pod;
  const { name, namespace, uid, resourceVersion } = metadata;
  return {
    apiVersion,
    kind,
    metadata: { name, namespace, uid, resourceVersion },
    spec: {
      containers: spec?.containers.map(({ name: container, resources }) => ({ name: container, resources })) ?? [],
      ...(spec?.nodeName ? { nodeName: spec.nodeName } : {}),
      ...(spec?.overhead ? { overhead: spec.overhead } : {}),
    },
    ...(status?.phase ? { status: { phase: status.phase } } : {}),
  } as Pod;
}
