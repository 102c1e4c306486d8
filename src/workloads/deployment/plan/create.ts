/** The ReplicaSet of a new revision. Pure. */
import type { Deployment, ReplicaSet } from '#apis/kubernetes/types.ts';
import { controllerReferenceTo } from '#kube/meta/owner.ts';
import { templateHash, templateHashLabel } from '../../template.ts';
import { annotationsOfNewest, sizeAnnotations } from './revisions.ts';
import { newestSize } from './rollout.ts';

/** The longest name of an object. */
const longestName = 253;

/** `others` are the ReplicaSets there are; the new one is as large as this step of the rollout allows. */
export function newReplicaSet(deployment: Deployment, others: readonly ReplicaSet[], revision: number): ReplicaSet {
  const { metadata, spec, status } = deployment;
  const { template, selector, minReadySeconds } = spec;
  const hash = templateHash(template, status?.collisionCount);
  const labels = { ...template.metadata?.labels, [templateHashLabel]: hash };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${metadata.name!.slice(0, longestName - hash.length - 1)}-${hash}`,
      namespace: metadata.namespace!,
      labels,
      annotations: { ...annotationsOfNewest(deployment, {}, revision), ...sizeAnnotations(deployment) },
      ownerReferences: [controllerReferenceTo(deployment)],
    },
    spec: {
      ...(minReadySeconds ? { minReadySeconds } : {}),
      replicas: newestSize(deployment, 0, others),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [templateHashLabel]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}
