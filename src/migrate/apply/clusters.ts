/** The clusters of a plan must be known to the control plane, be ready, and be those that the plan was made of. */
import { type Cluster, ClusterKind } from '#apis/cluster/cluster.ts';
import { Namespaces } from '#apis/kubernetes/types.ts';
import type { ApiClient } from '#client/api-client.ts';
import { findCondition } from '#kube/conditions/conditions.ts';
import { isReason } from '#kube/status/status.ts';
import type { MigrationPlan } from '../model.ts';

/** Raised for a cluster that is not there, not ready, or another one. */
class ClusterRefused extends Error {
  override readonly name = 'ClusterRefused';
}

async function find(control: ApiClient, name: string): Promise<Cluster | undefined> {
  try {
    return await control.resource<Cluster>(ClusterKind).get({ name });
  } catch (error) {
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  }
}

/** `member`: the cluster that the plan is of, as the caller reaches it. Throws ClusterRefused. */
export async function checkClusters(control: ApiClient, member: ApiClient, plan: MigrationPlan): Promise<void> {
  const { from, to } = plan.spec;
  const other = `cluster ${from.cluster} is another one than the plan was made of; make a plan of this one with flotilla migrate plan --from ${from.cluster}`;
  const { uid } = (await member.resource(Namespaces).get({ name: 'kube-system' })).metadata;
  if (uid !== from.id) throw new ClusterRefused(other);
  for (const name of new Set([from.cluster, ...to])) {
    const cluster = await find(control, name);
    if (!cluster) {
      throw new ClusterRefused(
        `the control plane has no cluster ${name}; join it first: flotilla join ${name} --cluster-kubeconfig FILE`,
      );
    }
    if (name === from.cluster && cluster.spec.id && cluster.spec.id !== from.id) throw new ClusterRefused(other);
    const ready = findCondition(cluster.status?.conditions, 'Ready');
    if (ready?.status !== 'True') {
      const why = ready?.message || ready?.reason || 'nothing is known of it yet';
      throw new ClusterRefused(`cluster ${name} is not ready: ${why}; see flotilla get clusters`);
    }
  }
}
