/** Policies, and questions about them, as the tests of both webhooks ask them. */
import type { AdmissionRequest } from '#kube/admission/review.ts';
import type { KubeObject } from '#kube/meta/object.ts';

export type Anything = Readonly<Record<string, unknown>>;
export const id = 'propagationpolicy.karmada.io/permanent-id';
export const clusterId = 'clusterpropagationpolicy.karmada.io/permanent-id';
export const selector = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop' };

export const policy = (spec: Anything, metadata: Anything = {}, kind = 'PropagationPolicy') =>
  ({
    kind,
    metadata: {
      ...(kind === 'PropagationPolicy' ? { namespace: 'shop' } : {}),
      name: 'pp',
      labels: { [kind === 'PropagationPolicy' ? id : clusterId]: 'old' },
      ...metadata,
    },
    spec: { resourceSelectors: [selector], schedulerName: 'default-scheduler', ...spec },
  }) as unknown as KubeObject;

export const ask = (object: KubeObject, oldObject?: KubeObject) =>
  ({ object, oldObject, operation: oldObject ? 'UPDATE' : 'CREATE' }) as unknown as AdmissionRequest;
