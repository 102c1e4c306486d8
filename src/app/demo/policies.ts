/** The two policies of the sample: one takes everything over, one of higher priority spreads nginx. */
import { type PropagationPolicy, PropagationPolicyKind } from '#apis/policy/propagation-policy.ts';
import type { PropagationSpec } from '#apis/policy/propagation-spec.ts';
import type { ApiClient } from '#client/api-client.ts';
import type { KubeObject } from '#kube/meta/object.ts';

type Selector = PropagationSpec['resourceSelectors'][number];

const policy = (
  name: string,
  spec: Partial<PropagationSpec> & Pick<PropagationSpec, 'resourceSelectors'>,
): PropagationPolicy =>
  ({
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: 'PropagationPolicy',
    metadata: { namespace: 'default', name },
    spec: { conflictResolution: 'Overwrite', ...spec },
  }) as PropagationPolicy;

/** One selector for each kind among the objects. */
export function migratePolicy(objects: readonly KubeObject[], cluster: string): PropagationPolicy {
  const kinds = new Map(objects.map(({ apiVersion, kind }) => [`${apiVersion}/${kind}`, { apiVersion, kind }]));
  return policy('migrate-pp', {
    priority: 0,
    placement: { clusterAffinity: { clusterNames: [cluster] } },
    resourceSelectors: [...kinds.values()] as readonly Selector[],
  });
}

export const nginxPolicy = (clusters: readonly string[]): PropagationPolicy =>
  policy('nginx-pp', {
    priority: 10,
    preemption: 'Always',
    placement: { clusterAffinity: { clusterNames: clusters } },
    resourceSelectors: [
      { apiVersion: 'apps/v1', kind: 'Deployment', name: 'nginx-deploy' },
      { apiVersion: 'v1', kind: 'Service', name: 'nginx-svc' },
    ],
  });

export async function createPolicy(client: ApiClient, object: PropagationPolicy): Promise<void> {
  await client
    .resource<PropagationPolicy>(PropagationPolicyKind)
    .create(object, { fieldManager: 'kubectl-client-side-apply' });
}
