/** Real kubectl against an API server of our own, for tests: kubeconfigs in a folder of its own, one server per file. */
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, type TestContext } from 'vitest';
import { builtinKinds } from '#apis/kubernetes/kinds.ts';
import type { CertificateAuthority } from '#world/certificates/authority.ts';
import { embeddedServer } from '../embedded.fixture.ts';
import type { ApiServer } from '../serve.ts';
import type { ApiListener } from './listen.ts';

export interface Answered {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const folder = mkdtempSync(join(tmpdir(), 'flotilla-kubectl-'));
const environment = () => ({ PATH: process.env.PATH, HOME: folder });

const run = (args: readonly string[], input = ''): Promise<Answered> =>
  new Promise((resolve, reject) => {
    const child = execFile('kubectl', args, { env: environment() }, (error, stdout, stderr) => {
      if (error && typeof error.code === 'string') reject(error);
      else resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
    child.stdin?.end(input);
  });

let present: Promise<boolean> | undefined;

/** Skips the test, saying why, where there is no kubectl. */
export async function needsKubectl(context: TestContext): Promise<void> {
  present ??= run(['version', '--client']).then(
    ({ code }) => code === 0,
    () => false,
  );
  if (!(await present)) context.skip('kubectl is not on PATH');
}

let server: ApiServer;
let listener: ApiListener;

const base64 = (text: string) => Buffer.from(text).toString('base64');

async function writeKubeconfig(
  authority: CertificateAuthority,
  user: string,
  groups: readonly string[],
): Promise<void> {
  const { cert, key } = await authority.issueClient({ user, groups });
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    contexts: [{ name: 'test', context: { cluster: 'test', user } }],
    clusters: [
      { name: 'test', cluster: { server: listener.url, 'certificate-authority-data': base64(authority.cert) } },
    ],
    users: [{ name: user, user: { 'client-certificate-data': base64(cert), 'client-key-data': base64(key) } }],
  };
  writeFileSync(join(folder, user), JSON.stringify(config), { mode: 0o600 });
}

beforeAll(async () => {
  const embedded = await embeddedServer({
    name: 'test',
    kinds: builtinKinds(),
    disabledAdmission: ['ServiceAccount'],
  });
  const { authority } = embedded;
  server = embedded.server;
  listener = await embedded.listen();
  await writeKubeconfig(authority, 'admin', ['system:masters']);
  await writeKubeconfig(authority, 'jane', ['dev']);
});

afterAll(async () => {
  server.stop();
  await listener.close();
  rmSync(folder, { recursive: true });
});

export interface KubectlOptions {
  readonly user?: 'admin' | 'jane';
  /** What it reads from stdin: `-f -`. */
  readonly input?: object | string;
}

/** One call of kubectl, its words separated by blanks. */
export function kubectl(
  words: string | readonly string[],
  { user = 'admin', input = '' }: KubectlOptions = {},
): Promise<Answered> {
  const args = typeof words === 'string' ? words.split(' ') : words;
  return run(['--kubeconfig', join(folder, user), ...args], typeof input === 'string' ? input : JSON.stringify(input));
}

/** What it printed; a failure is an error with kubectl's own words. */
export async function printed(words: string | readonly string[], options?: KubectlOptions): Promise<string> {
  const { code, stdout, stderr } = await kubectl(words, options);
  if (code !== 0) throw new Error(`kubectl ${String(words)} failed: ${stderr}`);
  return stdout;
}

/** A kubectl that goes on until stopped; its lines as they come. */
export function following(words: string): { readonly lines: AsyncGenerator<string>; readonly stop: () => void } {
  const child = spawn('kubectl', ['--kubeconfig', join(folder, 'admin'), ...words.split(' ')], { env: environment() });
  async function* lines(): AsyncGenerator<string> {
    let text = '';
    for await (const chunk of child.stdout) {
      text += String(chunk);
      const parts = text.split('\n');
      text = parts.pop()!;
      yield* parts;
    }
  }
  return { lines: lines(), stop: () => child.kill() };
}
