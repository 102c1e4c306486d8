/** Questions about access, and their answers. */
import type { Anything } from '#harness/kubectl.ts';
import type { Hand, Script } from '../hand.ts';
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
  nobody,
  role,
  roleBindingsIn,
  rolesIn,
  rule,
  user,
} from './asking.ts';

const root = '/apis/authorization.k8s.io/v1';
const apiVersion = 'authorization.k8s.io/v1';

async function reviews(hand: Hand): Promise<void> {
  const { post, settled } = asking(hand);
  const { namespace } = hand;
  await post(
    rolesIn(namespace),
    role('reader', [rule('get list', 'core', 'configmaps'), rule('get', 'core', 'secrets', 'one')]),
  );
  await post(
    roleBindingsIn(namespace),
    binding('readers', 'Role/reader', [user('alice'), group('team'), account('robot', namespace)]),
  );
  await post(roleBindingsIn(namespace), binding('views', 'ClusterRole/system:node-proxier', [user('erin')]));
  await post(roleBindingsIn(namespace), binding('dangling', 'Role/missing', [user('carol')]));
  await post(
    clusterRoles,
    clusterRole(`${namespace}-urls`, [
      { verbs: ['get', 'head'], nonResourceURLs: ['/logs', '/logs/*'] },
      rule('*', 'apps batch', '*/scale deployments'),
    ]),
  );
  await post(clusterRoleBindings, clusterBinding(`${namespace}-urls`, `${namespace}-urls`, [user('alice')]));
  settled();
  const subject = (spec: Anything, who?: Parameters<typeof post>[2]) =>
    post(`${root}/subjectaccessreviews`, { apiVersion, kind: 'SubjectAccessReview', spec }, who);
  const own = (spec: Anything, who = as('alice')) =>
    post(`${root}/selfsubjectaccessreviews`, { apiVersion, kind: 'SelfSubjectAccessReview', spec }, who);
  const local = (spec: Anything, where = namespace) =>
    post(`${root}/namespaces/${where}/localsubjectaccessreviews`, {
      apiVersion,
      kind: 'LocalSubjectAccessReview',
      metadata: { namespace: where },
      spec,
    });
  const on = (verb: string, resource: string, more: Anything = {}) => ({
    resourceAttributes: { verb, resource, namespace, ...more },
  });
  await subject({ user: 'alice', ...on('get', 'configmaps') });
  await subject({ user: 'alice', ...on('get', 'configmaps', { version: 'v1', name: 'x' }) });
  await subject({ user: 'alice', ...on('get', 'secrets') });
  await subject({ user: 'alice', ...on('get', 'secrets', { name: 'one' }) });
  await subject({ user: 'alice', ...on('get', 'secrets', { name: 'two' }) });
  await subject({ user: 'dora', groups: ['team', 'other'], ...on('list', 'configmaps') });
  await subject({ user: `system:serviceaccount:${namespace}:robot`, ...on('list', 'configmaps') });
  await subject({ groups: ['team'], ...on('list', 'configmaps') });
  await subject({ groups: ['system:masters'], ...on('list', 'configmaps') });
  await subject({ user: 'erin', ...on('list', 'services') });
  await subject({ user: 'carol', ...on('get', 'secrets') });
  await subject({ user: 'alice', ...on('update', 'deployments', { group: 'apps', subresource: 'scale' }) });
  await subject({
    user: 'alice',
    ...on('update', 'jobs', { group: 'batch', subresource: 'scale', namespace: undefined }),
  });
  await subject({ user: 'alice', ...on('*', '*', { group: '*' }) });
  await subject({ user: 'alice', nonResourceAttributes: { path: '/logs/a', verb: 'get' } });
  await subject({ user: 'alice', nonResourceAttributes: { path: '/metrics', verb: 'get' } });
  await subject({
    user: 'alice',
    uid: '7',
    extra: { a: ['b'] },
    nonResourceAttributes: { path: '/healthz', verb: 'get' },
  });
  // Selectors.
  const selector = (fieldSelector: Anything, labelSelector?: Anything) =>
    on('list', 'configmaps', { fieldSelector, ...(labelSelector ? { labelSelector } : {}) });
  await subject({ user: 'alice', ...selector({ rawSelector: 'metadata.name=one' }) });
  await subject({
    user: 'alice',
    ...selector(
      { requirements: [{ key: 'metadata.name', operator: 'In', values: ['one'] }] },
      { requirements: [{ key: 'a', operator: 'Exists' }] },
    ),
  });
  await subject({
    user: 'alice',
    ...selector({ rawSelector: 'a=b', requirements: [{ key: 'a', operator: 'In', values: ['one'] }] }),
  });
  await subject({ user: 'alice', ...selector({}) });
  await subject({ user: 'alice', ...selector({ requirements: [] }, { rawSelector: '' }) });
  await subject({ user: 'alice', ...selector({ requirements: [{ key: '', operator: 'Near', values: [] }] }) });
  await subject({
    user: 'alice',
    ...selector({
      requirements: [
        { key: 'a', operator: 'In', values: [] },
        { key: 'a', operator: 'Exists', values: ['b'] },
      ],
    }),
  });
  await subject({ user: 'alice', ...selector({ rawSelector: '<<' }, { rawSelector: '!!' }) });
  await subject({
    user: 'alice',
    ...on('list', 'configmaps', {
      labelSelector: {
        requirements: [
          { key: '', operator: 'Near' },
          { key: 'a', operator: 'In' },
        ],
      },
    }),
  });
  // What is no question.
  await subject({ ...on('get', 'configmaps') });
  await subject({ user: 'alice' });
  await subject({ user: 'alice', ...on('get', 'pods'), nonResourceAttributes: { path: '/', verb: 'get' } });
  await subject({});
  await post(`${root}/subjectaccessreviews`, {
    apiVersion,
    kind: 'SubjectAccessReview',
    metadata: { name: 'x', labels: { a: 'b' } },
    spec: { user: 'a', ...on('get', 'x') },
  });
  await post(
    `${root}/subjectaccessreviews`,
    { apiVersion, kind: 'SubjectAccessReview', spec: { user: 'alice', ...on('get', 'x') } },
    as('alice'),
  );
  await own(on('get', 'configmaps'));
  await own(on('delete', 'configmaps'));
  await own({});
  await own({ ...on('get', 'pods'), nonResourceAttributes: { path: '/', verb: 'get' } });
  await own({ nonResourceAttributes: { path: '/logs', verb: 'get' } });
  await own(on('get', 'pods'), as('root', 'system:masters'));
  await own(on('get', 'pods'), nobody);
  await local({ user: 'alice', ...on('get', 'configmaps') });
  await local({ user: 'alice', ...on('get', 'configmaps', { namespace: 'other' }) });
  await local({ user: 'alice', resourceAttributes: { verb: 'get', resource: 'configmaps' } });
  await local({ user: 'alice', nonResourceAttributes: { path: '/', verb: 'get' } });
  await local({ ...on('get', 'configmaps') });
  await post(`${root}/namespaces/${namespace}/localsubjectaccessreviews`, {
    apiVersion,
    kind: 'LocalSubjectAccessReview',
    metadata: { namespace: 'other' },
    spec: {},
  });
  await local({ user: 'alice', ...on('get', 'configmaps', { namespace: 'nowhere' }) }, 'nowhere');
}

