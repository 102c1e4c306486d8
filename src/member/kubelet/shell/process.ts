/** What a program in a simulated container works with, and how its output and failures are told. */
import type { TerminalSize } from '#kube/connect/nodes.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { FileTree } from '../container/files.ts';

/** Resolves when there is room for more; throws BrokenPipe when nobody reads. */
export type Write = (bytes: Uint8Array | string) => Promise<void>;

export interface Streams {
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdout: Write;
  readonly stderr: Write;
}

/** The container around a program. */
export interface Machine {
  readonly files: FileTree;
  readonly clock: Clock;
  readonly hostname: string;
  readonly user: { readonly name: string; readonly id: number; readonly group: number };
  /** What the container itself runs, for `ps`. */
  readonly command: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly fetch: (url: string, options: FetchOptions) => Promise<FetchAnswer>;
  readonly gzip: (bytes: Uint8Array) => Promise<Buffer>;
  readonly gunzip: (bytes: Uint8Array, limit: number) => Promise<Buffer>;
}

export interface FetchOptions {
  readonly method: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body?: Uint8Array;
}

export interface FetchAnswer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly string[];
  readonly body: Buffer;
}

export interface Call extends Streams {
  /** Without the program's own name. */
  readonly args: readonly string[];
  readonly name: string;
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: string;
  readonly machine: Machine;
  readonly signal: AbortSignal;
  /** Whose stdin and stdout it is, where somebody sits at one. */
  readonly terminal?: Terminal;
  /** Runs another program as this one would: `xargs`, `env`, `timeout`. Answers its exit code. */
  readonly run: (words: readonly string[], env?: ReadonlyMap<string, string>) => Promise<number>;
}

/** Somebody at the other end who types lines. */
export interface Terminal {
  readonly size: () => TerminalSize;
  /** Undefined: no more come. */
  readonly readLine: (prompt: string) => Promise<{ readonly text: string } | 'interrupted' | undefined>;
  /** Runs what Ctrl-C ends. */
  readonly foreground: <T>(work: (signal: AbortSignal) => Promise<T>) => Promise<T>;
}

/** Answers its exit code. What it throws is told as the program's failure. */
export type Program = (call: Call) => Promise<number>;

/** Nobody reads what a program writes: it ends, as by SIGPIPE. */
export class BrokenPipe extends Error {
  override readonly name = 'BrokenPipe';
}

/** A program used in a way it does not know, or that found something wrong: `name: message`. */
export class ProgramError extends Error {
  override readonly name = 'ProgramError';
  readonly code: number;

  constructor(message: string, code = 1) {
    super(message);
    this.code = code;
  }
}

/** What a program takes in whole is no more than this. */
const mostInput = 32 * 1024 * 1024;

/** Everything that comes. Throws ProgramError beyond what a container's memory is taken to be. */
export async function readAll(stdin: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of stdin) {
    pieces.push(piece);
    size += piece.byteLength;
    if (size > mostInput) throw new ProgramError('out of memory');
  }
  return Buffer.concat(pieces, size);
}

/** Each piece of a line is looked through again until the line ends. */
const mostLine = 1024 * 1024;

/** Lines as they come, without their ends; a line without an end is the last. */
export async function* linesOf(stdin: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  const decoder = new TextDecoder();
  let kept = '';
  for await (const piece of stdin) {
    kept += decoder.decode(piece, { stream: true });
    for (let end = kept.indexOf('\n'); end >= 0; end = kept.indexOf('\n')) {
      yield kept.slice(0, end);
      kept = kept.slice(end + 1);
    }
    if (kept.length > mostLine) throw new ProgramError('line too long');
  }
  if (kept !== '') yield kept;
}

export async function* nothing(): AsyncIterable<Uint8Array> {}
