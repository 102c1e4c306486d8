/** A data directory that cannot be used says why in a sentence, and nothing in it is touched. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '#world/clock/system.ts';
import { systemDisk } from '#world/disk/system.ts';
import { seededRandom } from '#world/random/seeded.ts';
import { directoryFormat, openDataDirectory, prepareDataDirectory } from './data-directory.ts';
import { DataDirectoryError } from './failures.ts';
import { openLmdbJournal, storeFormat } from './lmdb.ts';
import { deployment, succeeded } from './store.cases.ts';

let folder = '';
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flotilla-data-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const newPath = () => join(folder, String(count++), 'data');
const createdBy = 'flotilla test';
const open = (path: string) => openDataDirectory({ disk: systemDisk, clock: systemClock, path, createdBy });
const key = (name: string) => ({ space: 'karmada', resource: 'configmaps', namespace: 'default', name });

async function refusal(promise: Promise<unknown>): Promise<DataDirectoryError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DataDirectoryError);
  const { message } = error as Error;
  expect(message.split('\n')).toHaveLength(1);
  return error as DataDirectoryError;
}

/** Names, sizes and contents of all files, the lock's apart. */
async function snapshot(path: string): Promise<readonly unknown[]> {
  const names = (await readdir(path, { recursive: true })).filter((name) => !name.startsWith('lock')).sort();
  return Promise.all(
    names.map(async (name) => {
      const file = join(path, name);
      return (await stat(file)).isFile() ? [name, (await readFile(file)).toString('base64')] : name;
    }),
  );
}

async function filled(objects = 200): Promise<string> {
  const path = newPath();
  const directory = await open(path);
  const store = await directory.openStore({ clock: systemClock });
  for (let index = 0; index < objects; index++) {
    const object = { ...deployment(`n${index}`), text: 'x'.repeat(100 * (index % 200)) };
    succeeded(store.create(key(`n${index}`), object));
  }
  await store.close();
  await directory.release();
  return path;
}

test('is made on first use, only for its owner, and opened again', async () => {
  const path = await filled(3);
  expect(JSON.parse(await readFile(join(path, 'flotilla.json'), 'utf8'))).toEqual({
    format: directoryFormat,
    createdBy,
  });
  expect((await stat(path)).mode & 0o777).toBe(0o700);
  expect((await stat(join(path, 'store', 'data.mdb'))).mode & 0o077).toBe(0);
  const directory = await open(path);
  expect(directory.file('certificates')).toBe(join(path, 'certificates'));
  const store = await directory.openStore({ clock: systemClock });
  expect(store.count({ space: 'karmada', resource: 'configmaps' })).toBe(3);
  await store.close();
  await directory.release();
  expect(await readdir(path)).toEqual(['flotilla.json', 'store']);
});

describe('in use', () => {
  test('by this process', async () => {
    const path = newPath();
    const directory = await open(path);
    const error = await refusal(open(path));
    expect(error.problem).toBe('in use');
    expect(error.message).toContain(`in use by process ${process.pid}: stop that process first`);
    await directory.release();
    await (await open(path)).release();
  });

  test('by another process, until it is killed', async () => {
    const path = await filled(1);
    const holder = fileURLToPath(new URL('../../world/disk/testdata/lock-holder.ts', import.meta.url));
    const child = spawn(process.execPath, [holder, join(path, 'lock')], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    expect((await refusal(open(path))).message).toContain(`in use by process ${child.pid}`);
    child.kill('SIGKILL');
    await once(child, 'close');
    await (await open(path)).release();
  });
});

describe('another format', () => {
  test('of the directory', async () => {
    const path = await filled(1);
    await writeFile(join(path, 'flotilla.json'), JSON.stringify({ format: 2, createdBy: 'flotilla 9.0.0' }));
    const before = await snapshot(path);
    const error = await refusal(open(path));
    expect(error.problem).toBe('other format');
    expect(error.message).toContain('has format 2 (written by flotilla 9.0.0), this version reads format 1');
    expect(await snapshot(path)).toEqual(before);
  });

  test('of the store', async () => {
    const path = await filled(1);
    const { open: openLmdb } = await import('lmdb');
    const database = openLmdb({ path: join(path, 'store'), encoding: 'binary', overlappingSync: false });
    await database.put(
      'm format',
      Buffer.from(JSON.stringify({ format: storeFormat + 1, createdBy: 'flotilla 9.0.0' })),
    );
    await database.close();
    const directory = await open(path);
    expect((await refusal(directory.openStore({ clock: systemClock }))).problem).toBe('other format');
    await directory.release();
  });
});

describe('not ours', () => {
  test('a folder with other files', async () => {
    const path = newPath();
    await mkdir(path, { recursive: true });
    await writeFile(join(path, 'thesis.txt'), 'years of work');
    expect((await refusal(open(path))).problem).toBe('not ours');
    expect(await readdir(path)).toEqual(['thesis.txt']);
  });

  test('a file', async () => {
    const path = newPath();
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, 'x');
    const error = await refusal(open(path));
    expect(error.problem).toBe('unreadable');
    expect(error.message).toContain(path);
  });

  test('leftovers of a first start that was killed are no obstacle', async () => {
    const path = newPath();
    await mkdir(path, { recursive: true });
    await writeFile(join(path, 'flotilla.json.99.0.tmp'), '{');
    await (await open(path)).release();
  });
});

