/** The kinds a closure is made of: who reads them for one knows what to have at hand. */
import { apiVersionOf, type GroupVersionKind } from '#kube/meta/kind.ts';

const kind = (group: string, version: string, name: string): GroupVersionKind => ({ group, version, kind: name });

const rbac = 'rbac.authorization.k8s.io';
const networking = 'networking.k8s.io';

export const closureKinds = {
  configMap: kind('', 'v1', 'ConfigMap'),
  secret: kind('', 'v1', 'Secret'),
  claim: kind('', 'v1', 'PersistentVolumeClaim'),
  account: kind('', 'v1', 'ServiceAccount'),
  service: kind('', 'v1', 'Service'),
  ingress: kind(networking, 'v1', 'Ingress'),
  /** Only where the Gateway API is installed. */
  httpRoute: kind('gateway.networking.k8s.io', 'v1', 'HTTPRoute'),
  networkPolicy: kind(networking, 'v1', 'NetworkPolicy'),
  autoscaler: kind('autoscaling', 'v2', 'HorizontalPodAutoscaler'),
  disruptionBudget: kind('policy', 'v1', 'PodDisruptionBudget'),
  roleBinding: kind(rbac, 'v1', 'RoleBinding'),
  role: kind(rbac, 'v1', 'Role'),
  clusterRoleBinding: kind(rbac, 'v1', 'ClusterRoleBinding'),
  clusterRole: kind(rbac, 'v1', 'ClusterRole'),
  definition: kind('apiextensions.k8s.io', 'v1', 'CustomResourceDefinition'),
} as const;

/** `apps/Deployment`: a kind whatever the version it is read in. */
export const groupKind = ({ group, kind: name }: Pick<GroupVersionKind, 'group' | 'kind'>): string =>
  `${group}/${name}`;

export const typeOf = (gvk: GroupVersionKind): { readonly apiVersion: string; readonly kind: string } => ({
  apiVersion: apiVersionOf(gvk),
  kind: gvk.kind,
});
