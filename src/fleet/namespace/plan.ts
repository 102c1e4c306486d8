/** Which namespaces are made in every cluster, and the Work that does it (compatibility.md section 3.8). Pure. */
import type { Cluster } from '#apis/cluster/cluster.ts';
import type { Namespace } from '#apis/kubernetes/types.ts';
import { manifestAnnotations } from '#apis/names/annotations.ts';
import { execution } from '#apis/names/finalizers.ts';
import { manifestLabels, skipAutoPropagation } from '#apis/names/labels.ts';
import { executionNamespace, isReservedNamespace, workNameFor } from '#apis/names/objects.ts';
import { manifestsOf, type Work } from '#apis/work/work.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import type { JsonObject } from '#kube/meta/object.ts';
import { controllerReferenceTo } from '#kube/meta/owner.ts';

export function isSynced({ metadata: { name, labels } }: Namespace, skipped: readonly RegExp[]): boolean {
  return (
    name !== 'default' &&
    !isReservedNamespace(name!) &&
    labels?.[skipAutoPropagation]?.toLowerCase() !== 'true' &&
    !skipped.some((pattern) => pattern.test(name!))
  );
}

/** Clusters that are being left get no new namespaces. */
export const wantsNamespaces = (cluster: Cluster): boolean => cluster.metadata.deletionTimestamp === undefined;

/** The Work webhook adds its id, our marks and the records of keys. */
export function namespaceWork(namespace: Namespace, cluster: string): Work {
  const { name, labels, annotations } = namespace.metadata;
  const manifest = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) },
  };
  return {
    apiVersion: 'work.karmada.io/v1alpha1',
    kind: 'Work',
    metadata: {
      namespace: executionNamespace(cluster),
      name: workNameFor('Namespace', name!, undefined),
      finalizers: [execution],
      ownerReferences: [controllerReferenceTo(namespace)],
    },
    spec: { workload: { manifests: [manifest as JsonObject] } },
  };
}

type StringMap = Readonly<Record<string, string>> | undefined;

const without = (map: StringMap, keys: readonly string[]) =>
  Object.fromEntries(Object.entries(map ?? {}).filter(([key]) => !keys.includes(key)));

/** Does the Work carry the namespace's labels and annotations, and no others? Our marks on it are no difference. */
export function carries(work: Work, namespace: Namespace): boolean {
  const { labels, annotations } = manifestsOf(work)[0]?.metadata ?? {};
  return (
    deepEqual(without(labels, manifestLabels), without(namespace.metadata.labels, manifestLabels)) &&
    deepEqual(without(annotations, manifestAnnotations), without(namespace.metadata.annotations, manifestAnnotations))
  );
}
