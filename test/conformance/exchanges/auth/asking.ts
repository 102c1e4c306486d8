/** Who asks, and where: what the scripts about access have in common. */
import type { Answered, Asked } from '#harness/exchange.ts';
import type { Anything } from '#harness/kubectl.ts';
import type { Hand } from '../hand.ts';

export type Who = Pick<Asked, 'headers' | 'token'>;

/** Impersonated by the administrator. */
export const as = (user: string, ...groups: readonly string[]): Who => ({
  headers: { 'impersonate-user': user, ...(groups.length > 0 ? { 'impersonate-group': groups } : {}) },
});

export const withToken = (token: string): Who => ({ token });
export const nobody: Who = { token: '' };

export interface Asking {
  readonly get: (path: string, who?: Who) => Promise<Anything>;
  readonly post: (path: string, body: Anything, who?: Who) => Promise<Anything>;
  readonly put: (path: string, body: Anything, who?: Who) => Promise<Anything>;
  readonly merge: (path: string, body: Anything, who?: Who) => Promise<Anything>;
  readonly remove: (path: string, who?: Who) => Promise<Anything>;
  /** The next request is answered by what has been written by now. */
  readonly settled: () => void;
}

export function asking({ ask }: Hand): Asking {
  let settled = false;
  const send = async (asked: Asked): Promise<Anything> => {
    const answer: Answered = await ask({ ...asked, ...(settled ? { settled } : {}) });
    settled = false;
    return answer.body as Anything;
  };
  const type = 'application/json';
  return {
    get: (path, who) => send({ method: 'GET', path, ...who }),
    post: (path, body, who) => send({ method: 'POST', path, type, body, ...who }),
    put: (path, body, who) => send({ method: 'PUT', path, type, body, ...who }),
    merge: (path, body, who) => send({ method: 'PATCH', path, type: 'application/merge-patch+json', body, ...who }),
    remove: (path, who) => send({ method: 'DELETE', path, ...who }),
    settled: () => {
      settled = true;
    },
  };
}

const rbac = '/apis/rbac.authorization.k8s.io/v1';
export const clusterRoles = `${rbac}/clusterroles`;
export const clusterRoleBindings = `${rbac}/clusterrolebindings`;
export const rolesIn = (namespace: string) => `${rbac}/namespaces/${namespace}/roles`;
export const roleBindingsIn = (namespace: string) => `${rbac}/namespaces/${namespace}/rolebindings`;
export const inCore = (namespace: string, resource: string) => `/api/v1/namespaces/${namespace}/${resource}`;

const apiVersion = 'rbac.authorization.k8s.io/v1';
const apiGroup = 'rbac.authorization.k8s.io';

export const role = (name: string, rules: readonly Anything[], kind = 'Role'): Anything => ({
  apiVersion,
  kind,
  metadata: { name },
  rules,
});
export const clusterRole = (name: string, rules: readonly Anything[]) => role(name, rules, 'ClusterRole');
export const user = (name: string): Anything => ({ apiGroup, kind: 'User', name });
export const group = (name: string): Anything => ({ apiGroup, kind: 'Group', name });
export const account = (name: string, namespace: string): Anything => ({ kind: 'ServiceAccount', name, namespace });

/** `to`: `Role/name` or `ClusterRole/name`. */
export function binding(name: string, to: string, subjects: readonly Anything[], kind = 'RoleBinding'): Anything {
  const [roleKind, roleName] = to.split('/');
  return { apiVersion, kind, metadata: { name }, subjects, roleRef: { apiGroup, kind: roleKind, name: roleName } };
}
export const clusterBinding = (name: string, to: string, subjects: readonly Anything[]) =>
  binding(name, `ClusterRole/${to}`, subjects, 'ClusterRoleBinding');

export const rule = (verbs: string, apiGroups: string, resources: string, resourceNames?: string): Anything => ({
  verbs: verbs.split(' '),
  apiGroups: apiGroups.split(' ').map((each) => (each === 'core' ? '' : each)),
  resources: resources.split(' '),
  ...(resourceNames ? { resourceNames: resourceNames.split(' ') } : {}),
});
