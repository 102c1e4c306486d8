/** Who acts inside a member: the control loops of a cluster, each under the name a real one has. */
import type { UserInfo } from '#kube/request/request.ts';

const authenticated = 'system:authenticated';
const nodes = 'system:nodes';

/** All its controllers share one name, so it may what each of them may. */
export const controllerManager: UserInfo = {
  name: 'system:kube-controller-manager',
  groups: ['system:masters', authenticated],
};

export const scheduler: UserInfo = { name: 'system:kube-scheduler', groups: [authenticated] };

export const kubelet = (node: string): UserInfo => ({ name: `system:node:${node}`, groups: [nodes, authenticated] });
