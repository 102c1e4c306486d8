/** The policy that `apply --all-clusters` and `apply -C` make for each resource (compatibility.md section 10). */
import { policyNameFor } from '#apis/names/objects.ts';
import { apiVersionOf } from '#kube/meta/kind.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { Placed } from '../targets/place.ts';

/** `clusters`: absent means all. */
export function propagationOf(placed: Placed, clusters: readonly string[] | undefined): KubeObject {
  const { object, resource, name } = placed;
  const { namespace } = object.metadata;
  const within = namespace === undefined ? {} : { namespace };
  return {
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: resource.namespaced ? 'PropagationPolicy' : 'ClusterPropagationPolicy',
    metadata: { name: policyNameFor(resource, name, namespace), ...within },
    spec: {
      placement: { clusterAffinity: clusters ? { clusterNames: clusters } : {} },
      resourceSelectors: [{ apiVersion: apiVersionOf(resource), kind: resource.kind, name, ...within }],
    },
  } as KubeObject;
}
