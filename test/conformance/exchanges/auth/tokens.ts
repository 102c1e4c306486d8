/** Tokens of ServiceAccounts and bootstrap tokens: asked for, said what they are, used. */
import type { Anything } from '#harness/kubectl.ts';
import type { Hand, Script } from '../hand.ts';
import { object } from '../samples.ts';
import { asking, inCore, withToken } from './asking.ts';

const apiVersion = 'authentication.k8s.io/v1';
const reviewPath = `/apis/${apiVersion}/tokenreviews`;
const selfPath = `/apis/${apiVersion}/selfsubjectreviews`;
const selfReview = { apiVersion, kind: 'SelfSubjectReview' };

const podOf = (name: string, serviceAccountName: string, nodeName?: string): Anything => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: {
    serviceAccountName,
    automountServiceAccountToken: false,
    ...(nodeName ? { nodeName } : {}),
    containers: [{ name: 'main', image: 'nginx:1.27' }],
  },
});

async function tokens(hand: Hand): Promise<void> {
  const { get, post, remove, settled } = asking(hand);
  const { namespace } = hand;
  const accounts = inCore(namespace, 'serviceaccounts');
  const robot = await post(accounts, object('v1', 'ServiceAccount', 'robot'));
  await post(accounts, object('v1', 'ServiceAccount', 'other'));
  const node = await post(
    '/api/v1/nodes',
    object('v1', 'Node', `${namespace}-node`, {
      spec: { taints: [{ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }] },
    }),
  );
  const secret = await post(inCore(namespace, 'secrets'), object('v1', 'Secret', 'bound'));
  settled();
  const pod = await post(inCore(namespace, 'pods'), podOf('bound', 'robot'));
  const placed = await post(inCore(namespace, 'pods'), podOf('placed', 'robot', `${namespace}-node`));
  const stray = await post(inCore(namespace, 'pods'), podOf('stray', 'robot', 'no-such-node'));
  const foreign = await post(inCore(namespace, 'pods'), podOf('foreign', 'other'));
  const ask = (spec: Anything, metadata: Anything = {}, query = '') =>
    post(`${accounts}/robot/token${query}`, { apiVersion, kind: 'TokenRequest', metadata, spec });
  const review = (token: string, audiences?: readonly string[]) =>
    post(reviewPath, { apiVersion, kind: 'TokenReview', spec: { token, ...(audiences ? { audiences } : {}) } });
  const plain = (await ask({})).status.token as string;
  const vault = (await ask({ audiences: ['vault', 'other'], expirationSeconds: 600 })).status.token as string;
  await ask({ expirationSeconds: 3607 });
  const ref = ({ kind, metadata }: Anything, uid?: string) => ({
    boundObjectRef: { apiVersion: 'v1', kind, name: metadata.name, ...(uid === undefined ? {} : { uid }) },
  });
  const withPod = (await ask(ref(pod, pod.metadata.uid))).status.token as string;
  const extended = (await ask({ ...ref(placed), expirationSeconds: 3607 })).status.token as string;
  const strayed = (await ask(ref(stray))).status.token as string;
  const withSecret = (await ask(ref(secret))).status.token as string;
  const withNode = (await ask(ref(node, node.metadata.uid))).status.token as string;
  const named = await ask(ref(pod), { name: 'robot', namespace, uid: robot.metadata.uid });
  // A real server remembers for seconds whom it has let in: what is to be refused later is not shown before.
  const unseen = {
    withPod: named.status.token as string,
    withSecret: (await ask(ref(secret))).status.token as string,
    withNode: (await ask(ref(node))).status.token as string,
    placed: (await ask(ref(placed))).status.token as string,
    plain: (await ask({})).status.token as string,
    plainAgain: (await ask({})).status.token as string,
  };
  // Refused.
  await ask({ expirationSeconds: 599 });
  await ask({ expirationSeconds: 0 });
  await ask({ expirationSeconds: 4294967297 });
  await ask(ref(foreign));
  await ask(ref(pod, '11111111-1111-4111-8111-111111111111'));
  await ask(ref({ kind: 'Pod', metadata: { name: 'gone' } }));
  await ask(ref({ kind: 'Secret', metadata: { name: 'gone' } }));
  await ask(ref({ kind: 'Node', metadata: { name: 'gone' } }));
  await ask(ref({ kind: 'ConfigMap', metadata: { name: 'gone' } }));
  await ask({ boundObjectRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'x' } });
  await ask({ boundObjectRef: {} });
  await ask({}, { name: 'other' });
  await ask({}, { namespace: 'other' });
  await ask({}, { uid: '11111111-1111-4111-8111-111111111111' });
  await ask({}, {}, '?dryRun=All');
  await post(`${accounts}/gone/token`, { apiVersion, kind: 'TokenRequest', spec: {} });
  await get(`${accounts}/robot/token`);
  await remove(`${accounts}/robot/token`);
  await post(`${accounts}/robot/token`, { apiVersion, kind: 'TokenReview', spec: {} });
  // Who they are.
  for (const token of [plain, withPod, extended, strayed, withSecret, withNode]) {
    await review(token);
    await post(selfPath, selfReview, withToken(token));
  }
  await review(vault);
  await review(vault, ['vault']);
  await review(vault, ['vault', 'nobody', 'other']);
  await review(vault, ['nobody']);
  await review(plain, ['https://kubernetes.default.svc.cluster.local', 'vault']);
  await review('nonsense');
  await review('a.b.c');
  await review('');
  await post(reviewPath, { apiVersion, kind: 'TokenReview', spec: {}, metadata: { labels: { a: 'b' } } });
  await post(selfPath, selfReview, withToken(vault));
  await get(inCore(namespace, 'pods'), withToken(plain));
  // What they are bound to goes.
  await remove(`${inCore(namespace, 'pods')}/bound?gracePeriodSeconds=0`);
  await remove(`${inCore(namespace, 'secrets')}/bound`);
  await remove(`/api/v1/nodes/${namespace}-node`);
  settled();
  await post(selfPath, selfReview, withToken(unseen.withPod));
  await review(unseen.withPod);
  await review(unseen.withSecret);
  await review(unseen.withNode);
  await review(unseen.placed);
  await remove(`${accounts}/robot`);
  settled();
  await review(unseen.plain);
  await post(accounts, object('v1', 'ServiceAccount', 'robot'));
  settled();
  await review(unseen.plainAgain);
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

