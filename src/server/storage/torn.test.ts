/**
 * A store whose file was cut anywhere, or had any of its bytes changed, is refused with a sentence that says so, or holds
 * what it held at one of its flushes: what was torn is never served.
 */
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rounds as roundsOf } from '#harness/soak.ts';
import { systemClock } from '#world/clock/system.ts';
import { systemDisk } from '#world/disk/system.ts';
import { seededRandom } from '#world/random/seeded.ts';
import { openDataDirectory } from './data-directory.ts';
import { DataDirectoryError } from './failures.ts';
import { applyToModel, applyToStore, type Model, modelOf, nextOperation } from './testdata/history.ts';

const rounds = roundsOf({ test: 60, soak: 1_000 });

let folder = '';
/** What the store held at each of its flushes, as text. */
const moments = new Set<string>();
let sound = Buffer.alloc(0);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flotilla-torn-'));
  const path = join(folder, 'sound');
  const directory = await openDataDirectory({ disk: systemDisk, clock: systemClock, path, createdBy: 'flotilla test' });
  const store = await directory.openStore({ clock: systemClock });
  const random = seededRandom(5);
  const model: Model = new Map();
  moments.add(textOf(model));
  for (let group = 0; group < 20; group++) {
    for (let step = 0; step < 40; step++) {
      const operation = nextOperation(random, model);
      applyToStore(store, operation);
      applyToModel(model, operation);
    }
    await store.durable(store.revision());
    moments.add(textOf(model));
  }
  await store.close();
  await directory.release();
  sound = await readFile(join(path, 'store', 'data.mdb'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const textOf = (model: Model) => JSON.stringify([...model].sort(([a], [b]) => (a < b ? -1 : 1)));

async function opened(bytes: Buffer, round: number): Promise<string> {
  const path = join(folder, String(round));
  await mkdir(join(path, 'store'), { recursive: true });
  await copyFile(join(folder, 'sound', 'flotilla.json'), join(path, 'flotilla.json'));
  await writeFile(join(path, 'store', 'data.mdb'), bytes);
  const directory = await openDataDirectory({ disk: systemDisk, clock: systemClock, path, createdBy: 'flotilla test' });
  try {
    const store = await directory.openStore({ clock: systemClock });
    const model = modelOf(store);
    await store.close();
    return textOf(model);
  } finally {
    await directory.release();
    await rm(path, { recursive: true, force: true });
  }
}

test(`${rounds} files cut or changed anywhere`, { timeout: rounds * 2_000 }, async () => {
  const random = seededRandom(Number(process.env.FLOTILLA_SEED ?? 1));
  const outcomes = { refused: 0, whole: 0 };
  for (let round = 0; round < rounds; round++) {
    let bytes = Buffer.from(sound);
    if (random.next() < 0.3) bytes = bytes.subarray(0, Math.floor(random.next() * bytes.length));
    else {
      for (let count = 1 + Math.floor(random.next() * 4); count > 0; count--) {
        const at = Math.floor(random.next() * bytes.length);
        bytes[at] = bytes[at]! ^ (1 << Math.floor(random.next() * 8));
      }
    }
    try {
      expect(moments).toContain(await opened(bytes, round));
      outcomes.whole++;
    } catch (error) {
      if (!(error instanceof DataDirectoryError)) throw error;
      expect(error.problem).toMatch(/^(damaged|other format)$/);
      expect(error.message.split('\n')).toHaveLength(1);
      outcomes.refused++;
    }
  }
  expect(outcomes.refused).toBeGreaterThan(rounds / 5);
  expect(outcomes.whole).toBeGreaterThan(0);
});
