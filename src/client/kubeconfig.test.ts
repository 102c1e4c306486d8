import { describe, expect, it } from 'vitest';
import {
  KubeconfigError,
  kubeconfigPaths,
  mergeIntoKubeconfig,
  mergeKubeconfigs,
  parseKubeconfig,
  removeFromKubeconfig,
  resolveContext,
} from './kubeconfig.ts';

const base64 = (text: string) => new TextEncoder().encode(text).toBase64();

const one = `
apiVersion: v1
kind: Config
current-context: a
contexts:
- name: a
  context: {cluster: c, user: u, namespace: prod}
- name: bare
  context: {cluster: c}
clusters:
- name: c
  cluster: {server: "https://one:6443/", certificate-authority-data: ${base64('CA')}, tls-server-name: api}
users:
- name: u
  user: {client-certificate: certs/u.crt, client-key: /abs/u.key}
`;

const two = `
current-context: b
contexts:
- name: a
  context: {cluster: other, user: u}
- name: b
  context: {cluster: c, user: token}
clusters:
- name: c
  cluster: {server: "https://two"}
users:
- name: token
  user: {tokenFile: token.txt, token: fallback, as: jane, as-groups: [dev]}
`;

const cluster = (fields: string) => `contexts: [{name: x, context: {cluster: c, user: u}}]
current-context: x
clusters: [{name: c, cluster: {${fields}}}]
users: [{name: u, user: {}}]`;

const user = (fields: string) => `contexts: [{name: x, context: {cluster: c, user: u}}]
current-context: x
clusters: [{name: c, cluster: {server: "https://x"}}]
users: [{name: u, user: {${fields}}}]`;

describe('reading kubeconfigs', () => {
  it("resolves a context: server, certificates, paths from the file's folder", () => {
    const { name, namespace, access } = resolveContext(parseKubeconfig(one, '/home/me/.kube/config'));
    expect([name, namespace]).toEqual(['a', 'prod']);
    expect(access).toEqual({
      server: 'https://one:6443',
      certificateAuthority: { pem: 'CA' },
      tlsServerName: 'api',
      clientCertificate: { file: '/home/me/.kube/certs/u.crt' },
      clientKey: { file: '/abs/u.key' },
    });
    expect(resolveContext(parseKubeconfig(one, '/k'), 'bare')).toMatchObject({ namespace: 'default' });
  });

  it('merges as client-go: the first file that names something decides', () => {
    const paths = kubeconfigPaths('/one:/two::/one');
    expect(paths).toEqual(['/one', '/two']);
    const merged = mergeKubeconfigs([parseKubeconfig(one, '/1/one'), parseKubeconfig(two, '/2/two')]);
    expect(merged.currentContext).toBe('a');
    expect(resolveContext(merged, 'a').access.server).toBe('https://one:6443');
    expect(resolveContext(merged, 'b').access).toMatchObject({
      server: 'https://one:6443',
      tokenFile: '/2/token.txt',
      token: 'fallback',
      impersonate: { user: 'jane', groups: ['dev'] },
    });
  });

  it('reads exec credentials', () => {
    const exec =
      'exec: {apiVersion: client.authentication.k8s.io/v1, command: bin/login, args: [a], env: [{name: A, value: b}], installHint: get it}';
    expect(resolveContext(parseKubeconfig(user(exec), '/k/config')).access.exec).toEqual({
      apiVersion: 'client.authentication.k8s.io/v1',
      command: '/k/bin/login',
      args: ['a'],
      env: [{ name: 'A', value: 'b' }],
      installHint: 'get it',
      provideClusterInfo: false,
    });
  });

  it.each([
    ['not: [yaml', 'error loading kubeconfig /k: it is not YAML'],
    ['just text', '/k: it is not a mapping'],
    ['kind: Deployment', '/k: its kind is "Deployment", not Config'],
    ['contexts: {a: b}', 'contexts must be a list'],
    ['users: [{user: {}}]', 'users[0] has no name'],
    ['', 'no context is chosen'],
    ['current-context: gone', 'context "gone" does not exist; there are: none'],
    [
      `${cluster('server: "https://x"').replace('name: c', 'name: d')}`,
      'context "x" names cluster "c", which does not exist',
    ],
    [cluster(''), 'cluster "c" has no server'],
    [cluster('server: "localhost:6443"'), 'is not an http(s) URL: localhost:6443'],
    [cluster('server: "https://x", proxy-url: "socks5://p"'), 'proxy-url, which is not supported'],
    [cluster('server: "https://x", certificate-authority-data: "%%%"'), 'certificate-authority-data is not base64'],
    [cluster('server: "https://x", insecure-skip-tls-verify: "yes"'), 'insecure-skip-tls-verify must be true or false'],
    [
      cluster(`server: "https://x", insecure-skip-tls-verify: true, certificate-authority-data: ${base64('CA')}`),
      'remove one',
    ],
    [user('client-certificate: x.crt'), 'only one of client-certificate and client-key'],
    [user('auth-provider: {name: gcp}'), 'use exec instead'],
    [user('exec: {apiVersion: v1}'), 'exec of user "u" has no command'],
    [user('token: 5'), 'token must be a text'],
  ])('says what is wrong: %#', (text, message) => {
    expect(() => resolveContext(parseKubeconfig(text, '/k'))).toThrow(KubeconfigError);
    expect(() => resolveContext(parseKubeconfig(text, '/k'))).toThrow(message);
  });
});

