import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openRotating, type RotatingOptions } from './rotating.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-rotating-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function opened(more: Partial<RotatingOptions> = {}) {
  let time = Date.parse('2026-01-02T03:04:05.678Z');
  const lost: string[] = [];
  const file = openRotating({
    path: join(folder, 'audit.log'),
    maxBytes: 20,
    maxBackups: 0,
    maxAgeMs: 0,
    now: () => time,
    onLost: (lines, why) => lost.push(`${lines}: ${why}`),
    ...more,
  });
  return {
    file,
    lost,
    later: (milliseconds: number) => {
      time += milliseconds;
    },
  };
}

const read = (name: string) => readFileSync(join(folder, name), 'utf8');

it('goes on where it was, and is put aside when it is full', async () => {
  writeFileSync(join(folder, 'audit.log'), 'before\n');
  const { file } = opened();
  for (const line of ['one', 'two', 'and three is long', 'four']) file.write(line);
  await file.flushed();
  expect(readdirSync(folder).sort()).toEqual(['audit-2026-01-02T03-04-05.678.log', 'audit.log']);
  expect(read('audit-2026-01-02T03-04-05.678.log')).toBe('and three is long\n');
  expect(read('audit.log')).toBe('four\n');
});

it('keeps so many of them, and none that is too old', async () => {
  const { file, later } = opened({ maxBackups: 2, maxAgeMs: 10_000 });
  for (let round = 0; round < 5; round++) {
    file.write(`round ${round} is long`);
    await file.flushed();
    later(1_000);
  }
  expect(readdirSync(folder)).toHaveLength(3);
  later(60_000);
  file.write('long after all that');
  await file.flushed();
  expect(
    readdirSync(folder)
      .sort()
      .map((name) => read(name)),
  ).toEqual(['round 4 is long\n', 'long after all that\n']);
});

it('says what the disk refuses, and goes on', async () => {
  const gone = join(folder, 'gone');
  const { file, lost } = opened({ path: join(gone, 'audit.log') });
  rmSync(gone, { recursive: true });
  file.write('one');
  await file.flushed();
  expect(lost).toEqual([expect.stringMatching(/^1: ENOENT/)]);
});
