import { beforeAll, describe, expect, it } from 'vitest';
import { type BootstrapRbac, bootstrapRbac } from '#apis/kubernetes/bootstrap-rbac.ts';
import { builtinKinds } from '#apis/kubernetes/kinds.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { UserInfo } from '#kube/request/request.ts';
import type { StatusError } from '#kube/status/status.ts';
import { simulatedClock } from '#world/clock/simulated.ts';
import { seededRandom } from '#world/random/seeded.ts';
import { kindRegistry } from '../../registry/kinds/registry.ts';
import { storageOf } from '../../registry/storage.ts';
import { memoryStore } from '../../storage/memory.ts';
import { accessDenied, attributesOf } from '../authorizer.ts';
import { uncovered } from './covers.ts';
import type { Role } from './objects.ts';
import { createRbac } from './rbac.ts';

let bootstrap: BootstrapRbac;
beforeAll(async () => {
  bootstrap = await bootstrapRbac();
});

const jane: UserInfo = { name: 'jane', groups: ['dev', 'system:authenticated'] };
const anonymous: UserInfo = { name: 'system:anonymous', groups: ['system:unauthenticated'] };
const root: UserInfo = { name: 'root', groups: ['system:masters'] };

function cluster() {
  const clock = simulatedClock();
  const store = memoryStore({ clock, freeze: true });
  const storage = storageOf(store, 'test');
  const kinds = kindRegistry(builtinKinds());
  const rbac = createRbac({ storage, kinds, world: { clock, random: seededRandom(1) }, bootstrap });
  const put = (kind: string, namespace: string, name: string, content: object) => {
    const place = { served: kinds.byKind('rbac.authorization.k8s.io', 'v1', kind)!, namespace, name };
    const metadata = { name, ...(namespace ? { namespace } : {}), ...(content as { metadata?: object }).metadata };
    const object = { apiVersion: 'rbac.authorization.k8s.io/v1', kind, ...content, metadata } as KubeObject;
    const old = storage.get(place);
    return old ? storage.update(place, object, old) : storage.create(place, object);
  };
  const remove = (kind: string, namespace: string, name: string) => {
    const place = { served: kinds.byKind('rbac.authorization.k8s.io', 'v1', kind)!, namespace, name };
    storage.delete(place, storage.get(place)!);
  };
  const can = (
    user: UserInfo,
    verb: string,
    resource: string,
    more: { apiGroup?: string; namespace?: string; name?: string; subresource?: string } = {},
  ) => rbac.authorizer.authorize({ user, verb, apiGroup: '', resource, ...more });
  const clusterRole = (name: string) => storage.find('rbac.authorization.k8s.io/clusterroles', '', name) as Role;
  return { ...rbac, clock, put, remove, can, clusterRole, storage, kinds };
}

const readPods = { rules: [{ verbs: ['get', 'list'], apiGroups: [''], resources: ['pods'] }] };
const toJane = { subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'jane' }] };
const roleRef = (kind: string, name: string) => ({ roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name } });