describe('damaged', () => {
  const cases: readonly (readonly [string, (file: string, size: number) => Promise<void>])[] = [
    ['cut in half', (file, size) => truncate(file, size / 2)],
    ['cut to a few bytes', (file) => truncate(file, 100)],
    ['overwritten at its beginning', (file) => overwrite(file, 0, 64)],
    ['overwritten at its second root', (file) => overwrite(file, 8_192, 200)],
    ['overwritten with zeros behind its roots', (file, size) => overwrite(file, 16_384, size - 16_384, 0)],
    ['overwritten in every fifth page', (file) => overwrite(file, 3 * 8_192, 8_192, 0x5a, 5 * 8_192)],
    ['not a store at all', (file) => writeFile(file, 'x'.repeat(100_000))],
  ];

  /** Fills a stretch, or one after each `every` bytes. */
  async function overwrite(file: string, position: number, length: number, byte = 0x5a, every = Infinity) {
    const content = await readFile(file);
    for (let at = position; at < content.length; at += every) content.fill(byte, at, at + length);
    await writeFile(file, content);
  }

  test.each(cases)('%s', async (_what, damage) => {
    const path = await filled();
    const file = join(path, 'store', 'data.mdb');
    await damage(file, (await stat(file)).size);
    const before = await snapshot(path);
    const directory = await open(path);
    const error = await refusal(directory.openStore({ clock: systemClock }));
    expect(error.problem).toBe('damaged');
    expect(error.message).toContain(`the store in the data directory ${path} is damaged`);
    expect(error.message).toContain('restore the directory from a backup');
    await directory.release();
    expect(await snapshot(path)).toEqual(before);
  });

  test('the marker', async () => {
    const path = await filled(1);
    await writeFile(join(path, 'flotilla.json'), '{"for');
    expect((await refusal(open(path))).problem).toBe('damaged');
  });

  test('any byte of an object is missed', async () => {
    const path = newPath();
    const journal = await openLmdbJournal(path, { clock: systemClock, createdBy, shownPath: path });
    const object = deployment('needle');
    const directory = { spaces: [{ name: 'karmada', id: 1, floor: 0 }], droppedAt: 0 };
    const records = new Map([['1 configmaps default needle', { object, revision: 1, writtenAt: 0 }]]);
    await journal.commit({ revision: 1, reserved: 1, directory, records, deletions: new Map() });
    await journal.close();
    const file = join(path, 'data.mdb');
    const sound = await readFile(file);
    const start = sound.lastIndexOf(JSON.stringify(object));
    const random = seededRandom(3);
    for (let attempt = 0; attempt < 10; attempt++) {
      const broken = Buffer.from(sound);
      const at = start + Math.floor(random.next() * JSON.stringify(object).length);
      broken[at] = broken[at]! ^ (1 << Math.floor(random.next() * 8));
      await writeFile(file, broken);
      const again = await openLmdbJournal(path, { clock: systemClock, createdBy, shownPath: path });
      const scanned = again.scan({ object: () => {}, deletion: () => {} });
      expect((await refusal(scanned)).problem).toBe('damaged');
      await again.close();
    }
  });
});

test("logs that were begun before it make a folder nobody else's", async () => {
  const path = newPath();
  await mkdir(path, { recursive: true });
  await writeFile(join(path, 'flotilla.log'), 'begun\n');
  expect((await refusal(prepareDataDirectory({ disk: systemDisk, path }))).message).toContain(
    'not a Flotilla data directory',
  );
  await prepareDataDirectory({ disk: systemDisk, path, beside: ['flotilla.log'] });
  expect(await readdir(path)).toEqual(['flotilla.log']);
});
