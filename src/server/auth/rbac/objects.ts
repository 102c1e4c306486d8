/** The four kinds of rbac.authorization.k8s.io, and where they are stored. */
import type { KubeObject } from '#kube/meta/object.ts';
import type { PolicyRule } from '#kube/rbac/evaluate.ts';

export const rbacGroup = 'rbac.authorization.k8s.io';

export const rbacResources = {
  roles: `${rbacGroup}/roles`,
  clusterRoles: `${rbacGroup}/clusterroles`,
  roleBindings: `${rbacGroup}/rolebindings`,
  clusterRoleBindings: `${rbacGroup}/clusterrolebindings`,
} as const;

/** A Role or a ClusterRole. */
export interface Role extends KubeObject {
  readonly rules?: readonly PolicyRule[] | null;
  readonly aggregationRule?: { readonly clusterRoleSelectors?: readonly LabelSelector[] };
}

export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

export interface Subject {
  readonly kind: string;
  readonly apiGroup?: string;
  readonly name: string;
  readonly namespace?: string;
}

export interface RoleRef {
  readonly apiGroup?: string;
  readonly kind: string;
  readonly name: string;
}

/** A RoleBinding or a ClusterRoleBinding. */
export interface Binding extends KubeObject {
  readonly subjects?: readonly Subject[] | null;
  readonly roleRef: RoleRef;
}

/** The one group that RBAC never refuses. */
export const masters = 'system:masters';
