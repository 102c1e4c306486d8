/** The control plane's bindings as a migration looks at them, kept fresh by a watch; found by their template. */

import { bindingNameFor } from '#apis/names/objects.ts';
import type { Binding } from '#apis/work/binding.ts';
import { ClusterResourceBindingKind } from '#apis/work/cluster-resource-binding.ts';
import { ResourceBindingKind } from '#apis/work/resource-binding.ts';
import type { InformerFactory } from '#client/informer/informer.ts';
import { keyFor } from '#kube/meta/key.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { PlannedObject } from '../model.ts';

export type BindingOf = (object: PlannedObject) => Binding | undefined;

/** Ten thousand of them are to stay small: of a status only that it is there. */
function trimmed<T extends Binding>(binding: T): T {
  const { apiVersion, kind, metadata, spec, status } = binding;
  const { namespace, name, uid, resourceVersion, generation, labels, annotations } = metadata;
  return {
    apiVersion,
    kind,
    metadata: { ...(namespace ? { namespace } : {}), name, uid, resourceVersion, generation, labels, annotations },
    spec: { resource: spec.resource, clusters: spec.clusters },
    status: {
      ...status,
      aggregatedStatus: status?.aggregatedStatus?.map(({ status: reported, ...item }) =>
        reported === undefined ? item : { ...item, status: {} },
      ),
    },
  } as unknown as T;
}

/** Resolves once all are known. Whoever made `informers` (of the control plane) stops them. */
export async function watchBindings(informers: InformerFactory): Promise<BindingOf> {
  const transform = trimmed as <T extends KubeObject>(binding: T) => T;
  const namespaced = informers.informer(ResourceBindingKind, { transform });
  const clusterWide = informers.informer(ClusterResourceBindingKind, { transform });
  await Promise.all([namespaced.whenSynced(), clusterWide.whenSynced()]);
  return ({ kind, namespace, name }) =>
    (namespace ? namespaced : clusterWide).get(keyFor(namespace, bindingNameFor(kind, name))) as Binding | undefined;
}
