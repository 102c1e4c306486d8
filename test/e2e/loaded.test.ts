/** What a command loads when it starts: a start of a tenth of a second has no room for what is not used. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'flotilla-loaded-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the program from its sources until it ends, or says `until`; answers what it loaded, relative to the root. */
async function loaded(name: string, args: readonly string[], until?: string): Promise<readonly string[]> {
  const file = join(folder, name);
  writeFileSync(file, '');
  const child = spawn(
    process.execPath,
    ['--import', join(root, 'test/harness/loaded-modules.mjs'), join(root, 'src/cli/main.ts'), ...args],
    { env: { ...process.env, FLOTILLA_LOADED: file, HOME: folder, KUBECONFIG: '' }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (until && output.includes(until)) child.kill('SIGTERM');
    });
  }
  await new Promise((resolve) => child.on('close', resolve));
  if (until) expect(output).toContain(until);
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((path) => path.replace(`${root}/`, ''));
}

/** Names of the packages among loaded files. */
const packages = (files: readonly string[]) =>
  [
    ...new Set(
      files.map((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]).filter((name) => name !== undefined),
    ),
  ].sort();

/** Rooms of src among loaded files. */
const rooms = (files: readonly string[]) =>
  [...new Set(files.map((file) => /^src\/([^/]+)\//.exec(file)?.[1]).filter((name) => name !== undefined))].sort();

describe('what is loaded', () => {
  test('help is words alone', async () => {
    const files = await loaded('help', ['--help']);
    expect(packages(files)).toEqual([]);
    expect(rooms(files).filter((room) => !['cli', 'kube', 'world', 'client'].includes(room))).toEqual([]);
  });

  test('get loads the HTTP client and nothing that serves or controls', async () => {
    const kubeconfig = join(folder, 'kubeconfig');
    const cluster = { name: 'nowhere', cluster: { server: 'https://127.0.0.1:1' } };
    const context = { name: 'nowhere', context: { cluster: 'nowhere', user: 'nobody' } };
    writeFileSync(
      kubeconfig,
      JSON.stringify({
        'current-context': 'nowhere',
        clusters: [cluster],
        contexts: [context],
        users: [{ name: 'nobody', user: { token: 'x' } }],
      }),
    );
    const files = await loaded('get', ['get', 'pods', '--kubeconfig', kubeconfig]);
    expect(packages(files).filter((name) => !['picocolors', 'undici', 'js-yaml'].includes(name))).toEqual([]);
    const serving = ['app', 'fleet', 'flow', 'member', 'runtime', 'server', 'webhooks', 'workloads'];
    expect(rooms(files).filter((room) => serving.includes(room))).toEqual([]);
  });

  test('up loads its store, and neither an HTTP client nor gRPC nor a log library nor the protobuf codec', async () => {
    const args = ['up', '--members', '1', '--data-dir', join(folder, 'data'), '--kubeconfig-dir', join(folder, 'kube')];
    const files = await loaded('up', args, 'Ctrl-C');
    expect(files.filter((file) => file.includes('protobuf'))).toEqual([]);
    const names = packages(files);
    expect(names).toContain('lmdb');
    expect(
      names.filter((name) =>
        ['undici', 'pino', '@grpc/grpc-js', '@kubernetes/client-node', 'prom-client', 'listr2'].includes(name),
      ),
    ).toEqual([]);
  });

  test('up that keeps nothing says so', async () => {
    const folders = ['--data-dir', join(folder, 'memory'), '--kubeconfig-dir', join(folder, 'kube-of-memory')];
    await loaded('ephemeral', ['up', '--members', '0', '--ephemeral', ...folders], 'Ctrl-C stops it; nothing is kept');
  });
});
