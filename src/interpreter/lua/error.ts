/** What goes wrong in a script: at its border as Errors, inside as values that `pcall` catches, or not. */
import { textOf } from './text.ts';
import type { LuaValue } from './value.ts';

/** Messages go into conditions and events; a script may say whatever it likes at whatever length. */
const longestMessage = 1000;

const bounded = (message: string): string =>
  message.length > longestMessage ? `${message.slice(0, longestMessage)}…` : message;

/** A script that cannot be read. */
export class LuaSyntaxError extends Error {
  override readonly name = 'LuaSyntaxError';
  readonly chunk: string;
  /** From 1. */
  readonly line: number;

  constructor(chunk: string, line: number, message: string) {
    super(bounded(message));
    this.chunk = chunk;
    this.line = line;
  }
}

/** A script that failed or was stopped; the message begins with chunk and line where Lua says so. */
export class LuaError extends Error {
  override readonly name = 'LuaError';
  readonly chunk: string;
  /** Where the script was, from 1; 0 when it had not begun. */
  readonly line: number;
  /** Stopped for having used up what it may use, rather than failed. */
  readonly stopped: boolean;

  constructor(chunk: string, line: number, message: string, stopped = false) {
    super(bounded(textOf(message)));
    this.chunk = chunk;
    this.line = line;
    this.stopped = stopped;
  }
}

/** Calls and expressions within each other so deep that JavaScript's own stack ended first. */
export const isStackOverflow = (error: unknown): boolean =>
  error instanceof RangeError && error.message.includes('call stack');

/** An error on its way to the nearest pcall; no Error, because nobody reads its stack. */
export class Thrown {
  readonly value: LuaValue;
  readonly line: number;

  constructor(value: LuaValue, line: number) {
    this.value = value;
    this.line = line;
  }
}

/** The end of a run that no pcall can stop. */
export class Stopped {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}