async function rules(hand: Hand): Promise<void> {
  const { post, get, settled } = asking(hand);
  const { namespace } = hand;
  const path = `${root}/selfsubjectrulesreviews`;
  const review = (spec: Anything) => ({ apiVersion, kind: 'SelfSubjectRulesReview', spec });
  await post(
    rolesIn(namespace),
    role('reader', [rule('get list', 'core', 'configmaps'), rule('get', 'core', 'secrets', 'one')]),
  );
  await post(roleBindingsIn(namespace), binding('readers', 'Role/reader', [user('frank')]));
  await post(roleBindingsIn(namespace), binding('dangling', 'Role/missing', [user('frank'), user('gina')]));
  settled();
  await post(path, review({ namespace }), as('frank', 'none'));
  await post(path, review({ namespace: 'default' }), as('frank', 'system:unauthenticated'));
  await post(path, review({ namespace }), as('gina', 'system:unauthenticated'));
  await post(path, review({}), as('frank'));
  await post(path, review({ namespace }), as('root', 'system:masters', 'system:unauthenticated'));
  await post(path, review({ namespace: 'nowhere' }), as('frank', 'system:unauthenticated'));
  await get(path);
  await post('/apis/authentication.k8s.io/v1/selfsubjectreviews', {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'SelfSubjectReview',
    status: { userInfo: { username: 'x' } },
  });
  await post(
    '/apis/authentication.k8s.io/v1/selfsubjectreviews',
    { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
    nobody,
  );
  await get('/apis/authentication.k8s.io/v1/selfsubjectreviews');
}

export const reviewScripts: readonly Script[] = [
  { name: 'auth-reviews', run: reviews },
  { name: 'auth-rules', run: rules },
];
