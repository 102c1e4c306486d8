/** The policy that `apply --all-clusters` and `apply -C` make for each resource (compatibility.md section 10). */

import { apiVersionOf } from '#kube/meta/kind.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { fnv1a32, safeEncode } from '#kube/names/hash.ts';
import type { Placed } from '../targets/place.ts';

/** karmadactl's name for it: the resource's, and a hash of where it lives. */
function policyName({ object, resource, name }: Placed): string {
  const kind = `${apiVersionOf(resource)}, Kind=${resource.kind}`;
  const hash = safeEncode(String(fnv1a32(`${object.metadata.namespace ?? ''}${kind}`)));
  return `${name.replaceAll(':', '.')}-${hash}`.toLowerCase();
}

/** `clusters`: absent means all. */
export function propagationOf(placed: Placed, clusters: readonly string[] | undefined): KubeObject {
  const { object, resource, name } = placed;
  const { namespace } = object.metadata;
  const within = namespace === undefined ? {} : { namespace };
  return {
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: resource.namespaced ? 'PropagationPolicy' : 'ClusterPropagationPolicy',
    metadata: { name: policyName(placed), ...within },
    spec: {
      placement: { clusterAffinity: clusters ? { clusterNames: clusters } : {} },
      resourceSelectors: [{ apiVersion: apiVersionOf(resource), kind: resource.kind, name, ...within }],
    },
  } as KubeObject;
}
