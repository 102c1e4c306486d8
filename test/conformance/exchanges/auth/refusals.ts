/** Who is not let in, and the words of every refusal. */
import type { Hand, Script } from '../hand.ts';
import { configMap } from '../samples.ts';
import { as, asking, inCore, nobody, withToken } from './asking.ts';

async function refused(hand: Hand): Promise<void> {
  const { get, post, put, merge, remove } = asking(hand);
  const pods = inCore(hand.namespace, 'pods');
  const alice = as('alice');
  await get(pods, nobody);
  await get(`${pods}/one`, nobody);
  await get('/metrics', nobody);
  await get('/', nobody);
  await get('/nowhere', nobody);
  await get('/apis', nobody);
  await get(pods, withToken('wrong'));
  await get('/version', withToken('wrong'));
  await get('/nowhere', withToken('a.b.c'));
  await get(pods, alice);
  await get('/nowhere', alice);
  await get('/api/v1/pods', alice);
  await get(`${pods}/one`, alice);
  await get(`${pods}/one/log`, alice);
  await get(`${pods}?watch=true`, alice);
  await get(`${pods}?fieldSelector=metadata.name=one`, alice);
  await get(`${pods}?fieldSelector=metadata.name=one&watch=true`, alice);
  await get(`/api/v1/watch/namespaces/${hand.namespace}/pods/one`, alice);
  await get('/api/v1/namespaces', alice);
  await get(`/api/v1/namespaces/${hand.namespace}`, alice);
  await get(`/api/v1/namespaces/${hand.namespace}/status`, alice);
  await get('/api/v1/nodes/one', alice);
  await get('/apis/apps/v1/deployments', alice);
  await get('/apis/example.org/v1/nothings', alice);
  await get('/apis/example.org/v1/namespaces/x/nothings/one', alice);
  await post(inCore(hand.namespace, 'configmaps'), configMap('one', {}), alice);
  await post(`${pods}/one/eviction`, {}, alice);
  await post(`${pods}/one/exec?command=a`, {}, alice);
  await put(inCore(hand.namespace, 'configmaps/one'), configMap('one', {}), alice);
  await merge(inCore(hand.namespace, 'configmaps/one'), { data: {} }, alice);
  await remove(inCore(hand.namespace, 'configmaps/one'), alice);
  await remove(inCore(hand.namespace, 'configmaps'), alice);
  await remove('/nowhere', alice);
  await post('/healthz', {}, alice);
  await get(`${pods}/a%3Cb%3E%26c`, as('<alice & "bob">'));
  await get('/metrics', as('a', 'b'));
  await get('/healthz', as('system:anonymous'));
  await get('/readyz', as('system:anonymous'));
  await get('/livez/ping', as('system:anonymous'));
  await get('/openapi/v3', as('system:anonymous'));
  await get(pods, as('system:serviceaccount:x:y'));
}

async function impersonation(hand: Hand): Promise<void> {
  const { get, post } = asking(hand);
  const whoAmI = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
  const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
  const asked = (headers: Readonly<Record<string, string | readonly string[]>>) => post(whoAmI, review, { headers });
  await asked({});
  await asked({ 'impersonate-user': 'alice' });
  await asked({ 'impersonate-user': 'alice', 'impersonate-group': ['one', 'two'] });
  await asked({ 'impersonate-user': 'alice', 'impersonate-group': 'system:authenticated' });
  await asked({ 'impersonate-user': 'alice', 'impersonate-group': 'system:unauthenticated' });
  await asked({ 'impersonate-user': 'system:anonymous' });
  await asked({ 'impersonate-user': 'system:anonymous', 'impersonate-group': 'one' });
  await asked({ 'impersonate-user': 'alice', 'impersonate-uid': '7', 'impersonate-extra-scopes': ['view', 'edit'] });
  await asked({ 'impersonate-user': 'alice', 'impersonate-extra-acme.com%2Fproject': 'one' });
  await asked({ 'impersonate-user': 'alice', 'impersonate-extra-Bad%ZZ': 'one' });
  await asked({ 'impersonate-user': 'system:serviceaccount:default:robot' });
  await asked({ 'impersonate-user': 'system:serviceaccount:default:robot', 'impersonate-group': 'one' });
  await asked({ 'impersonate-user': 'system:serviceaccount:default' });
  await asked({ 'impersonate-user': 'system:serviceaccount:Default:a_b' });
  await asked({ 'impersonate-group': 'one' });
  await asked({ 'impersonate-uid': '7' });
  await asked({ 'impersonate-extra-scopes': 'view' });
  await asked({ 'impersonate-user': '', 'impersonate-group': 'one' });
  // Whoever is not allowed to.
  const pods = inCore(hand.namespace, 'pods');
  await get(pods, { ...nobody, headers: { 'impersonate-user': 'alice' } });
  await get(pods, { ...nobody, headers: { 'impersonate-user': 'system:serviceaccount:default:robot' } });
}

export const refusalAccessScripts: readonly Script[] = [
  { name: 'auth-refused', run: refused },
  { name: 'auth-impersonation', run: impersonation },
];
