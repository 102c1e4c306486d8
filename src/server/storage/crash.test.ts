/** A process killed at any moment loses nothing it acknowledged, and what it loses is the end of one history. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '#world/clock/system.ts';
import { systemDisk } from '#world/disk/system.ts';
import type { Random } from '#world/random/random.ts';
import { seededRandom } from '#world/random/seeded.ts';
import { openLmdbJournal } from './lmdb.ts';
import { damageOf } from './lmdb-file.ts';
import { applyToModel, type Model, modelOfJournal, nextOperation } from './testdata/history.ts';

const rounds = Number(process.env.FLOTILLA_SOAK ?? 20);
const msPerRound = 10_000;
const writer = fileURLToPath(new URL('testdata/crash-writer.ts', import.meta.url));

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flotilla-crash-'));
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
  const child = spawn(process.execPath, [writer, folder, String(seed)], { stdio: ['ignore', 'pipe', 'pipe'] });
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
async function contents(): Promise<
  { readonly revision: number; readonly reserved: number; readonly model: Model } | undefined
> {
  const file = await systemDisk.open(join(folder, 'data.mdb'));
  expect(file && (await damageOf(file, systemClock))).toBeUndefined();
  file?.close();
  const options = { clock: systemClock, createdBy: 'flotilla test', shownPath: folder };
  const journal = await openLmdbJournal(folder, options);
  try {
    return journal.state && { ...journal.state, model: await modelOfJournal(journal) };
  } finally {
    await journal.close();
  }
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
      const found = await contents();
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
      const expected: Model = new Map(before);
      const replay = seededRandom(seed);
      for (let revision = base; revision < found!.revision; revision++) {
        applyToModel(expected, nextOperation(replay, expected));
      }
      expect(found!.model).toEqual(expected);
      before = found!.model;
      written += found!.revision - base;
    }
    expect(written).toBeGreaterThan(0);
  },
  rounds * msPerRound,
);
