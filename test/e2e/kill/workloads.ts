/** Fifty small applications that run in member1, as a person has them there and as templates. */

import type { ApiClient } from '#client/api-client.ts';
import { type Anything, kubectl } from '#harness/kubectl.ts';

export const count = 50;

const name = (i: number) => `web-${String(i).padStart(2, '0')}`;

export const workloads: readonly Anything[] = Array.from({ length: count }, (_, i) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace: 'default', name: name(i) },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: name(i) } },
    template: {
      metadata: { labels: { app: name(i) } },
      spec: { containers: [{ name: 'web', image: 'nginx:1.27' }] },
    },
  },
}));

export const migratePolicy: Anything = {
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind: 'PropagationPolicy',
  metadata: { namespace: 'default', name: 'migrate-pp' },
  spec: {
    conflictResolution: 'Overwrite',
    preserveResourcesOnDeletion: true,
    placement: { clusterAffinity: { clusterNames: ['member1'] } },
    resourceSelectors: [{ apiVersion: 'apps/v1', kind: 'Deployment' }],
  },
};

/** Applies all at once; answers the names that the server acknowledged, and no error: a killed server has none to give. */
export async function applyAll(client: ApiClient, objects: readonly Anything[]): Promise<readonly string[]> {
  const hands = kubectl(client);
  const answers = await Promise.allSettled(objects.map((object) => hands.apply(object)));
  return answers.flatMap((answer, i) => (answer.status === 'fulfilled' ? [objects[i].metadata.name as string] : []));
}

export async function deleteAll(client: ApiClient, objects: readonly Anything[]): Promise<void> {
  const hands = kubectl(client);
  await Promise.allSettled(objects.map((object) => hands.delete(object)));
}
