/** A process killed at any moment loses nothing it acknowledged, and what it loses is the end of one history. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rounds as roundsOf } from '#harness/soak.ts';
import { systemClock } from '#world/clock/system.ts';
import { systemDisk } from '#world/disk/system.ts';
import type { Random } from '#world/random/random.ts';
import { seededRandom } from '#world/random/seeded.ts';
import { openLmdbJournal } from './lmdb.ts';
import { damageOf } from './lmdb-file.ts';
import { applyToModel, type Model, modelOfJournal, nextOperation } from './testdata/history.ts';

const rounds = roundsOf({ test: 20, soak: 1_000 });
const msPerRound = 10_000;
const writer = fileURLToPath(new URL('testdata/crash-writer.ts', import.meta.url));

let folder = '';
let store = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flotilla-crash-'));
  store = join(folder, 'killed');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Report {
  base: number | undefined;
  wrote: number;
  acknowledged: number;
}

/** Of three rounds, two end after so many acknowledgements, one at any time at all, also while the store opens. */
function killWhen(random: Random, child: ChildProcess): (report: Report, acknowledgements: number) => void {
  if (random.next() < 1 / 3) {
    setTimeout(() => child.kill('SIGKILL'), random.next() * 400);
    return () => {};
  }
  const enough = Math.floor(random.next() ** 2 * 60);
  return ({ base }, acknowledgements) => {
    if (base !== undefined && acknowledgements >= enough) child.kill('SIGKILL');
  };
}

async function writeUntilKilled(random: Random, seed: number): Promise<Report> {
  const child = spawn(process.execPath, [writer, store, String(seed)], { stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = new Promise<NodeJS.Signals | null>((resolve) => child.on('close', (_code, signal) => resolve(signal)));
  const errors: string[] = [];
  child.stderr.on('data', (text) => errors.push(String(text)));
  const kill = killWhen(random, child);
  const report: Report = { base: undefined, wrote: 0, acknowledged: 0 };
  let acknowledgements = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const [what, revision] = line.split(' ');
    if (what === 'base') report.base = Number(revision);
    if (what === 'wrote') report.wrote = Number(revision);
    if (what === 'ack') {
      report.acknowledged = Number(revision);
      acknowledgements++;
    }
    kill(report, acknowledgements);
  }
  expect(await exited, errors.join('')).toBe('SIGKILL');
  return report;
}

/** What is on disk, looked at without writing to it. */
async function contents(
  path: string,
): Promise<{ readonly revision: number; readonly reserved: number; readonly model: Model } | undefined> {
  const file = await systemDisk.open(join(path, 'data.mdb'));
  expect(file && (await damageOf(file, systemClock))).toBeUndefined();
  file?.close();
  const options = { clock: systemClock, createdBy: 'flotilla test', shownPath: path };
  const journal = await openLmdbJournal(path, options);
  try {
    return journal.state && { ...journal.state, model: await modelOfJournal(journal) };
  } finally {
    await journal.close();
  }
}

/** What the writer of this seed makes of a store in so many operations. */
function replayed(before: Model, seed: number, operations: number): Model {
  const model: Model = new Map(before);
  const random = seededRandom(seed);
  for (let done = 0; done < operations; done++) applyToModel(model, nextOperation(random, model));
  return model;
}

test(
  `${rounds} times killed, nothing acknowledged is lost`,
  async () => {
    const random = seededRandom(Number(process.env.FLOTILLA_SEED ?? 1));
    let before: Model = new Map();
    let highest = 0;
    let written = 0;
    for (let round = 0; round < rounds; round++) {
      const seed = Math.floor(random.next() * 2 ** 31);
      const report = await writeUntilKilled(random, seed);
      const found = await contents(store);
      const { base } = report;
      if (base === undefined) {
        // Killed while it opened: at most the reservation is on disk.
        expect(found?.model ?? new Map()).toEqual(before);
        continue;
      }
      expect(base).toBeGreaterThanOrEqual(highest);
      highest = report.wrote;
      expect(found!.revision).toBeGreaterThanOrEqual(report.acknowledged);
      expect(found!.reserved).toBeGreaterThanOrEqual(report.wrote);

      // Played again up to the revision on disk, the history gives exactly what is there.
      expect(found!.model).toEqual(replayed(before, seed, found!.revision - base));
      before = found!.model;
      written += found!.revision - base;
    }
    expect(written).toBeGreaterThan(0);
  },
  rounds * msPerRound,
);

test('a disk that is full is said so, and loses nothing', async () => {
  const full = join(folder, 'full');
  // The limit on file sizes stands for the disk's end; the signal that goes with it is ignored, as no disk sends one.
  const limited = `trap '' XFSZ; ulimit -f 1500; exec "$0" "$@"`;
  const child = spawn('sh', ['-c', limited, process.execPath, writer, full, '5'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (text) => (output += String(text)));
  child.stderr.on('data', (text) => (errors += String(text)));
  const [code] = await once(child, 'close');
  expect(code).toBe(1);
  expect(errors).toContain('the data directory cannot be written');
  expect(errors).toContain('make room on the disk');

  const revisions = (what: string) =>
    [...output.matchAll(new RegExp(`${what} (\\d+)`, 'g'))].map(([, text]) => Number(text));
  const base = revisions('base')[0]!;
  const found = await contents(full);
  expect(found!.revision).toBeGreaterThanOrEqual(revisions('ack').at(-1)!);
  expect(found!.model).toEqual(replayed(new Map(), 5, found!.revision - base));
});
