/** Subresources that connect, as far as they can be asked without a kubelet: what is refused, and in which words. */
import type { Hand, Script } from './hand.ts';
import { service } from './samples.ts';

const container = (name: string) => ({ name, image: 'nginx:1.27', ports: [{ containerPort: 80 }] });

const pod = (name: string, ...containers: readonly string[]) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { automountServiceAccountToken: false, containers: containers.map(container) },
});

const ask =
  ({ namespace, ask: send }: Hand, resource = 'pods') =>
  (path: string, method = 'GET', more: object = {}) =>
    send({ method, path: `/api/v1/namespaces/${namespace}/${resource}/${path}`, ...more });

/** Nobody has made the account that every namespace has. */
const makeAccount = (hand: Hand) =>
  hand.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } });

/** A Pod that has no node, one with two containers, and one on a node that is not there. */
async function makePods(hand: Hand): Promise<void> {
  await makeAccount(hand);
  await hand.create(pod('one', 'web'));
  await hand.create(pod('two', 'web', 'side'));
  await hand.create(pod('lost', 'web'));
  await ask(hand)('lost/binding', 'POST', {
    type: 'application/json',
    body: { apiVersion: 'v1', kind: 'Binding', metadata: { name: 'lost' }, target: { kind: 'Node', name: 'nowhere' } },
  });
}

async function logs(hand: Hand): Promise<void> {
  const get = ask(hand);
  await makePods(hand);
  await get('none/log');
  await get('one/log');
  await get('one/log?follow=true&timestamps=true');
  await get('one/log?container=web');
  await get('one/log?container=other');
  await get('two/log');
  await get('two/log?container=side');
  await get('lost/log');
  await get('one/log?tailLines=-1');
  await get('one/log?limitBytes=0');
  await get('one/log?sinceSeconds=0');
  await get('one/log?sinceSeconds=-5&tailLines=-2&limitBytes=-1');
  await get('one/log?sinceSeconds=5&sinceTime=2026-01-01T00:00:00Z');
  await get('one/log?sinceTime=yesterday');
  await get('one/log?sinceTime=2026-01-01');
  await get('one/log?sinceTime=2026-13-01T00:00:00Z');
  await get('one/log?sinceTime=');
  await get('one/log?sinceTime=2026-01-01T00:00:00.5%2B02:00');
  await get('one/log?tailLines=many');
  await get('one/log?tailLines=');
  await get('one/log?tailLines=99999999999999999999');
  await get('one/log?tailLines=1.5');
  await get('one/log?stream=Stdout');
  await get('one/log?stream=Stdout&tailLines=1');
  await get('none/log?tailLines=-1');
  await get('one/log?previous=true&insecureSkipTLSVerifyBackend=true');
  await get('one/log', 'POST', { type: 'application/json', body: {} });
  await get('one/log', 'DELETE');
  await get('one/log/more');
  await get('one/log', 'GET', { accept: 'text/plain' });
  await get('one/log', 'GET', { accept: '*/*' });
}

async function commands(hand: Hand): Promise<void> {
  const get = ask(hand);
  await makePods(hand);
  for (const what of ['exec', 'attach']) {
    await get(`none/${what}?command=ls&stdout=true`);
    await get(`one/${what}?command=ls&stdout=true`);
    await get(`one/${what}?command=ls&stdout=true`, 'POST');
    await get(`one/${what}`);
    await get(`one/${what}?container=other`);
    await get(`two/${what}?command=ls&stdout=true`);
    await get(`two/${what}?container=side`);
    await get(`lost/${what}?stdout=true`);
    await get(`one/${what}?stdin=maybe&tty=0&stdout=false`);
    await get(`one/${what}?dryRun=All`);
    await get(`one/${what}`, 'PUT', { type: 'application/json', body: {} });
    await get(`one/${what}`, 'DELETE');
  }
  await get('none/portforward');
  await get('one/portforward');
  await get('one/portforward?ports=80', 'POST');
  await get('one/portforward?ports=80,81&ports=x');
  await get('lost/portforward?ports=80');
  await get('one/portforward?dryRun=All');
  await get('one/nothing');
}

async function proxies(hand: Hand): Promise<void> {
  await makePods(hand);
  const [pods, services] = [ask(hand), ask(hand, 'services')];
  await pods('none/proxy');
  await pods('none/proxy/');
  await pods('one/proxy');
  await pods('one/proxy/a/b?c=d');
  await pods('one:80/proxy/');
  await pods('https:one:443/proxy/');
  await pods('ftp:one:80/proxy/');
  await pods('a:b:c:d/proxy/');
  await pods(':80/proxy/');
  await pods('one/proxy/', 'POST', { type: 'text/plain', raw: 'x' });
  await pods('one/proxy?dryRun=All');
  await services('none/proxy/');
  await services('none:80/proxy/');
  await services('none:web/proxy/');
  await hand.create(service('web', { ports: [{ name: 'http', port: 80 }] }));
  await services('web/proxy/');
  await services('web:81/proxy/');
  await services('web:80/proxy/');
  await services('a:b:c:d/proxy/');
  await hand.ask({
    method: 'POST',
    path: `/api/v1/namespaces/${hand.namespace}/endpoints`,
    type: 'application/json',
    body: {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: { name: 'web' },
      subsets: [{ addresses: [{ ip: '10.1.2.3' }], ports: [{ name: 'http', port: 8080 }] }],
    },
  });
  // Nobody is led to an address that no Pod has.
  await services('web/proxy/');
  await services('web:80/proxy/');
  await services('web:http/proxy/');
  await services('web:other/proxy/');
  await hand.ask({ method: 'GET', path: '/api/v1/nodes/nowhere/proxy/healthz' });
  await hand.ask({ method: 'GET', path: '/api/v1/nodes/a:b:c:d/proxy/' });
}

/** Who may only get may not upgrade by GET. */
async function rights(hand: Hand): Promise<void> {
  const { namespace } = hand;
  await makeAccount(hand);
  await hand.create(pod('one', 'web'));
  const group = 'rbac.authorization.k8s.io';
  const grant = async (name: string, verbs: readonly string[], resources: readonly string[]) => {
    const metadata = { name };
    await hand.create({
      apiVersion: `${group}/v1`,
      kind: 'Role',
      metadata,
      rules: [{ apiGroups: [''], verbs, resources }],
    });
    await hand.create({
      apiVersion: `${group}/v1`,
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: group, kind: 'Role', name },
      subjects: [{ apiGroup: group, kind: 'User', name: `${namespace}-${name}` }],
    });
  };
  await grant('reader', ['get'], ['pods/exec', 'pods/attach', 'pods/portforward', 'pods/log', 'pods/proxy']);
  await grant('writer', ['create'], ['pods/exec']);
  const as = (name: string) => ({ headers: { 'impersonate-user': `${namespace}-${name}` } });
  const get = ask(hand);
  await get('one/log', 'GET', { ...as('reader'), settled: true });
  for (const what of ['exec', 'attach', 'portforward', 'proxy']) await get(`one/${what}`, 'GET', as('reader'));
  await get('one/exec', 'POST', as('reader'));
  await get('one/exec', 'POST', as('writer'));
  await get('one/exec', 'GET', as('writer'));
  await get('one/log', 'GET', as('writer'));
}

export const connectionScripts: readonly Script[] = [
  { name: 'connect-logs', run: logs },
  { name: 'connect-commands', run: commands },
  { name: 'connect-proxies', run: proxies },
  { name: 'connect-rights', run: rights },
];
