/**
 * A log file that is put aside when it is full, and of which so many are kept: `audit.log` becomes
 * `audit-2026-01-02T03-04-05.678.log`, as lumberjack names them. Lines wait in memory while the disk is busy.
 */
import { mkdirSync, readdirSync, renameSync, statSync, unlinkSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';

export interface RotatingOptions {
  readonly path: string;
  /** A file that would grow beyond it is put aside. */
  readonly maxBytes: number;
  /** Files put aside that are kept; 0: all. */
  readonly maxBackups: number;
  /** Files put aside longer ago are removed; 0: never. */
  readonly maxAgeMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Hears that lines were lost, and why: the disk refuses them, or is too slow. */
  readonly onLost: (lines: number, why: string) => void;
}

export interface RotatingFile {
  /** Takes a line, its end not included. Never blocks, never throws. */
  readonly write: (line: string) => void;
  /** Resolves when everything taken so far is in the file, or lost. */
  readonly flushed: () => Promise<void>;
}

const ownerOnly = 0o600;

/** Lines that may wait for the disk: at 1 kB a line some 60,000. */
const waitingBytes = 64 * 1024 * 1024;

/** Written at once: what came while the last piece was written. */
const pieceBytes = 1024 * 1024;

const timeText = (milliseconds: number) => new Date(milliseconds).toISOString().slice(0, -1).replaceAll(':', '-');

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}

/** Files put aside, newest first; their names say when. */
function backupsOf(path: string): readonly { readonly path: string; readonly time: number }[] {
  const extension = extname(path);
  const start = `${basename(path, extension)}-`;
  const folder = dirname(path);
  return readdirSync(folder)
    .filter((name) => name.startsWith(start) && name.endsWith(extension))
    .map((name) => ({ name, text: name.slice(start.length, extension === '' ? undefined : -extension.length) }))
    .map(({ name, text }) => ({
      path: join(folder, name),
      time: Date.parse(`${text.slice(0, 11)}${text.slice(11).replaceAll('-', ':')}Z`),
    }))
    .filter(({ time }) => !Number.isNaN(time))
    .sort((left, right) => right.time - left.time);
}

/** Throws the system's error where the file cannot be written at all. */
export function openRotating(options: RotatingOptions): RotatingFile {
  const { path, maxBytes, maxBackups, maxAgeMs, now, onLost } = options;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  let size = sizeOf(path);
  let waiting: string[] = [];
  let bytes = 0;
  let writing: Promise<void> | undefined;

  const rotate = () => {
    const extension = extname(path);
    const time = now();
    renameSync(path, join(dirname(path), `${basename(path, extension)}-${timeText(time)}${extension}`));
    size = 0;
    for (const [index, backup] of backupsOf(path).entries()) {
      const tooMany = maxBackups > 0 && index >= maxBackups;
      if (tooMany || (maxAgeMs > 0 && time - backup.time > maxAgeMs)) unlinkSync(backup.path);
    }
  };

  /** As many lines as make a piece, and no more than the file has room for. */
  const take = (): readonly string[] => {
    let taken = 0;
    let count = 0;
    for (const line of waiting) {
      const length = Buffer.byteLength(line);
      if (count > 0 && (taken + length > pieceBytes || size + taken + length > maxBytes)) break;
      taken += length;
      count++;
    }
    const lines = waiting.slice(0, count);
    waiting = waiting.slice(count);
    bytes -= taken;
    return lines;
  };

  const writeAll = async () => {
    while (waiting.length > 0) {
      let lines: readonly string[] = [];
      try {
        if (size > 0 && size + Buffer.byteLength(waiting[0]!) > maxBytes) rotate();
        lines = take();
        const piece = lines.join('');
        await appendFile(path, piece, { mode: ownerOnly });
        size += Buffer.byteLength(piece);
      } catch (error) {
        const lost = lines.length === 0 ? take() : lines;
        onLost(lost.length, (error as Error).message);
      }
    }
    writing = undefined;
  };

  return {
    write: (line) => {
      const length = Buffer.byteLength(line) + 1;
      if (bytes + length > waitingBytes) return onLost(1, 'the disk is too slow for what is to be written');
      waiting.push(`${line}\n`);
      bytes += length;
      writing ??= Promise.resolve().then(writeAll);
    },
    flushed: async () => {
      while (writing) await writing;
    },
  };
}