async function bootstrapTokens(hand: Hand): Promise<void> {
  const { get, post, remove, merge, settled } = asking(hand);
  const secrets = inCore('kube-system', 'secrets');
  let count = 0;
  const make = async (id: string, data: Readonly<Record<string, string>>, more: Anything = {}) => {
    count++;
    const encoded = Object.fromEntries(Object.entries(data).map(([key, value]) => [key, base64(value)]));
    await post(secrets, {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'bootstrap.kubernetes.io/token',
      metadata: { name: `bootstrap-token-${id}` },
      data: encoded,
      ...more,
    });
    settled();
  };
  const whoIs = (token: string) => post(selfPath, selfReview, withToken(token));
  const review = (token: string) => post(reviewPath, { apiVersion, kind: 'TokenReview', spec: { token } });
  const secret = '0123456789abcdef';
  const usable = { 'usage-bootstrap-authentication': 'true' };
  await make('aaaaaa', { 'token-id': 'aaaaaa', 'token-secret': secret, ...usable });
  await whoIs(`aaaaaa.${secret}`);
  await review(`aaaaaa.${secret}`);
  await get('/api/v1/nodes', withToken(`aaaaaa.${secret}`));
  await whoIs('aaaaaa.0123456789abcdee');
  await whoIs('zzzzzz.0123456789abcdef');
  await whoIs('aaaaaa.short');
  await whoIs('AAAAAA.0123456789abcdef');
  await make('bbbbbb', {
    'token-id': 'bbbbbb',
    'token-secret': secret,
    ...usable,
    'auth-extra-groups': 'system:bootstrappers:worker,system:bootstrappers:ingress,system:bootstrappers:worker',
  });
  await whoIs(`bbbbbb.${secret}`);
  await make('cccccc', { 'token-id': 'cccccc', 'token-secret': secret });
  await whoIs(`cccccc.${secret}`);
  await make('dddddd', { 'token-id': 'dddddd', 'token-secret': secret, ...usable, expiration: '2001-01-01T00:00:00Z' });
  await whoIs(`dddddd.${secret}`);
  await make('eeeeee', { 'token-id': 'eeeeee', 'token-secret': secret, ...usable, expiration: 'soon' });
  await whoIs(`eeeeee.${secret}`);
  await make('ffffff', { 'token-id': 'ffffff', 'token-secret': secret, ...usable, expiration: '2999-01-01T00:00:00Z' });
  await whoIs(`ffffff.${secret}`);
  await make('gggggg', { 'token-id': 'other1', 'token-secret': secret, ...usable });
  await whoIs(`gggggg.${secret}`);
  await make('hhhhhh', { 'token-id': 'hhhhhh', 'token-secret': secret, ...usable, 'auth-extra-groups': 'admins' });
  await whoIs(`hhhhhh.${secret}`);
  await make('iiiiii', { 'token-id': 'iiiiii', 'token-secret': secret, ...usable }, { type: 'Opaque' });
  await whoIs(`iiiiii.${secret}`);
  await make('jjjjjj', { 'token-id': 'jjjjjj', 'token-secret': secret, 'usage-bootstrap-authentication': 'yes' });
  await whoIs(`jjjjjj.${secret}`);
  await merge(`${secrets}/bootstrap-token-aaaaaa`, { data: { 'token-secret': base64('fedcba9876543210') } });
  settled();
  await whoIs('aaaaaa.fedcba9876543210');
  for (const letter of 'abcdefghij'.slice(0, count)) await remove(`${secrets}/bootstrap-token-${letter.repeat(6)}`);
}

async function issuer(hand: Hand): Promise<void> {
  const { get, post } = asking(hand);
  const account = { headers: { 'impersonate-user': `system:serviceaccount:${hand.namespace}:x` } };
  await get('/.well-known/openid-configuration', { token: '' });
  await get('/openid/v1/jwks', { token: '' });
  await post('/.well-known/openid-configuration', {}, account);
  await get('/.well-known/other', account);
  await get('/.well-known/other');
  await get('/openid/v1', account);
}

export const tokenScripts: readonly Script[] = [
  { name: 'auth-tokens', run: tokens },
  { name: 'auth-bootstrap-tokens', run: bootstrapTokens },
  { name: 'auth-issuer', run: issuer },
];