describe('bootstrap roles', () => {
  it('let system:masters do all, everybody discover, strangers see health and version only', () => {
    const { authorizer, can } = cluster();
    const path = (user: UserInfo, nonResourceUrl: string) =>
      authorizer.authorize({ user, verb: 'get', nonResourceUrl }).allowed;
    expect(can(root, 'delete', 'nodes').allowed).toBe(true);
    expect(can(jane, 'list', 'pods').allowed).toBe(false);
    expect(path(jane, '/apis/apps/v1')).toBe(true);
    expect(path(jane, '/metrics')).toBe(false);
    expect(path(anonymous, '/version')).toBe(true);
    expect(path(anonymous, '/livez')).toBe(true);
    expect(path(anonymous, '/apis')).toBe(false);
    expect(can(jane, 'create', 'selfsubjectaccessreviews', { apiGroup: 'authorization.k8s.io' }).allowed).toBe(true);
    expect(can(anonymous, 'create', 'selfsubjectaccessreviews', { apiGroup: 'authorization.k8s.io' }).allowed).toBe(
      false,
    );
  });

  describe('of an earlier start', () => {
    const again = ({ storage, kinds, clock }: ReturnType<typeof cluster>) =>
      createRbac({ storage, kinds, world: { clock, random: seededRandom(2) }, bootstrap });
    const secrets = { verbs: ['get'], apiGroups: [''], resources: ['secrets'] };
    const group = 'rbac.authorization.k8s.io';
    const auto = 'rbac.authorization.kubernetes.io/autoupdate';
    const find = ({ storage }: ReturnType<typeof cluster>, resource: string, name: string) =>
      storage.find(`${group}/${resource}`, '', name) as KubeObject & Record<string, unknown>;

    it('are left as they are when nothing is missing', () => {
      const first = cluster();
      const before = first.storage.revision();
      again(first);
      expect(first.storage.revision()).toBe(before);
    });

    it('get what they lack, and keep what somebody added', () => {
      const first = cluster();
      const wanted = find(first, 'clusterroles', 'system:kube-scheduler');
      const rules = wanted.rules as readonly object[];
      const labels = { team: 'a' };
      first.put('ClusterRole', '', 'system:kube-scheduler', {
        rules: [secrets, ...rules.slice(1)],
        metadata: { labels },
      });
      again(first);
      const now = find(first, 'clusterroles', 'system:kube-scheduler');
      expect(now.rules).toContainEqual(secrets);
      expect(uncovered(now.rules as never, rules as never)).toEqual([]);
      expect(now.metadata.labels).toEqual({ ...wanted.metadata.labels, ...labels });
      expect(now.metadata.annotations).toHaveProperty([auto], 'true');
      const settled = first.storage.revision();
      again(first);
      expect(first.storage.revision()).toBe(settled);
    });

    it('stay as they are where they say so', () => {
      const first = cluster();
      first.put('ClusterRole', '', 'system:kube-scheduler', {
        rules: [],
        metadata: { annotations: { [auto]: 'false' } },
      });
      again(first);
      expect(find(first, 'clusterroles', 'system:kube-scheduler').rules).toEqual([]);
    });

    it('that are put together from others are told by what they are put together from', () => {
      const first = cluster();
      const own = { matchLabels: { own: 'true' } };
      first.put('ClusterRole', '', 'view', { rules: [], aggregationRule: { clusterRoleSelectors: [own] } });
      again(first);
      const now = find(first, 'clusterroles', 'view').aggregationRule as { clusterRoleSelectors: readonly object[] };
      expect(now.clusterRoleSelectors).toHaveLength(2);
      expect(now.clusterRoleSelectors).toContainEqual(own);
    });

    it('bindings get their subjects and their role back', () => {
      const first = cluster();
      const wanted = find(first, 'clusterrolebindings', 'system:discovery');
      first.put('ClusterRoleBinding', '', 'system:discovery', { roleRef: wanted.roleRef, ...toJane });
      first.put('ClusterRoleBinding', '', 'cluster-admin', { ...roleRef('ClusterRole', 'view'), ...toJane });
      again(first);
      const subjects = [...toJane.subjects, ...(wanted.subjects as readonly object[])];
      expect(find(first, 'clusterrolebindings', 'system:discovery').subjects).toEqual(subjects);
      const admin = find(first, 'clusterrolebindings', 'cluster-admin');
      expect(admin.roleRef).toMatchObject({ name: 'cluster-admin' });
      expect(admin.subjects).toMatchObject([{ kind: 'Group', name: 'system:masters' }]);
    });
  });
});

