/** Who acts inside a member: the control loops of a cluster, each under the name a real one has. */
import { ClusterRoleBindings } from '#apis/kubernetes/types.ts';
import type { ApiClient } from '#client/api-client.ts';
import type { UserInfo } from '#kube/request/request.ts';
import { ifFound } from '#workloads/pods/if-found.ts';

const authenticated = 'system:authenticated';
const nodes = 'system:nodes';

/** All its controllers share one name, so it may what each of them may. */
export const controllerManager: UserInfo = {
  name: 'system:kube-controller-manager',
  groups: ['system:masters', authenticated],
};

export const scheduler: UserInfo = { name: 'system:kube-scheduler', groups: [authenticated] };

export const kubelet = (node: string): UserInfo => ({ name: `system:node:${node}`, groups: [nodes, authenticated] });

/**
 * Gives kubelets the role `system:node`, as clusters without the Node authoriser do. A server without RBAC has no such
 * binding and needs none.
 */
export async function allowKubelets(admin: ApiClient): Promise<void> {
  const bindings = admin.resource(ClusterRoleBindings);
  const name = 'system:node';
  const binding = await ifFound(bindings.get({ name }));
  const subjects = binding?.subjects ?? [];
  if (!binding || subjects.some((subject) => subject.kind === 'Group' && subject.name === nodes)) return;
  const group = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: nodes };
  await bindings.update({ ...binding, subjects: [...subjects, group] });
}
