/** The annotations by which a Deployment and its ReplicaSets remember revisions and sizes, in the fields they have on the wire. */

export const revision = 'deployment.kubernetes.io/revision';
export const revisionHistory = 'deployment.kubernetes.io/revision-history';
export const desiredReplicas = 'deployment.kubernetes.io/desired-replicas';
export const maxReplicas = 'deployment.kubernetes.io/max-replicas';

/** A Deployment's annotations that are not its ReplicaSets'. */
export const notInherited: ReadonlySet<string> = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'deprecated.deployment.rollback.to',
  revision,
  revisionHistory,
  desiredReplicas,
  maxReplicas,
]);
