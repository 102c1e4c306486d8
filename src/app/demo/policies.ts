/** The sample's own policy: of a higher priority than the plan's, it spreads nginx. */
import { type PropagationPolicy, PropagationPolicyKind } from '#apis/policy/propagation-policy.ts';
import type { PropagationSpec } from '#apis/policy/propagation-spec.ts';
import type { ApiClient } from '#client/api-client.ts';

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
