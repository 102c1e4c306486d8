/** Both disks pass the same cases; the machine's also keeps secrets to itself and outlives those who held its locks. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { diskCases } from './disk.cases.ts';
import { DiskLockedError } from './disk.ts';
import { diskFault } from './fault.ts';
import { memoryDisk } from './memory.ts';
import { systemDisk } from './system.ts';

let folder = '';
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flotilla-disk-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function newRoot(): Promise<string> {
  const root = join(folder, String(count++));
  await systemDisk.makeDirectory(root);
  return root;
}

diskCases("the machine's", async () => ({ disk: systemDisk, root: await newRoot() }));
diskCases('in memory', async () => {
  const disk = memoryDisk();
  await disk.makeDirectory('/root');
  return { disk, root: '/root' };
});

test.each([
  ['a file is in its place', 'file', 'EEXIST', 'it is a file, not a directory'],
  ['a file is in its way', 'file/below/it', 'ENOTDIR', 'a part of the path is a file, not a directory'],
])('a folder cannot be made where %s', async (_what, name, code, words) => {
  const root = await newRoot();
  await systemDisk.write(`${root}/file`, 'x');
  const error = await systemDisk.makeDirectory(`${root}/${name}`).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code });
  expect(diskFault(error)).toBe(words);
});

test('a folder that the machine cannot make is refused, not tried for ever', async () => {
  const error = await systemDisk.makeDirectory('/proc/flotilla/x').catch((reason: unknown) => reason);
  expect(diskFault(error)).toMatch(/cannot be made|permission denied|read-only/);
});

test('what is no failure of a disk has no such words', () => {
  expect(diskFault(new Error('x'))).toBeUndefined();
});

test('files are for their owner only, unless said otherwise', async () => {
  const root = await newRoot();
  const modeOf = async (path: string) => (await stat(path)).mode & 0o777;
  await systemDisk.write(`${root}/secret`, 'x');
  await systemDisk.write(`${root}/public`, 'x', { mode: 0o644 });
  await systemDisk.makeDirectory(`${root}/a/b`);
  expect(await modeOf(`${root}/secret`)).toBe(0o600);
  expect(await modeOf(`${root}/public`)).toBe(0o644);
  expect(await modeOf(`${root}/a`)).toBe(0o700);
});

const holder = fileURLToPath(new URL('testdata/lock-holder.ts', import.meta.url));

test('a lock names the process that holds it and ends when that is killed', async () => {
  const path = `${await newRoot()}/lock`;
  const child = spawn(process.execPath, [holder, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const refused = await systemDisk.lock(path).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(DiskLockedError);
  expect((refused as DiskLockedError).holder).toBe(child.pid);
  child.kill('SIGKILL');
  await once(child, 'close');
  const held = await systemDisk.lock(path);
  expect((await readFile(path, 'utf8')).split('\n')[0]).toBe(String(process.pid));
  await held.release();
  expect(await readdir(join(path, '..'))).toEqual([]);
});

test('a lock of a process whose id another has now is taken over', async () => {
  const path = `${await newRoot()}/lock`;
  const held = await systemDisk.lock(path);
  const [, , boot] = (await readFile(path, 'utf8')).split('\n');
  await held.release();
  // Our own id, but started at another time; then an id of before the machine was started.
  await writeFile(path, `${process.pid}\n1\n${boot}\n`);
  await (await systemDisk.lock(path)).release();
  await writeFile(path, `1\n1\nanother boot\n`);
  await (await systemDisk.lock(path)).release();
});

test('of many who take over a dead lock at once, one gets it', async () => {
  const path = `${await newRoot()}/lock`;
  await writeFile(path, `1\n1\nanother boot\n`);
  const results = await Promise.allSettled(Array.from({ length: 12 }, () => systemDisk.lock(path)));
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});
