/** A real kube-apiserver on a real etcd, with as many of the real controllers as a test asks for, in a temporary folder. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClusterAccess } from '#client/kubeconfig/access.ts';
import { toYaml } from '#kube/yaml/yaml.ts';
import { type CertificateAuthority, createCertificateAuthority } from '#world/certificates/authority.ts';
import { systemClock } from '#world/clock/system.ts';
import { createHttpAgent, httpsRequest } from '#world/network/http-client.ts';
import { type StartedCommand, start } from './command.ts';
import { freePorts } from './free-ports.ts';
import { type BinaryName, binaryPath } from './real-binaries.ts';
import { until } from './until.ts';

export interface RealKubernetes {
  /** As an administrator with a client certificate. */
  readonly access: ClusterAccess;
  /** A kubeconfig file of the same. */
  readonly kubeconfig: string;
  /** Of etcd and kube-apiserver. */
  readonly pids: () => readonly number[];
  /** Ends both as an operator would, and starts them on what they have kept; resolves when they are ready. */
  readonly restart: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface RealKubernetesOptions {
  /** Names of kube-controller-manager's controllers; none: it is not started. */
  readonly controllers?: readonly string[];
  /** With aggregation: whose front proxies it believes, and as which one it calls other API servers. */
  readonly frontProxy?: { readonly ca: string; readonly cert: string; readonly key: string };
  /** etcd waits for the disk, as it does wherever it is used; else not, for tests have nothing to lose. */
  readonly durable?: boolean;
  /** More of kube-apiserver's, without `--`. */
  readonly flags?: Readonly<Record<string, string | number | boolean>>;
}

/** What turns Deployments into Pods, and gives namespaces and accounts what they need. Pods stay Pending: no nodes. */
export const workloadControllers = [
  'deployment-controller',
  'replicaset-controller',
  'garbage-collector-controller',
  'namespace-controller',
  'serviceaccount-controller',
  'serviceaccount-token-controller',
  'root-ca-certificate-publisher-controller',
] as const;

/** Files and processes of one cluster. */
class Premises {
  readonly folder = mkdtempSync(join(tmpdir(), 'flotilla-real-'));
  private readonly processes: { readonly name: string; readonly command: StartedCommand }[] = [];
  /** What was run, in order. */
  private readonly starts: (() => void)[] = [];

  write(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  }

  run(name: BinaryName, flags: Readonly<Record<string, string | number | boolean>>): void {
    const args = Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`);
    const begin = () => {
      this.processes.push({ name, command: start(binaryPath(name), args, { folder: this.folder }) });
    };
    this.starts.push(begin);
    begin();
  }

  pids(): readonly number[] {
    return this.processes.map(({ command }) => command.pid);
  }

  /** The last started ends first, and begins last. */
  async restart(): Promise<void> {
    for (const { command } of this.processes.splice(0).toReversed()) {
      command.signal('SIGTERM');
      await command.ended;
    }
    for (const begin of this.starts) begin();
  }

  /** Waits for `look`, but no longer than the programs live. */
  async until(what: string, look: () => Promise<boolean>): Promise<void> {
    const gone = this.processes.map(async ({ name, command }) => {
      const { code, errors } = await command.ended;
      throw new Error(`${name} ended with exit code ${code}: ${errors.slice(-2_000)}`);
    });
    for (const each of gone) each.catch(() => {});
    await Promise.race([until(what, look, startMs), ...gone]);
  }

  async close(): Promise<void> {
    // The last started first; none has anything worth keeping.
    for (const { command } of this.processes.toReversed()) {
      command.signal('SIGKILL');
      await command.ended;
    }
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** On two busy cores kube-apiserver has taken 20 s to its first answer. */
const startMs = 60_000;

/** etcd's own 2 GiB are full after some 300,000 writes of 1 kB that nobody has compacted yet. */
const etcdBytes = 8 * 1024 ** 3;

export async function startRealKubernetes(options: RealKubernetesOptions = {}): Promise<RealKubernetes> {
  const premises = new Premises();
  try {
    const authority = await createCertificateAuthority('real', systemClock);
    const [etcdPort, peerPort, port] = (await freePorts(3)) as [number, number, number];
    startEtcd(premises, etcdPort, peerPort, options.durable === true);
    await startApiServer(premises, authority, `http://127.0.0.1:${etcdPort}`, port, options);
    const identity = await authority.issueClient({ user: 'admin', groups: ['system:masters'] });
    const access: ClusterAccess = {
      server: `https://127.0.0.1:${port}`,
      certificateAuthority: { pem: authority.cert },
      clientCertificate: { pem: identity.cert },
      clientKey: { pem: identity.key },
    };
    const ready = () =>
      premises.until('kube-apiserver is ready', () => isReady(access.server, authority.cert, identity));
    await ready();
    const kubeconfig = premises.write('kubeconfig', kubeconfigText(access.server, authority.cert, identity));
    const { controllers = [] } = options;
    if (controllers.length > 0) startControllers(premises, kubeconfig, controllers);
    return {
      access,
      kubeconfig,
      pids: () => premises.pids(),
      restart: async () => {
        await premises.restart();
        await ready();
      },
      stop: () => premises.close(),
    };
  } catch (error) {
    await premises.close();
    throw error;
  }
}

