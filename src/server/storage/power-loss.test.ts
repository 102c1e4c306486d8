/**
 * When the power fails while LMDB writes a group, any part of the group's pages may be on disk, but not yet the root
 * that makes them count: the store is as the group before left it.
 */
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '#world/clock/system.ts';
import { systemDisk } from '#world/disk/system.ts';
import { seededRandom } from '#world/random/seeded.ts';
import { openLmdbJournal } from './lmdb.ts';
import { damageOf } from './lmdb-file.ts';
import { journaledStore } from './memory.ts';
import { applyToModel, applyToStore, type Model, modelOfJournal, nextOperation } from './testdata/history.ts';

const pageBytes = 8_192;
const rootPages = 2;
const groups = 12;
const torn = 4;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flotilla-power-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const journalIn = (path: string) =>
  openLmdbJournal(path, { clock: systemClock, createdBy: 'flotilla test', shownPath: path });

async function modelIn(path: string): Promise<Model> {
  const file = (await systemDisk.open(join(path, 'data.mdb')))!;
  expect(await damageOf(file, systemClock)).toBeUndefined();
  file.close();
  const journal = await journalIn(path);
  try {
    return await modelOfJournal(journal);
  } finally {
    await journal.close();
  }
}

test('a copy cut at a flush holds all that was acknowledged; one cut within a group holds the group before', async () => {
  const live = join(folder, 'live');
  const store = await journaledStore({ clock: systemClock }, await journalIn(live));
  const random = seededRandom(11);
  const model: Model = new Map();
  let before = await readFile(join(live, 'data.mdb'));
  let modelBefore: Model = new Map();
  for (let group = 0; group < groups; group++) {
    for (let step = 0; step < 30; step++) {
      const operation = nextOperation(random, model);
      applyToStore(store, operation);
      applyToModel(model, operation);
    }
    await store.durable(store.revision());
    const cut = join(folder, `cut-${group}`);
    await mkdir(cut);
    await copyFile(join(live, 'data.mdb'), join(cut, 'data.mdb'));
    expect(await modelIn(cut)).toEqual(model);

    const after = await readFile(join(live, 'data.mdb'));
    for (let attempt = 0; attempt < torn; attempt++) {
      const mixed = Buffer.alloc(Math.max(before.length, after.length));
      before.copy(mixed);
      for (let page = rootPages; page * pageBytes < after.length; page++) {
        if (random.next() < 0.5) after.copy(mixed, page * pageBytes, page * pageBytes, (page + 1) * pageBytes);
      }
      const path = join(folder, `torn-${group}-${attempt}`);
      await mkdir(path);
      await writeFile(join(path, 'data.mdb'), mixed);
      expect(await modelIn(path)).toEqual(modelBefore);
    }
    before = after;
    modelBefore = new Map(model);
  }
  await store.close();
});
