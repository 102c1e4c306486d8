/** The roles and bindings kube-apiserver creates at its first start; read only when they are needed. */
import type { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from './types.ts';

/** Objects without apiVersion and kind, which their list says. */
type Bare<T> = Omit<T, 'apiVersion' | 'kind'>;

export interface BootstrapRbac {
  readonly clusterRoles: readonly Bare<ClusterRole>[];
  readonly clusterRoleBindings: readonly Bare<ClusterRoleBinding>[];
  readonly roles: readonly Bare<Role>[];
  readonly roleBindings: readonly Bare<RoleBinding>[];
}

export async function bootstrapRbac(): Promise<BootstrapRbac> {
  const { default: tables } = await import('#data/kubernetes/bootstrap-rbac.json', { with: { type: 'json' } });
  // The compiler sees a literal type of its own for each role; the generator's test says that the shapes hold.
  return tables as unknown as BootstrapRbac;
}
