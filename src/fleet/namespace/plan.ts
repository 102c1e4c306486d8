/** Which namespaces are made in every cluster, and the Work that does it (compatibility.md section 3.8). Pure. */
import type { Cluster } from '#apis/cluster/cluster.ts';
import type { Namespace } from '#apis/kubernetes/types.ts';
import { appliedClusterOverrides, manifestAnnotations } from '#apis/names/annotations.ts';
import { execution } from '#apis/names/finalizers.ts';
import { manifestLabels, migrationPlan, skipAutoPropagation } from '#apis/names/labels.ts';
import { executionNamespace, isReservedNamespace, workNameFor } from '#apis/names/objects.ts';
import type { Selectable } from '#apis/policy/matching.ts';
import { overridden } from '#apis/policy/overrides/override.ts';
import { appliedRecord } from '#apis/policy/overrides/record.ts';
import type { PolicyRule } from '#apis/policy/overrides/select.ts';
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

/** As much of a namespace as override policies look at. */
export const selectableNamespace = ({ metadata }: Namespace): Selectable => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata,
});

/** The Work webhook adds its id, our marks and the records of keys. Throws RuleFailed. */
export function namespaceWork(namespace: Namespace, cluster: string, rules: readonly PolicyRule[]): Work {
  const { name, annotations } = namespace.metadata;
  const labels = without(namespace.metadata.labels, [migrationPlan]);
  const metadata = {
    name: name!,
    ...(Object.keys(labels).length > 0 ? { labels } : {}),
    ...(annotations ? { annotations } : {}),
  };
  const { manifest } = overridden({ apiVersion: 'v1', kind: 'Namespace', metadata }, rules);
  return {
    apiVersion: 'work.karmada.io/v1alpha1',
    kind: 'Work',
    metadata: {
      namespace: executionNamespace(cluster),
      name: workNameFor('Namespace', name!, undefined),
      finalizers: [execution],
      ownerReferences: [controllerReferenceTo(namespace)],
      ...(rules.length > 0 ? { annotations: appliedRecord(rules) } : {}),
    },
    spec: { workload: { manifests: [manifest as unknown as JsonObject] } },
  };
}

type StringMap = Readonly<Record<string, string>>;

const without = (map: StringMap = {}, keys: readonly string[]): StringMap =>
  Object.fromEntries(Object.entries(map).filter(([key]) => !keys.includes(key)));

/** The manifest as it was before our marks came on it. */
function unmarked(work: Work): unknown {
  const manifest = manifestsOf(work)[0];
  const { labels, annotations, ...metadata } = manifest?.metadata ?? {};
  return {
    ...manifest,
    metadata: {
      ...metadata,
      labels: without(labels, manifestLabels),
      annotations: without(annotations, manifestAnnotations),
    },
  };
}

const recorded = ({ metadata }: Work) => metadata.annotations?.[appliedClusterOverrides];

/** Does the Work say what the wanted one does? Our marks on it are no difference. */
export const carries = (work: Work, wanted: Work): boolean =>
  deepEqual(unmarked(work), unmarked(wanted)) && recorded(work) === recorded(wanted);

/** The Work with what the wanted one says, and all that others put on it. */
export function updatedTo(work: Work, wanted: Work): Work {
  const { [appliedClusterOverrides]: _, ...annotations } = work.metadata.annotations ?? {};
  return {
    ...work,
    metadata: { ...work.metadata, annotations: { ...annotations, ...wanted.metadata.annotations } },
    spec: { ...work.spec, ...wanted.spec },
  };
}