describe('writing kubeconfigs', () => {
  const owner = { owner: '/data', path: '/k' };
  const context = (name: string, server = 'https://127.0.0.1:1') => ({
    name,
    server,
    certificateAuthority: 'CA',
    clientCertificate: 'CERT',
    clientKey: 'KEY',
  });

  it('makes a file that reads back', () => {
    const text = mergeIntoKubeconfig(undefined, [context('member1'), context('member2')], owner);
    const config = parseKubeconfig(text, '/k');
    expect(config.currentContext).toBe('member1');
    expect(resolveContext(config, 'member2').access).toEqual({
      server: 'https://127.0.0.1:1',
      certificateAuthority: { pem: 'CA' },
      clientCertificate: { pem: 'CERT' },
      clientKey: { pem: 'KEY' },
    });
  });

  it('replaces what is ours and leaves everything else, unknown fields too', () => {
    const foreign = `${one}\nextensions: [{name: x}]\n`;
    const first = mergeIntoKubeconfig(foreign, [context('karmada-host')], owner);
    const second = mergeIntoKubeconfig(first, [context('karmada-host', 'https://127.0.0.1:2')], owner);
    const config = parseKubeconfig(second, '/k');
    expect(config.currentContext).toBe('a');
    expect(resolveContext(config, 'karmada-host').access.server).toBe('https://127.0.0.1:2');
    expect([...config.contexts.keys()]).toEqual(['a', 'bare', 'karmada-host']);
    expect(second).toContain('extensions:');
    expect(resolveContext(config, 'a')).toEqual(resolveContext(parseKubeconfig(one, '/k'), 'a'));
    expect(mergeIntoKubeconfig(second, [context('karmada-host', 'https://127.0.0.1:2')], owner)).toBe(second);
  });

  it("never takes a name that is somebody else's", () => {
    expect(() => mergeIntoKubeconfig(one, [context('a')], owner)).toThrow(
      '/k: it already has "a" under contexts, which is not ours',
    );
    expect(() => mergeIntoKubeconfig(one, [context('u')], owner)).toThrow('"u" under users');
    const other = mergeIntoKubeconfig(undefined, [context('member1')], { owner: '/other', path: '/k' });
    expect(() => mergeIntoKubeconfig(other, [context('member1')], owner)).toThrow('which is not ours');
    expect(() => mergeIntoKubeconfig('not: [yaml', [context('a')], owner)).toThrow('it is not YAML');
    expect(() => mergeIntoKubeconfig('users: 5', [context('a')], owner)).toThrow('users is not a list');
  });

  it('removes only what is ours, and says when nothing is left', () => {
    const mixed = mergeIntoKubeconfig(one, [context('member1')], owner);
    const left = removeFromKubeconfig(mixed, owner)!;
    expect([...parseKubeconfig(left, '/k').contexts.keys()]).toEqual(['a', 'bare']);
    expect(parseKubeconfig(left, '/k').currentContext).toBe('a');
    const ours = mergeIntoKubeconfig(undefined, [context('member1')], owner);
    expect(removeFromKubeconfig(ours, owner)).toBeUndefined();
    expect(removeFromKubeconfig(ours, { ...owner, owner: '/other' })).toContain('member1');
  });
});