describe('grants', () => {
  it('hold in their namespace, from the commit that makes them to the one that ends them', () => {
    const { put, remove, can } = cluster();
    put('Role', 'web', 'reader', readPods);
    expect(can(jane, 'get', 'pods', { namespace: 'web' }).allowed).toBe(false);
    put('RoleBinding', 'web', 'readers', { ...roleRef('Role', 'reader'), ...toJane });
    expect(can(jane, 'get', 'pods', { namespace: 'web', name: 'a' })).toEqual({
      allowed: true,
      reason: 'RBAC: allowed by RoleBinding "readers/web" of Role "reader" to User "jane"',
    });
    expect(can(jane, 'get', 'pods', { namespace: 'db' }).allowed).toBe(false);
    expect(can(jane, 'get', 'pods').allowed).toBe(false);
    expect(can(jane, 'delete', 'pods', { namespace: 'web' }).allowed).toBe(false);
    remove('RoleBinding', 'web', 'readers');
    expect(can(jane, 'get', 'pods', { namespace: 'web' }).allowed).toBe(false);
  });

  it('reach groups and service accounts, and follow a change of subjects', () => {
    const { put, can } = cluster();
    put('ClusterRole', '', 'reader', readPods);
    put('ClusterRoleBinding', '', 'readers', {
      ...roleRef('ClusterRole', 'reader'),
      subjects: [{ kind: 'Group', name: 'dev' }],
    });
    expect(can(jane, 'list', 'pods').reason).toBe(
      'RBAC: allowed by ClusterRoleBinding "readers" of ClusterRole "reader" to Group "dev"',
    );
    const account: UserInfo = { name: 'system:serviceaccount:web:builder', groups: ['system:serviceaccounts'] };
    expect(can(account, 'list', 'pods').allowed).toBe(false);
    put('ClusterRoleBinding', '', 'readers', {
      ...roleRef('ClusterRole', 'reader'),
      subjects: [{ kind: 'ServiceAccount', name: 'builder', namespace: 'web' }],
    });
    expect(can(account, 'list', 'pods').allowed).toBe(true);
    expect(can(jane, 'list', 'pods').allowed).toBe(false);
  });

  it('by resource name hold for that name only, whatever was asked before', () => {
    const { put, can } = cluster();
    put('ClusterRole', '', 'one', {
      rules: [{ verbs: ['get'], apiGroups: [''], resources: ['configmaps'], resourceNames: ['a'] }],
    });
    put('ClusterRoleBinding', '', 'one', { ...roleRef('ClusterRole', 'one'), ...toJane });
    for (let round = 0; round < 2; round++) {
      expect(can(jane, 'get', 'configmaps', { name: 'b', namespace: 'x' }).allowed).toBe(false);
      expect(can(jane, 'get', 'configmaps', { name: 'a', namespace: 'x' }).allowed).toBe(true);
      expect(can(jane, 'get', 'configmaps', { namespace: 'x' }).allowed).toBe(false);
    }
  });

  it('to a role that is not there say so', () => {
    const { put, can } = cluster();
    put('RoleBinding', 'web', 'readers', { ...roleRef('Role', 'reader'), ...toJane });
    expect(can(jane, 'get', 'pods', { namespace: 'web' }).reason).toBe(
      'RBAC: role.rbac.authorization.k8s.io "reader" not found',
    );
  });
});

