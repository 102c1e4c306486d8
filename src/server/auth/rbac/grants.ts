/**
 * Who is bound to which rules: an index over Roles and bindings, kept up to date with every commit of the store, so
 * that the next request already meets what the last one granted.
 */
import type { PolicyRule } from '#kube/rbac/evaluate.ts';
import type { UserInfo } from '#kube/request/request.ts';
import type { Commit, Storage } from '../../registry/storage.ts';
import { serviceAccountUser } from '../service-account/name.ts';
import { type Binding, type Role, type RoleRef, rbacResources, type Subject } from './objects.ts';

/** Rules that somebody has, and by what. */
export interface Grant {
  readonly rules: readonly PolicyRule[];
  /** In the words of SubjectAccessReview: `RoleBinding "a/default" of Role "b" to User "c"`. */
  readonly describe: () => string;
}

export interface Grants {
  /** Counts changes: decisions made under another number are void. */
  readonly generation: () => number;
  /** `missing`: hears of roles that are bound but not there, in apiserver's words. */
  readonly of: (user: UserInfo, namespace: string, missing?: (text: string) => void) => Generator<Grant>;
  /** The rules behind a roleRef, undefined when it is not there. */
  readonly rulesOf: (ref: RoleRef, namespace: string) => readonly PolicyRule[] | undefined;
}

interface Bound {
  readonly binding: Binding;
  readonly subject: Subject;
  /** '' of a ClusterRoleBinding. */
  readonly namespace: string;
}

const quote = (text: string) => JSON.stringify(text);

function subjectKey({ kind, name, namespace }: Subject, bindingNamespace: string): string {
  if (kind === 'ServiceAccount') return `User ${serviceAccountUser(namespace ?? bindingNamespace, name)}`;
  return `${kind} ${name}`;
}

function describe({ binding, subject, namespace }: Bound): string {
  const { name = '' } = binding.metadata;
  const which = namespace ? `RoleBinding ${quote(`${name}/${namespace}`)}` : `ClusterRoleBinding ${quote(name)}`;
  const account = subject.kind === 'ServiceAccount';
  const whom = account ? `${subject.name}/${subject.namespace ?? namespace}` : subject.name;
  return `${which} of ${binding.roleRef.kind} ${quote(binding.roleRef.name)} to ${subject.kind} ${quote(whom)}`;
}

const missingRole = ({ kind, name }: RoleRef) =>
  `${kind.toLowerCase()}.rbac.authorization.k8s.io ${quote(name)} not found`;

const noRules: readonly PolicyRule[] = [];

/** Bindings by whom they name. */
class Subjects {
  readonly #bound = new Map<string, Map<string, Bound>>();

  bind(binding: Binding, namespace: string): void {
    for (const subject of binding.subjects ?? []) {
      const key = subjectKey(subject, namespace);
      const bound = this.#bound.get(key) ?? new Map<string, Bound>();
      this.#bound.set(key, bound);
      bound.set(`${namespace}/${binding.metadata.name}`, { binding, subject, namespace });
    }
  }

  unbind(binding: Binding, namespace: string): void {
    for (const subject of binding.subjects ?? []) {
      const key = subjectKey(subject, namespace);
      const bound = this.#bound.get(key);
      bound?.delete(`${namespace}/${binding.metadata.name}`);
      if (bound?.size === 0) this.#bound.delete(key);
    }
  }

  /** Of a user or group: everything cluster-wide and in `namespace`. */
  *boundTo(key: string, namespace: string): Generator<Bound> {
    for (const bound of this.#bound.get(key)?.values() ?? []) {
      if (bound.namespace === '' || bound.namespace === namespace) yield bound;
    }
  }
}

const roleKey = (kind: string, namespace: string, name: string) =>
  kind === 'ClusterRole' ? `ClusterRole ${name}` : `Role ${namespace}/${name}`;

/** Applies what is stored, then every commit. */
function follow(storage: FollowedStorage, resource: string, apply: (commit: Commit) => void): void {
  for (const object of storage.list(resource, undefined).items) {
    const { namespace = '', name = '' } = object.metadata;
    apply({ resource, namespace, name, object, old: undefined, deleted: false });
  }
  storage.onCommit(resource, apply);
}

type FollowedStorage = Pick<Storage, 'list' | 'onCommit'>;

/** Reads what is stored and then follows it. */
export function createGrants(storage: FollowedStorage): Grants {
  const roles = new Map<string, readonly PolicyRule[]>();
  const subjects = new Subjects();
  let generation = 0;

  const onRole = (kind: string) => (commit: Commit) => {
    generation++;
    const key = roleKey(kind, commit.namespace, commit.name);
    if (commit.deleted) roles.delete(key);
    else roles.set(key, (commit.object as Role).rules ?? noRules);
  };
  const onBinding = ({ object, old, deleted, namespace }: Commit) => {
    generation++;
    if (old) subjects.unbind(old as Binding, namespace);
    if (!deleted) subjects.bind(object as Binding, namespace);
  };
  follow(storage, rbacResources.roles, onRole('Role'));
  follow(storage, rbacResources.clusterRoles, onRole('ClusterRole'));
  follow(storage, rbacResources.roleBindings, onBinding);
  follow(storage, rbacResources.clusterRoleBindings, onBinding);

  const rulesOf: Grants['rulesOf'] = (ref, namespace) => roles.get(roleKey(ref.kind, namespace, ref.name));

  return {
    generation: () => generation,
    rulesOf,
    of: function* (user, namespace, missing) {
      for (const key of [`User ${user.name}`, ...user.groups.map((group) => `Group ${group}`)]) {
        for (const bound of subjects.boundTo(key, namespace)) {
          const { roleRef } = bound.binding;
          const rules = rulesOf(roleRef, bound.namespace);
          if (rules) yield { rules, describe: () => describe(bound) };
          else missing?.(missingRole(roleRef));
        }
      }
    },
  };
}
