/** Nobody grants more than they have: the check on writes of Roles and bindings, in kube-apiserver's words. */
import { deepEqual } from '#kube/meta/equal.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { PolicyRule } from '#kube/rbac/evaluate.ts';
import type { UserInfo } from '#kube/request/request.ts';
import { forbidden, notFound } from '#kube/status/errors.ts';
import type { Authorizer } from '../authorizer.ts';
import { compactRules, ruleText, uncovered } from './covers.ts';
import type { Grants } from './grants.ts';
import { type Binding, masters, type Role, rbacGroup } from './objects.ts';

export interface EscalationRequest {
  readonly user: UserInfo;
  /** roles, clusterroles, rolebindings or clusterrolebindings. */
  readonly resource: string;
  readonly object: KubeObject;
  /** Absent when it is created. */
  readonly old?: KubeObject;
}

/** Throws Forbidden. */
export type EscalationCheck = (request: EscalationRequest) => void;

/** What the garbage collector may change, whoever's rights the object speaks of. */
function onlyCollected(object: KubeObject, old: KubeObject): boolean {
  const { ownerReferences, finalizers, managedFields } = old.metadata;
  const { ownerReferences: _owners, finalizers: _finalizers, managedFields: _fields, ...rest } = object.metadata;
  const metadata = {
    ...rest,
    ...(ownerReferences ? { ownerReferences } : {}),
    ...(finalizers ? { finalizers } : {}),
    ...(managedFields ? { managedFields } : {}),
  };
  return deepEqual({ ...object, metadata }, old);
}

const everything: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
];

const gathers = (role: Role | undefined): boolean => (role?.aggregationRule?.clusterRoleSelectors?.length ?? 0) > 0;

export function escalationCheck(authorizer: Authorizer, grants: Pick<Grants, 'rulesOf'>): EscalationCheck {
  const mayUse = (user: UserInfo, verb: string, resource: string, namespace: string, name: string) =>
    authorizer.authorize({ user, verb, apiGroup: rbacGroup, resource, namespace, name }).allowed;

  const missingOf = (user: UserInfo, namespace: string, rules: readonly PolicyRule[]) =>
    uncovered(authorizer.rulesFor(user, namespace).rules, rules);

  const requireCovered = ({ user, resource, object }: EscalationRequest, rules: readonly PolicyRule[]) => {
    const { namespace = '', name = '' } = object.metadata;
    const missing = missingOf(user, namespace, rules);
    if (missing.length === 0) return;
    const groups = `[${user.groups.map((group) => JSON.stringify(group)).join(' ')}]`;
    const texts = [...new Set(compactRules(missing).map(ruleText))].sort().join('\n');
    const who = `user ${JSON.stringify(user.name)} (groups=${groups})`;
    const why = `${who} is attempting to grant RBAC permissions not currently held:\n${texts}`;
    throw forbidden({ group: rbacGroup, resource }, name, why);
  };

  const checkRole = (request: EscalationRequest) => {
    const { user, resource, object, old } = request;
    const { namespace = '', name = '' } = object.metadata;
    const role = object as Role;
    // Before it is created kube-apiserver knows no name to ask about.
    if (mayUse(user, 'escalate', resource, namespace, old ? name : '')) return;
    if (old && onlyCollected(object, old)) return;
    requireCovered(request, role.rules ?? []);
    // Whoever lets rules flow in by label could be given anything.
    if (resource !== 'clusterroles' || (!gathers(role) && !gathers(old as Role | undefined))) return;
    if (missingOf(user, namespace, everything).length === 0) return;
    const why = 'must have cluster-admin privileges to use the aggregationRule';
    throw forbidden({ group: rbacGroup, resource }, name, why);
  };

  const checkBinding = (request: EscalationRequest) => {
    const { user, resource, object, old } = request;
    const { namespace = '' } = object.metadata;
    const { roleRef } = object as Binding;
    if (old && onlyCollected(object, old)) return;
    const bound = roleRef.kind === 'ClusterRole' ? 'clusterroles' : 'roles';
    if (mayUse(user, 'bind', bound, namespace, roleRef.name)) return;
    const rules = grants.rulesOf(roleRef, namespace);
    // kube-apiserver's own error says what is written, with the name of what is missing.
    if (!rules) throw notFound({ group: rbacGroup, resource }, roleRef.name);
    requireCovered(request, rules);
  };

  return (request) => {
    if (request.user.groups.includes(masters)) return;
    if (request.resource === 'roles' || request.resource === 'clusterroles') checkRole(request);
    else if (request.resource === 'rolebindings' || request.resource === 'clusterrolebindings') checkBinding(request);
  };
}