describe('aggregated ClusterRoles', () => {
  it('are at birth what aggregation would make of them', async () => {
    const { clock, clusterRole, storage } = cluster();
    const before = storage.revision();
    await clock.settle();
    expect(storage.revision()).toBe(before);
    expect(clusterRole('admin').rules?.length).toBeGreaterThan(10);
  });

  it('take up rules of roles with their label, through other aggregated roles too', async () => {
    const { clock, put, remove, clusterRole } = cluster();
    const widgets = { verbs: ['get'], apiGroups: ['example.com'], resources: ['widgets'] };
    const labels = { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' };
    put('ClusterRole', '', 'widgets', { metadata: { labels }, rules: [widgets] });
    await clock.settle();
    for (const name of ['view', 'edit', 'admin']) expect(clusterRole(name).rules).toContainEqual(widgets);
    remove('ClusterRole', '', 'widgets');
    await clock.settle();
    for (const name of ['view', 'edit', 'admin']) expect(clusterRole(name).rules).not.toContainEqual(widgets);
  });
});

describe('escalation', () => {
  const role = (rules: unknown, name = 'new'): KubeObject =>
    ({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name, namespace: 'web' },
      rules,
    }) as KubeObject;
  const messageOf = (run: () => void) => {
    try {
      run();
      return undefined;
    } catch (error) {
      return (error as StatusError).message;
    }
  };

  it("is refused in apiserver's words", () => {
    const { checkEscalation, put } = cluster();
    put('Role', 'web', 'reader', readPods);
    put('RoleBinding', 'web', 'readers', { ...roleRef('Role', 'reader'), ...toJane });
    const attempt = (rules: unknown) =>
      messageOf(() => checkEscalation({ user: jane, resource: 'roles', object: role(rules) }));
    expect(attempt(readPods.rules)).toBeUndefined();
    expect(attempt([{ verbs: ['get', 'delete', 'watch'], apiGroups: ['', 'apps'], resources: ['pods'] }])).toBe(
      'roles.rbac.authorization.k8s.io "new" is forbidden: user "jane" (groups=["dev" "system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n' +
        '{APIGroups:[""], Resources:["pods"], Verbs:["delete" "watch"]}\n' +
        '{APIGroups:["apps"], Resources:["pods"], Verbs:["get" "delete" "watch"]}',
    );
    expect(
      messageOf(() =>
        checkEscalation({
          user: root,
          resource: 'roles',
          object: role([{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }]),
        }),
      ),
    ).toBeUndefined();
  });

  it('of a binding needs the rules, or the verb bind', () => {
    const { checkEscalation, put } = cluster();
    const binding = {
      apiVersion: 'v1',
      kind: 'RoleBinding',
      metadata: { name: 'b', namespace: 'web' },
      ...roleRef('ClusterRole', 'edit'),
      ...toJane,
    } as KubeObject;
    const attempt = () => messageOf(() => checkEscalation({ user: jane, resource: 'rolebindings', object: binding }));
    expect(attempt()).toMatch(
      /^rolebindings.rbac.authorization.k8s.io "b" is forbidden: user "jane" .* is attempting to grant/,
    );
    put('ClusterRole', '', 'binder', {
      rules: [
        {
          verbs: ['bind'],
          apiGroups: ['rbac.authorization.k8s.io'],
          resources: ['clusterroles'],
          resourceNames: ['edit'],
        },
      ],
    });
    put('RoleBinding', 'web', 'binders', { ...roleRef('ClusterRole', 'binder'), ...toJane });
    expect(attempt()).toBeUndefined();
    const lost = { ...binding, ...roleRef('ClusterRole', 'lost') } as KubeObject;
    expect(messageOf(() => checkEscalation({ user: jane, resource: 'rolebindings', object: lost }))).toBe(
      'rolebindings.rbac.authorization.k8s.io "lost" not found',
    );
  });

  it('is not asked of what the garbage collector changes', () => {
    const { checkEscalation } = cluster();
    const rules = [{ verbs: ['delete'], apiGroups: [''], resources: ['pods'] }];
    const old = role(rules);
    const changed = (metadata: object) => ({ ...old, metadata: { ...old.metadata, ...metadata } });
    const attempt = (object: KubeObject) =>
      messageOf(() => checkEscalation({ user: jane, resource: 'roles', object, old }));
    expect(attempt(changed({ finalizers: ['a/b'] }))).toBeUndefined();
    expect(attempt(changed({ labels: { a: 'b' } }))).toMatch(/is attempting to grant/);
  });
});

describe('refusals', () => {
  it('are worded as kubectl users know them', () => {
    expect(
      accessDenied({
        user: { name: 'x', groups: [] },
        verb: 'list',
        apiGroup: 'apps',
        resource: 'deployments',
        namespace: 'default',
      }).message,
    ).toBe(
      'deployments.apps is forbidden: User "x" cannot list resource "deployments" in API group "apps" in the namespace "default"',
    );
    expect(accessDenied({ user: anonymous, verb: 'get', nonResourceUrl: '/metrics' }).status).toMatchObject({
      message: 'forbidden: User "system:anonymous" cannot get path "/metrics"',
      details: {},
      code: 403,
    });
    expect(
      accessDenied({
        user: jane,
        verb: 'get',
        apiGroup: '',
        resource: 'pods',
        subresource: 'log',
        name: 'a',
        namespace: 'n',
      }).message,
    ).toBe('pods "a" is forbidden: User "jane" cannot get resource "pods/log" in API group "" in the namespace "n"');
  });

  it('see a namespace from within it, and a list of one name as that name', () => {
    const base = { user: jane, options: {} } as const;
    expect(
      attributesOf({ ...base, verb: 'get', path: { group: '', version: 'v1', resource: 'namespaces', name: 'web' } }),
    ).toMatchObject({ namespace: 'web', name: 'web' });
    const list = {
      ...base,
      verb: 'list',
      path: { group: '', version: 'v1', resource: 'secrets', namespace: 'web' },
    } as const;
    expect(attributesOf({ ...list, options: { fieldSelector: 'metadata.name=a' } })).toMatchObject({ name: 'a' });
    expect(attributesOf({ ...list, options: { fieldSelector: 'metadata.name!=a' } })).not.toHaveProperty('name');
  });
});
