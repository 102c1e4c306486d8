/**
 * A control plane and a member of our own behind HTTPS, with the program and, where it is installed, real kubectl on
 * them: for tests that hold one against the other. The servers' clock stands still, so ages are the same for both.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, type TestContext } from 'vitest';
import { customKinds, servedKinds } from '#apis/kinds.ts';
import { builtinKinds } from '#apis/kubernetes/kinds.ts';
import type { ApiClient } from '#client/api-client.ts';
import { inProcessClient } from '#client/in-process.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import { embeddedServer } from '#server/embedded.fixture.ts';
import type { ApiListener } from '#server/http/listen.ts';
import type { ApiServer } from '#server/serve.ts';
import type { Clock } from '#world/clock/clock.ts';
import { systemClock } from '#world/clock/system.ts';
import { systemDisk } from '#world/disk/system.ts';
import { runEditor } from '#world/process/editor.ts';
import { runProgram } from './program.ts';
import type { Surroundings } from './surroundings.ts';

export interface Answered {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export const folder = mkdtempSync(join(tmpdir(), 'flotilla-cli-'));
/** Ten hours back: what clients count from their own clock is whole hours too. */
const standsAt = Math.floor(Date.now() / 1000) * 1000 - 10 * 3_600_000;
const standingClock: Clock = { ...systemClock, now: () => standsAt };
const admin = { name: 'system:admin', groups: ['system:masters', 'system:authenticated'] };

export const kubeconfigPath = join(folder, 'kubeconfig');
const environment = () => ({ PATH: process.env.PATH, HOME: folder, KUBECONFIG: kubeconfigPath });

interface Served {
  readonly server: ApiServer;
  readonly listener: ApiListener;
  readonly kubeconfig: { readonly cluster: object; readonly user: object };
}

const served = new Map<string, Served>();
const base64 = (text: string) => Buffer.from(text).toString('base64');

async function serve(name: string, kinds: readonly KindDefinition[]): Promise<Served> {
  const embedded = await embeddedServer({ name, kinds, clock: standingClock, disabledAdmission: ['ServiceAccount'] });
  const { server, authority } = embedded;
  const listener = await embedded.listen();
  const { cert, key } = await authority.issueClient({ user: admin.name, groups: ['system:masters'] });
  return {
    server,
    listener,
    kubeconfig: {
      cluster: { server: listener.url, 'certificate-authority-data': base64(authority.cert) },
      user: { 'client-certificate-data': base64(cert), 'client-key-data': base64(key) },
    },
  };
}

beforeAll(async () => {
  served.set(
    'karmada-apiserver',
    await serve('karmada-apiserver', [...builtinKinds(), ...customKinds, ...servedKinds]),
  );
  served.set('member1', await serve('member1', builtinKinds()));
  const of = (part: 'cluster' | 'user') =>
    [...served].map(([name, { kubeconfig }]) => ({ name, [part]: kubeconfig[part] }));
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'karmada-apiserver',
    contexts: [...served.keys()].map((name) => ({ name, context: { cluster: name, user: name } })),
    clusters: of('cluster'),
    users: of('user'),
  };
  writeFileSync(kubeconfigPath, JSON.stringify(config), { mode: 0o600 });
});

afterAll(async () => {
  for (const { server, listener } of served.values()) {
    server.stop();
    await listener.close();
  }
  rmSync(folder, { recursive: true });
});

/** Past all front doors. */
export const clientOf = (name: string): ApiClient =>
  inProcessClient({
    name,
    handler: served.get(name)!.server.handler,
    user: admin,
    clock: standingClock,
    userAgent: 'test',
  });

export const urlOf = (name: string): string => served.get(name)!.listener.url;

/** Words apart at blanks, but not within single quotes. */
const split = (words: string): readonly string[] =>
  (words.match(/(?:[^\s']|'[^']*')+/g) ?? []).map((word) => word.replaceAll("'", ''));

export interface Calling {
  readonly input?: string;
  readonly program?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Surroundings of a call, and what is said in it. */
export function surroundingsFor({ input = '', program = 'kubectl', ...more }: Calling = {}) {
  const said = { stdout: '', stderr: '' };
  const into = (stream: 'stdout' | 'stderr') => ({
    write: (text: string) => {
      said[stream] += text;
    },
    steer: (text: string) => {
      said[stream] += text;
    },
    interactive: false,
    columns: 80,
  });
  const around: Surroundings = {
    program,
    environment: { ...environment(), ...more.environment },
    home: folder,
    output: into('stdout'),
    errors: into('stderr'),
    readInput: async () => input,
    ask: async () => '',
    edit: runEditor,
    disk: systemDisk,
    clock: systemClock,
  };
  return { around, said };
}

/** The program in this process, called by the name of kubectl unless another is given. */
export async function flotilla(words: string, calling: Calling = {}): Promise<Answered> {
  const { around, said } = surroundingsFor(calling);
  const code = await runProgram(split(words), around);
  return { code, ...said };
}

const run = (args: readonly string[], input: string): Promise<Answered> =>
  new Promise((resolve, reject) => {
    const child = execFile('kubectl', args, { env: environment() }, (error, stdout, stderr) => {
      if (error && typeof error.code === 'string') reject(error);
      else resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });

export const kubectl = (words: string, input = ''): Promise<Answered> => run(split(words), input);

let present: Promise<boolean> | undefined;

/** Skips the test, saying why, where there is no kubectl. */
export async function needsKubectl(context: TestContext): Promise<void> {
  present ??= run(['version', '--client'], '').then(
    ({ code }) => code === 0,
    () => false,
  );
  if (!(await present)) context.skip('kubectl is not on PATH');
}

/** What the program printed; a failure is an error with its own words. */
export async function printed(words: string, calling?: Calling): Promise<string> {
  const { code, stdout, stderr } = await flotilla(words, calling);
  if (code !== 0) throw new Error(`${words} failed: ${stderr}`);
  return stdout;
}
