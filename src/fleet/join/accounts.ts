/** What joining makes in a member and in the control plane: accounts, roles, their tokens (compatibility.md section 10). */
import type { ClusterRole, ClusterRoleBinding, Namespace, Secret, ServiceAccount } from '#apis/kubernetes/types.ts';
import { system, systemValue } from '#apis/names/labels.ts';

const labels = { [system]: systemValue };

export const impersonatorAccount = 'karmada-impersonator';
export const controllerAccount = (cluster: string): string => `karmada-${cluster}`;
export const controllerRole = (cluster: string): string => `karmada-controller-manager:${controllerAccount(cluster)}`;

export const namespaceObject = (name: string): Namespace => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
  spec: {},
});

export const accountObject = (namespace: string, name: string): ServiceAccount => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { namespace, name, labels },
});

/** Filled with a token by the member's token controller. */
export const tokenSecretObject = (namespace: string, account: string): Secret => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { namespace, name: account, labels, annotations: { 'kubernetes.io/service-account.name': account } },
  type: 'kubernetes.io/service-account-token',
});

export const roleObject = (cluster: string): ClusterRole => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name: controllerRole(cluster), labels },
  rules: [
    { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
    { nonResourceURLs: ['*'], verbs: ['get'] },
  ],
});

export const roleBindingObject = (cluster: string, namespace: string): ClusterRoleBinding => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name: controllerRole(cluster), labels },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: controllerRole(cluster) },
  subjects: [{ kind: 'ServiceAccount', namespace, name: controllerAccount(cluster) }],
});
