/** One run of a script: its globals, what it may still use, and where it is. */
import { Stopped, Thrown } from './error.ts';
import type { LuaTable } from './table.ts';
import { LuaFunction, type LuaValue, type LuaValues } from './value.ts';

/** What a script may use. The same script over the same values always uses the same. */
export interface LuaBudget {
  /** Nodes of the script evaluated, and what libraries do in its name. */
  readonly instructions: number;
  /** Bytes of all tables and strings ever made in the run, roughly. */
  readonly bytes: number;
  /** Calls within calls. */
  readonly depth: number;
}

/**
 * Some tenths of a second of work where the reference allows a second, and ten thousand times what real kinds need; the
 * depth is the reference's. Interpreters allow less.
 */
export const defaultBudget: LuaBudget = { instructions: 10_000_000, bytes: 64 * 1024 * 1024, depth: 256 };

/** What an entry of a table is taken to weigh. */
export const entryBytes = 40;
/** What an empty table or a closure is taken to weigh. */
export const tableBytes = 64;

/** One call of a script's function. */
export interface Frame {
  readonly run: Run;
  /** Parameters and locals; those that closures share are cells. */
  readonly slots: unknown[];
  readonly upvalues: readonly Cell[];
  readonly varargs: LuaValues;
  readonly caller: Frame | undefined;
  /** The line in the caller. */
  readonly callLine: number;
}

/** A variable that closures share. */
export interface Cell {
  value: LuaValue;
}

/** What a function answers that ends with calling another: `run.next` says whom. */
export const tailCall: LuaValues = ['tail call'];

/** What the world gives to a run. */
export interface Surroundings {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Takes what `print` prints, without the end of line. */
  readonly print: (line: string) => void;
}

export class Run {
  readonly chunk: string;
  readonly globals: LuaTable;
  /** Where methods of strings are found. */
  readonly stringLibrary: LuaTable;
  readonly surroundings: Surroundings;
  instructions: number;
  bytes: number;
  readonly depthLimit: number;
  depth = 0;
  /** Where it is, as closely as calls and blocks tell. */
  line = 0;
  frame: Frame | undefined;
  next: { readonly callee: LuaValue; readonly args: LuaValues } = { callee: undefined, args: [] };
  /** State of math.random: the same in every run. */
  random = 1;

  constructor(chunk: string, budget: LuaBudget, globals: LuaTable, strings: LuaTable, surroundings: Surroundings) {
    this.chunk = chunk;
    this.instructions = budget.instructions;
    this.bytes = budget.bytes;
    this.depthLimit = budget.depth;
    this.globals = globals;
    this.stringLibrary = strings;
    this.surroundings = surroundings;
  }

  /** Counts work done or about to be done. */
  spend(instructions: number): void {
    this.instructions -= instructions;
    if (this.instructions < 0) throw new Stopped('the script was stopped: it used up its instructions');
  }

  /** Counts memory about to be taken. */
  allocate(bytes: number): void {
    this.bytes -= bytes;
    if (this.bytes < 0) throw new Stopped('the script was stopped: it used up its memory');
  }

  /** A new string of this many bytes is about to be made. */
  allocateText(length: number): void {
    this.allocate(length + 16);
    this.spend(1 + (length >> 5));
  }

  /** An error of Lua's own at a line. */
  errorAt(line: number, message: string): Thrown {
    return new Thrown(`${this.chunk}:${line}: ${message}`, line);
  }

  /** An error of Lua's own where the last call was made. */
  error(message: string): Thrown {
    return this.errorAt(this.line, message);
  }

  /** The line at a level as `error` counts them: 1 is where it was called; undefined beyond the outermost function. */
  lineAt(level: number): number | undefined {
    let line = this.line;
    let frame = this.frame;
    for (let at = 1; at < level; at += 1) {
      if (!frame?.caller) return undefined;
      line = frame.callLine;
      frame = frame.caller;
    }
    return line;
  }

  /** An entry of a table, counted when it is new. */
  store(table: LuaTable, key: LuaValue, value: LuaValue): void {
    if (key === undefined) throw this.error('table index is nil');
    if (Number.isNaN(key)) throw this.error('table index is NaN');
    if (table.set(key, value)) this.allocate(entryBytes);
  }
}

/** Calls a value, and whoever it ends by calling. */
export function invoke(run: Run, callee: LuaValue, args: LuaValues): LuaValues {
  let [called, given] = [callee, args];
  for (;;) {
    if (!(called instanceof LuaFunction)) throw run.error('attempt to call a non-function object');
    const results = called.body(run, given);
    if (results !== tailCall) return results;
    [called, given] = [run.next.callee, run.next.args];
  }
}
