/** What Roles give, and that nobody gives more than they have. */
import type { Hand, Script } from '../hand.ts';
import { configMap } from '../samples.ts';
import {
  account,
  as,
  asking,
  binding,
  clusterBinding,
  clusterRole,
  clusterRoleBindings,
  clusterRoles,
  group,
  inCore,
  role,
  roleBindingsIn,
  rolesIn,
  rule,
  user,
} from './asking.ts';

async function granted(hand: Hand): Promise<void> {
  const { get, post, put, remove, settled } = asking(hand);
  const { namespace } = hand;
  const maps = inCore(namespace, 'configmaps');
  await post(maps, configMap('one', { a: '1' }));
  await post(maps, configMap('two', { a: '1' }));
  await post(rolesIn(namespace), role('reader', [rule('get list', 'core', 'configmaps', 'one')]));
  await post(roleBindingsIn(namespace), binding('readers', 'Role/reader', [user('alice'), group('team')]));
  await post(roleBindingsIn(namespace), binding('dangling', 'Role/missing', [user('carol')]));
  await post(roleBindingsIn(namespace), binding('dangling-2', 'ClusterRole/missing', [user('carol')]));
  settled();
  await get(`${maps}/one`, as('alice'));
  await get(`${maps}/two`, as('alice'));
  await get(maps, as('alice'));
  await get(`${maps}?fieldSelector=metadata.name%3Done&labelSelector=none%3Dsuch`, as('alice'));
  await get(`${maps}?fieldSelector=metadata.name!%3Done`, as('alice'));
  await get(`${maps}?fieldSelector=metadata.name%3Dtwo`, as('alice'));
  await get(`${maps}?fieldSelector=broken`, as('alice'));
  await get(`${maps}/one`, as('dora', 'team'));
  await get(`${maps}/one`, as('carol'));
  await get('/api/v1/configmaps', as('carol'));
  await put(`${maps}/one`, configMap('one', { a: '2' }), as('alice'));
  // What is not a role or binding.
  await post(rolesIn(namespace), role('wrong', [{ verbs: [], apiGroups: [''], resources: ['pods'] }]));
  await post(rolesIn(namespace), role('wrong', [{ verbs: ['get'] }]));
  await post(rolesIn(namespace), role('wrong', [{ verbs: ['get'], apiGroups: [''] }]));
  await post(rolesIn(namespace), role('wrong', [{ verbs: ['get'], nonResourceURLs: ['/a'] }]));
  await post(
    clusterRoles,
    clusterRole(`${namespace}-wrong`, [{ verbs: ['get'], nonResourceURLs: ['/a'], resources: ['b'], apiGroups: [''] }]),
  );
  await post(roleBindingsIn(namespace), binding('wrong', 'Thing/reader', [user('alice')]));
  await post(roleBindingsIn(namespace), binding('wrong', 'Role/', [user('alice')]));
  await post(roleBindingsIn(namespace), {
    ...binding('wrong', 'Role/reader', []),
    roleRef: { kind: 'Role', name: 'x', apiGroup: 'other' },
  });
  await post(roleBindingsIn(namespace), binding('wrong', 'Role/reader', [{ kind: 'Robot', name: 'x' }]));
  await post(roleBindingsIn(namespace), binding('wrong', 'Role/reader', [{ kind: 'User', apiGroup: 'x', name: 'x' }]));
  await post(roleBindingsIn(namespace), binding('wrong', 'Role/reader', [{ kind: 'ServiceAccount', name: 'A B' }]));
  await post(roleBindingsIn(namespace), binding('wrong', 'Role/reader', [{ kind: 'Group', name: '' }]));
  await post(clusterRoleBindings, {
    ...clusterBinding(`${namespace}-wrong`, 'view', []),
    roleRef: { kind: 'Role', name: 'x', apiGroup: 'rbac.authorization.k8s.io' },
  });
  await put(`${roleBindingsIn(namespace)}/readers`, binding('readers', 'Role/other', [user('alice')]));
  await put(`${rolesIn(namespace)}/created-by-put`, role('created-by-put', [rule('get', 'core', 'pods')]));
  await post(rolesIn(namespace), role('with:colon', [rule('get', 'core', 'pods')]));
  await post(rolesIn(namespace), role('with%', [rule('get', 'core', 'pods')]));
  await remove(`${roleBindingsIn(namespace)}/readers`);
  settled();
  await get(`${maps}/one`, as('alice'));
}

