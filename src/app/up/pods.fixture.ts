/** A simulated member on a port of its own, with a Pod to connect to, for the clients that people use. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { ConfigMaps, Pods, ServiceAccounts, Services } from '#apis/kubernetes/types.ts';
import type { ApiClient } from '#client/api-client.ts';
import { binaryPath } from '#harness/real-binaries.ts';
import { until } from '#harness/until.ts';
import { loadStages } from '#member/stages.ts';
import { silentLog } from '#runtime/telemetry/log.ts';
import { memoryStore } from '#server/storage/memory.ts';
import { systemClock } from '#world/clock/system.ts';
import { memoryDisk } from '#world/disk/memory.ts';
import { systemDisk } from '#world/disk/system.ts';
import { systemRandom } from '#world/random/system.ts';
import { adminUser } from './cluster-server.ts';
import { clusterIdentity } from './identity.ts';
import { startSimulatedMember } from './simulated-member.ts';

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface PodGround {
  readonly client: ApiClient;
  readonly config: KubeConfig;
  readonly url: string;
  readonly authority: string;
  readonly admin: { readonly cert: string; readonly key: string };
  readonly folder: string;
  readonly kubectl: (binary: string, words: string, options?: RunOptions) => Promise<Ran>;
  /** Goes on until it is killed. */
  readonly start: (binary: string, words: string, environment?: Readonly<Record<string, string>>) => ChildProcess;
  readonly stop: () => Promise<void>;
}

export interface RunOptions {
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** The kubectl on PATH, and the one that was built for conformance where it is. */
export const kubectls: readonly string[] = [
  'kubectl',
  ...(existsSync(binaryPath('kubectl')) ? [binaryPath('kubectl')] : []),
];

const base64 = (text: string) => Buffer.from(text).toString('base64');

const web = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'default', labels: { app: 'web' } },
  spec: {
    containers: [
      {
        name: 'web',
        image: 'nginx:1.27',
        ports: [
          { name: 'http', containerPort: 80 },
          { name: 'https', containerPort: 8443 },
        ],
        env: [{ name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }],
        volumeMounts: [{ name: 'settings', mountPath: '/settings' }],
      },
      { name: 'teller', image: 'busybox', command: ['sh', '-c', 'echo one; echo two; sleep 3600; echo never'] },
    ],
    volumes: [{ name: 'settings', configMap: { name: 'settings' } }],
  },
} as const;

export async function podGround(): Promise<PodGround> {
  const identity = await clusterIdentity(memoryDisk(), 'member1.json', 'member1', systemClock);
  const store = memoryStore({ clock: systemClock });
  const member = await startSimulatedMember({
    name: 'member1',
    index: 0,
    store,
    world: { clock: systemClock, random: systemRandom },
    identity,
    log: silentLog,
    port: 0,
    stages: await loadStages(systemDisk, 'data/stages', 'instant'),
  });
  const { url } = member.server.listener;
  const client = member.client(adminUser, 'test');
  const data = { 'a.txt': 'from a ConfigMap\n' };
  await client
    .resource(ConfigMaps)
    .create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'default' }, data });
  await client.resource(Services).create({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default' },
    spec: { selector: { app: 'web' }, ports: [{ port: 8080, targetPort: 'http' }] },
  });
  // Pods of a namespace are refused until its controller has made this.
  await until('the ServiceAccount of its Pods is there', async () => {
    const { items } = await client.resource(ServiceAccounts).list({ namespace: 'default' });
    return items.length > 0;
  });
  await client.resource(Pods).create(web);
  await until('the Pod runs', async () => {
    const { status } = await client.resource(Pods).get({ namespace: 'default', name: 'web' });
    return status?.phase === 'Running';
  });
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-pods-'));
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    { name: 'test', server: url, caData: base64(identity.authority.cert), skipTLSVerify: false },
    { name: 'admin', certData: base64(identity.admin.cert), keyData: base64(identity.admin.key) },
  );
  writeFileSync(join(folder, 'config'), config.exportConfig());
  const start: PodGround['start'] = (binary, words, environment = {}) =>
    spawn(binary, words.split(' '), {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder, KUBECONFIG: join(folder, 'config'), ...environment },
    });
  return {
    client,
    config,
    url,
    authority: identity.authority.cert,
    admin: identity.admin,
    folder,
    start,
    kubectl: async (binary, words, { input = '', environment } = {}) => {
      const child = start(binary, words, environment);
      const [out, errors]: [Buffer[], Buffer[]] = [[], []];
      child.stdout!.on('data', (piece: Buffer) => out.push(piece));
      child.stderr!.on('data', (piece: Buffer) => errors.push(piece));
      child.stdin!.end(input);
      const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
      return { code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(errors).toString() };
    },
    stop: async () => {
      await member.stop();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
