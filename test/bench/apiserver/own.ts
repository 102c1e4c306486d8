/** Our API server as a contestant: bundled as users run it, in a process of its own. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClusterAccess } from '#client/kubeconfig/access.ts';
import { attachInspector, type Inspector } from '../inspector.ts';
import type { BenchOptions } from '../options.ts';
import type { Contestant } from './contestant.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const folder = join(root, 'dist', 'bench');

interface Said {
  readonly url: string;
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

interface Running {
  readonly child: ChildProcess;
  readonly said: Said;
  readonly inspector: Inspector | undefined;
}

const inspectorLine = /Debugger listening on (ws:\S+)/;

/** Resolves with what it says when it serves. */
function spawnServer(
  flags: readonly string[],
  data: string,
  port: string,
): Promise<Omit<Running, 'inspector'> & { url?: string }> {
  const args = [...flags, join(folder, 'own-server.js'), data, port];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, errors] = ['', ''];
  child.stderr!.on('data', (chunk: Buffer) => {
    errors += chunk.toString('utf8');
  });
  return new Promise((resolve, reject) => {
    child.stdout!.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
      if (!output.endsWith('\n')) return;
      const url = inspectorLine.exec(errors)?.[1];
      resolve({ child, said: JSON.parse(output) as Said, ...(url ? { url } : {}) });
    });
    child.once('exit', (code) => reject(new Error(`our API server ended with ${code}: ${errors}`)));
  });
}

async function end({ child, inspector }: Running): Promise<void> {
  inspector?.close();
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

export async function startOwn({ folder: parent = tmpdir(), nodeFlags, profile }: BenchOptions): Promise<Contestant> {
  execFileSync(process.execPath, ['tools/build.mjs', 'test/bench/apiserver/own-server.ts', folder], { cwd: root });
  const home = await mkdtemp(join(parent, 'flotilla-bench-'));
  const flags = profile === undefined ? nodeFlags : [...nodeFlags, '--inspect=127.0.0.1:0'];
  const begin = async (port: string): Promise<Running> => {
    const { url, ...running } = await spawnServer(flags, join(home, 'data'), port);
    return { ...running, inspector: url === undefined ? undefined : await attachInspector(url) };
  };
  let running = await begin('0');
  const { said } = running;
  const access: ClusterAccess = {
    server: said.url,
    certificateAuthority: { pem: said.ca },
    clientCertificate: { pem: said.cert },
    clientKey: { pem: said.key },
  };
  return {
    prefix: '',
    access,
    pids: () => [running.child.pid!],
    inspector: () => running.inspector,
    restart: async () => {
      await end(running);
      running = await begin(new URL(said.url).port);
    },
    stop: async () => {
      await end(running);
      await rm(home, { recursive: true, force: true });
    },
  };
}