async function escalation(hand: Hand): Promise<void> {
  const { get, post, put, merge, settled } = asking(hand);
  const { namespace } = hand;
  const bob = as('bob');
  const roles = rolesIn(namespace);
  const bindings = roleBindingsIn(namespace);
  const write = 'get list create update patch delete';
  const rbac = 'rbac.authorization.k8s.io';
  await post(
    clusterRoles,
    clusterRole(`${namespace}-bob`, [
      rule(write, rbac, 'roles rolebindings clusterroles clusterrolebindings'),
      rule('get list', 'core', 'pods configmaps'),
      rule('get', 'apps', '*', 'web'),
      rule('update', '*', '*/scale'),
      { verbs: ['get'], nonResourceURLs: ['/logs/*'] },
    ]),
  );
  await post(
    clusterRoleBindings,
    clusterBinding(`${namespace}-bob`, `${namespace}-bob`, [user('bob'), account('robot', namespace)]),
  );
  await post(roles, role('strong', [rule('get list', 'core', 'pods secrets')]));
  await post(roles, role('weak', [rule('get', 'core', 'pods')]));
  settled();
  await get(`${roles}?labelSelector=none%3Dsuch`, bob);
  // What he has.
  await post(roles, role('pods', [rule('get', 'core', 'pods')]), bob);
  await post(roles, role('web', [rule('get', 'apps', 'deployments', 'web')]), bob);
  await post(roles, role('scale', [rule('update', 'apps', 'deployments/scale')]), bob);
  await post(
    clusterRoles,
    clusterRole(`${namespace}-logs`, [{ verbs: ['get'], nonResourceURLs: ['/logs/a', '/logs/*'] }]),
    bob,
  );
  // And what not.
  await post(roles, role('more', [rule('get list watch', 'core', 'pods secrets'), rule('*', '*', '*')]), bob);
  await post(roles, role('more', [rule('get', 'core apps', 'pods deployments', 'web db')]), bob);
  await post(roles, role('more', [rule('delete', 'core', 'pods/exec'), rule('get', 'batch', 'jobs cronjobs')]), bob);
  await post(
    clusterRoles,
    clusterRole(`${namespace}-more`, [{ verbs: ['get', 'post'], nonResourceURLs: ['/logs/*', '/metrics', '*'] }]),
    bob,
  );
  await post(roles, role('more', [rule('bind', rbac, 'roles')]), bob);
  await post(roles, role('more', [rule('list', 'core', 'secrets')]), as(`system:serviceaccount:${namespace}:robot`));
  await post(roles, role('more', [rule('list', 'core', 'secrets')]), as('bob', 'team "a"', 'system:authenticated'));
  await post(`${clusterRoles}?dryRun=All`, clusterRole(`${namespace}-aggregated`, [rule('get', 'core', 'pods')]), bob);
  await post(
    clusterRoles,
    {
      ...clusterRole(`${namespace}-aggregated`, []),
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] },
    },
    bob,
  );
  await put(`${roles}/pods`, role('pods', [rule('get', 'core', 'pods'), rule('get', 'core', 'secrets')]), bob);
  await merge(`${roles}/pods`, { rules: [rule('get', 'core', 'secrets')] }, bob);
  await merge(`${roles}/strong`, { metadata: { labels: { a: 'b' } } }, bob);
  await put(`${roles}/new`, role('new', [rule('get', 'core', 'secrets')]), bob);
  // Bindings.
  await post(bindings, binding('weak', 'Role/weak', [user('carol')]), bob);
  await post(bindings, binding('strong', 'Role/strong', [user('carol')]), bob);
  await post(bindings, binding('missing', 'Role/missing', [user('carol')]), bob);
  await post(bindings, binding('missing', 'ClusterRole/missing', [user('carol')]), bob);
  await post(bindings, binding('view', 'ClusterRole/system:node-proxier', [user('carol')]), bob);
  await post(clusterRoleBindings, clusterBinding(`${namespace}-admin`, 'cluster-admin', [user('carol')]), bob);
  await post(clusterRoleBindings, clusterBinding(`${namespace}-missing`, 'missing', [user('carol')]), bob);
  await merge(`${bindings}/weak`, { metadata: { labels: { a: 'b' } } }, bob);
  await post(bindings, binding('strong', 'Role/strong', [user('carol')]));
  await merge(`${bindings}/strong`, { subjects: [user('carol'), user('bob')] }, bob);
  await merge(`${bindings}/strong`, { metadata: { labels: { a: 'b' } } }, bob);
  // With the verbs that allow it.
  await post(roles, role('binder', [rule('bind', rbac, 'roles', 'strong'), rule('escalate', rbac, 'roles')]));
  await post(bindings, binding('binder', 'Role/binder', [user('bob')]));
  settled();
  await merge(`${bindings}/strong`, { subjects: [user('carol'), user('bob')] }, bob);
  await post(bindings, binding('strong-2', 'Role/strong', [user('dora')]), bob);
  await post(bindings, binding('missing-2', 'Role/missing', [user('dora')]), bob);
  await post(roles, role('all', [rule('*', '*', '*')]), bob);
}

export const roleAccessScripts: readonly Script[] = [
  { name: 'auth-granted', run: granted },
  { name: 'auth-escalation', run: escalation },
];