function startEtcd(premises: Premises, port: number, peerPort: number, durable: boolean): void {
  const [client, peer] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${peerPort}`];
  premises.run('etcd', {
    'data-dir': join(premises.folder, 'etcd'),
    'listen-client-urls': client,
    'advertise-client-urls': client,
    'listen-peer-urls': peer,
    'initial-advertise-peer-urls': peer,
    'initial-cluster': `default=${peer}`,
    'unsafe-no-fsync': !durable,
    'quota-backend-bytes': etcdBytes,
    'log-level': 'error',
  });
}

async function startApiServer(
  premises: Premises,
  authority: CertificateAuthority,
  etcd: string,
  port: number,
  { frontProxy, flags }: RealKubernetesOptions,
): Promise<void> {
  const hosts = ['127.0.0.1', 'localhost', 'kubernetes', 'kubernetes.default.svc', '10.96.0.1'];
  const serving = await authority.issueServer({ commonName: 'kube-apiserver', hosts });
  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  mkdirSync(join(premises.folder, 'certs'));
  premises.run('kube-apiserver', {
    'etcd-servers': etcd,
    'bind-address': '127.0.0.1',
    'secure-port': port,
    'cert-dir': join(premises.folder, 'certs'),
    'tls-cert-file': premises.write('serving.crt', serving.cert),
    'tls-private-key-file': premises.write('serving.key', serving.key),
    'client-ca-file': premises.write('ca.crt', authority.cert),
    'service-account-issuer': 'https://kubernetes.default.svc.cluster.local',
    'service-account-key-file': premises.write('accounts.pub', publicKey),
    'service-account-signing-key-file': premises.write('accounts.key', privateKey),
    'service-cluster-ip-range': '10.96.0.0/16',
    'authorization-mode': 'Node,RBAC',
    'enable-admission-plugins': 'NodeRestriction',
    'enable-bootstrap-token-auth': true,
    // As every cluster that is in use.
    'allow-privileged': true,
    'endpoint-reconciler-type': 'none',
    ...(frontProxy ? frontProxyFlags(premises, frontProxy) : {}),
    v: 0,
    ...flags,
  });
}

const frontProxyFlags = (premises: Premises, { ca, cert, key }: NonNullable<RealKubernetesOptions['frontProxy']>) => ({
  'requestheader-client-ca-file': premises.write('front-proxy-ca.crt', ca),
  'requestheader-allowed-names': 'front-proxy-client',
  'requestheader-username-headers': 'X-Remote-User',
  'requestheader-uid-headers': 'X-Remote-Uid',
  'requestheader-group-headers': 'X-Remote-Group',
  'requestheader-extra-headers-prefix': 'X-Remote-Extra-',
  'proxy-client-cert-file': premises.write('front-proxy.crt', cert),
  'proxy-client-key-file': premises.write('front-proxy.key', key),
});

function startControllers(premises: Premises, kubeconfig: string, controllers: readonly string[]): void {
  premises.run('kube-controller-manager', {
    kubeconfig,
    'leader-elect': false,
    'secure-port': 0,
    controllers: controllers.join(','),
    'service-account-private-key-file': join(premises.folder, 'accounts.key'),
    'root-ca-file': join(premises.folder, 'ca.crt'),
    'kube-api-qps': 200,
    'kube-api-burst': 400,
    v: 0,
  });
}

interface Identity {
  readonly cert: string;
  readonly key: string;
}

async function isReady(server: string, ca: string, { cert, key }: Identity): Promise<boolean> {
  const agent = createHttpAgent({ ca, cert, key });
  try {
    const answer = await httpsRequest({ agent, url: `${server}/readyz`, timeoutMs: 2_000 });
    await answer.text();
    return answer.status === 200;
  } finally {
    await agent.close();
  }
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

export function kubeconfigText(server: string, ca: string, { cert, key }: Identity): string {
  return toYaml({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'real', cluster: { server, 'certificate-authority-data': base64(ca) } }],
    users: [{ name: 'admin', user: { 'client-certificate-data': base64(cert), 'client-key-data': base64(key) } }],
    contexts: [{ name: 'real', context: { cluster: 'real', user: 'admin' } }],
    'current-context': 'real',
  });
}
