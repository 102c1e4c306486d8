/**
 * Lua 5.1 as the reference's scripts need it: compiled once to closures, run each time with globals of its own and within
 * a budget, over JSON values that come back as the same references where nothing was changed (json.ts has the rules).
 *
 * Known differences from Lua 5.1, all as in the reference: no coroutines, no io, no debug; metatables, environments and
 * loading of code are refused; whole numbers are written in full. Time is the caller's, and in UTC.
 */
import type { JsonValue } from '#kube/meta/object.ts';
import { compileChunk } from './compile/compile.ts';
import { isStackOverflow, LuaError, LuaSyntaxError, Stopped, Thrown } from './error.ts';
import { toJson } from './json.ts';
import { newGlobals } from './libraries/libraries.ts';
import type { LuaModules } from './modules.ts';
import { parse } from './parse.ts';
import { defaultBudget, invoke, type LuaBudget, Run } from './run.ts';
import { fromJson } from './table.ts';
import { bytesOf } from './text.ts';
import { LuaFunction, textOfValue, typeName } from './value.ts';

export interface LuaOptions {
  readonly budget?: Partial<LuaBudget>;
  /** For os.time and os.date, in milliseconds since 1970. */
  readonly now?: number;
  /** What `require` finds. */
  readonly modules?: LuaModules;
  /** Takes the lines that `print` prints; they are dropped without it. */
  readonly print?: (line: string) => void;
}

/** All that the function returned; nil is null. */
export type LuaAnswer = readonly JsonValue[];

export interface LuaProgram {
  /**
   * Runs the chunk, then the global function it defines.
   * @throws LuaError when the script fails, is stopped, has no such function, or returns what JSON cannot say
   */
  readonly call: (functionName: string, args: readonly JsonValue[], options?: LuaOptions) => LuaAnswer;
  /** Does the chunk define this global function? @throws LuaError when the chunk itself fails */
  readonly defines: (functionName: string, options?: LuaOptions) => boolean;
}

/** Reading a script is linear and not stopped: this much takes about 0.1 s, and the largest we know of is 20 kB. */
const mostSourceLength = 256 * 1024;

/** @throws LuaSyntaxError also for a script of more than 256 Ki characters */
export function compile(source: string, chunkName: string): LuaProgram {
  if (source.length > mostSourceLength) {
    throw new LuaSyntaxError(
      chunkName,
      1,
      `${chunkName} has ${source.length} characters, and a script may have ${mostSourceLength}`,
    );
  }
  const chunk = bytesOf(chunkName);
  const newMain = compileChunk(parse(source, chunk));

  const within = <T>(options: LuaOptions, work: (run: Run) => T): T => {
    const { globals, strings } = newGlobals(options.modules ?? {});
    const surroundings = { now: options.now ?? 0, print: options.print ?? (() => {}) };
    const run = new Run(chunk, { ...defaultBudget, ...options.budget }, globals, strings, surroundings);
    try {
      invoke(run, newMain(), []);
      run.line = 0;
      return work(run);
    } catch (error) {
      throw outside(chunkName, run, error);
    }
  };

  return {
    call: (functionName, args, options = {}) =>
      within(options, (run) => {
        const called = run.globals.get(bytesOf(functionName));
        if (called === undefined) throw new LuaError(chunkName, 0, `not found function ${functionName}`);
        if (!(called instanceof LuaFunction)) {
          throw new LuaError(chunkName, 0, `${functionName} is not a function: ${typeName(called)}`);
        }
        return invoke(run, called, args.map(fromJson)).map((result) => toJson(run, result));
      }),
    defines: (functionName, options = {}) =>
      within(options, (run) => run.globals.get(bytesOf(functionName)) instanceof LuaFunction),
  };
}

/** What went wrong as callers see it. */
function outside(chunk: string, run: Run, error: unknown): unknown {
  if (error instanceof Thrown) return new LuaError(chunk, error.line, textOfValue(error.value));
  if (error instanceof Stopped)
    return new LuaError(chunk, run.line, `${run.chunk}:${run.line}: ${error.message}`, true);
  if (isStackOverflow(error)) return new LuaError(chunk, run.line, `${run.chunk}:${run.line}: stack overflow`, true);
  return error;
}
