/** The product as a user runs it: its own process, a data directory on a real disk, kubeconfigs of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRunRecord } from '#app/up/run-record.ts';
import type { ApiClient } from '#client/api-client.ts';
import { httpClient } from '#client/http.ts';
import { parseKubeconfig, resolveContext } from '#client/kubeconfig.ts';
import { systemClock } from '#world/clock/system.ts';
import { systemDisk } from '#world/disk/system.ts';
import { attachInspector, type Inspector } from './inspector.ts';
import { sleep } from './load.ts';
import type { BenchOptions } from './options.ts';

export interface Product {
  readonly pid: number;
  /** Milliseconds from spawning the process to its word that all clusters are Ready. */
  readonly readyMs: number;
  /** One client for each context: `karmada-apiserver`, `member1`, … */
  readonly client: (context: string) => ApiClient;
  /** Only where it was asked for: an inspector costs a little. */
  readonly inspector: Inspector | undefined;
  readonly stop: () => Promise<void>;
}

export interface Home {
  readonly dataDirectory: string;
  readonly kubeconfigs: string;
  readonly remove: () => Promise<void>;
}

export const controlPlane = 'karmada-apiserver';
export const memberName = (index: number) => `member${index + 1}`;

const startTimeoutMs = 120_000;
const stopTimeoutMs = 30_000;
const lookMs = 5;
const inspectorLine = /Debugger listening on (ws:\S+)/;

/** A folder for one product's data, gone afterwards. */
export async function makeHome({ folder = tmpdir() }: BenchOptions): Promise<Home> {
  const path = await mkdtemp(join(folder, 'flotilla-bench-'));
  return {
    dataDirectory: join(path, 'data'),
    kubeconfigs: join(path, 'kube'),
    remove: () => rm(path, { recursive: true, force: true }),
  };
}

interface Server {
  readonly child: ChildProcess;
  /** All it has printed. */
  readonly said: () => string;
  /** Why it is no more. */
  readonly failure: () => string | undefined;
  readonly ended: Promise<void>;
}

function spawnServer(args: readonly string[], verbose: boolean): Server {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      if (verbose) process.stderr.write(chunk);
    });
  }
  let failure: string | undefined;
  child.once('error', (error) => {
    failure = error.message;
  });
  const ended = new Promise<void>((resolve) =>
    child.once('exit', (code, signal) => {
      failure ??= `it ended with ${signal ?? code}`;
      resolve();
    }),
  );
  return { child, said: () => said, failure: () => failure, ended };
}

/** Starts the product on a home and resolves when it says that it is ready. `more`: flags of `up`. */
export async function startProduct(
  program: string,
  home: Home,
  { members, nodeFlags, verbose }: BenchOptions,
  inspect = false,
  more: readonly string[] = [],
): Promise<Product> {
  const started = performance.now();
  const flags = inspect ? [...nodeFlags, '--inspect=127.0.0.1:0'] : nodeFlags;
  const folders = ['--data-dir', home.dataDirectory, '--kubeconfig-dir', home.kubeconfigs];
  const server = spawnServer([...flags, program, 'up', '--members', String(members), ...folders, ...more], verbose);
  const { child, said, ended } = server;
  const readyMs = await untilReady(home, started, server.failure).catch((error) => {
    child.kill('SIGKILL');
    throw new Error(`${(error as Error).message}\n${said()}`);
  });
  const url = inspectorLine.exec(said())?.[1];
  const inspector = inspect && url ? await attachInspector(url) : undefined;
  const clients = await clientsOf(home);
  return {
    pid: child.pid!,
    readyMs,
    inspector,
    client: (context) => {
      const client = clients.get(context);
      if (!client) throw new Error(`no context ${context}; there are ${[...clients.keys()].join(', ')}`);
      return client;
    },
    stop: async () => {
      for (const client of clients.values()) client.close();
      inspector?.close();
      const cut = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
      child.kill('SIGTERM');
      await ended;
      clearTimeout(cut);
    },
  };
}

/** Milliseconds since `started` when the product's own record says that it is ready. */
async function untilReady({ dataDirectory }: Home, started: number, failure: () => string | undefined) {
  for (;;) {
    const record = await readRunRecord(systemDisk, dataDirectory);
    const took = performance.now() - started;
    if (record?.ready) return took;
    if (failure()) throw new Error(`the server did not start: ${failure()}`);
    if (took > startTimeoutMs) throw new Error(`the server was not ready after ${startTimeoutMs} ms`);
    await sleep(lookMs);
  }
}

/** A client for each context of the kubeconfigs. */
async function clientsOf({ kubeconfigs }: Home): Promise<ReadonlyMap<string, ApiClient>> {
  const clients = new Map<string, ApiClient>();
  for (const file of ['karmada.config', 'members.config']) {
    const path = join(kubeconfigs, file);
    if (!existsSync(path)) continue;
    const kubeconfig = parseKubeconfig(await readFile(path, 'utf8'), path);
    for (const name of kubeconfig.contexts.keys()) {
      const config = resolveContext(kubeconfig, name).access;
      clients.set(name, httpClient({ name, config, clock: systemClock, userAgent: 'flotilla-bench' }));
    }
  }
  return clients;
}
