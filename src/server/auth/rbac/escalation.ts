/** Nobody grants more than they have: the check on writes of Roles and bindings, in kube-apiserver's words. */
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

const same = (left: unknown, right: unknown) => JSON.stringify(left) === JSON.stringify(right);

export function escalationCheck(authorizer: Authorizer, grants: Pick<Grants, 'rulesOf'>): EscalationCheck {
  const mayUse = (user: UserInfo, verb: string, resource: string, namespace: string, name: string) =>
    authorizer.authorize({ user, verb, apiGroup: rbacGroup, resource, namespace, name }).allowed;

  const requireCovered = ({ user, resource, object }: EscalationRequest, rules: readonly PolicyRule[]) => {
    const { namespace = '', name = '' } = object.metadata;
    const missing = uncovered(authorizer.rulesFor(user, namespace), rules);
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
    const { rules, aggregationRule } = object as Role;
    if (mayUse(user, 'escalate', resource, namespace, name)) return;
    const before = old as Role | undefined;
    if (before && same(before.rules ?? [], rules ?? []) && same(before.aggregationRule, aggregationRule)) return;
    // Whoever lets rules flow in by label could be given anything.
    if (aggregationRule)
      requireCovered(request, [
        { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
        { verbs: ['*'], nonResourceURLs: ['*'] },
      ]);
    requireCovered(request, rules ?? []);
  };

  const checkBinding = (request: EscalationRequest) => {
    const { user, object, old } = request;
    const { namespace = '' } = object.metadata;
    const { roleRef, subjects } = object as Binding;
    const before = old as Binding | undefined;
    if (before && same(before.roleRef, roleRef) && same(before.subjects, subjects)) return;
    const resource = roleRef.kind === 'ClusterRole' ? 'clusterroles' : 'roles';
    if (mayUse(user, 'bind', resource, namespace, roleRef.name)) return;
    const rules = grants.rulesOf(roleRef, namespace);
    if (!rules) throw notFound({ group: rbacGroup, resource }, roleRef.name);
    requireCovered(request, rules);
  };

  return (request) => {
    if (request.user.groups.includes(masters)) return;
    if (request.resource === 'roles' || request.resource === 'clusterroles') checkRole(request);
    else if (request.resource === 'rolebindings' || request.resource === 'clusterrolebindings') checkBinding(request);
  };
}
