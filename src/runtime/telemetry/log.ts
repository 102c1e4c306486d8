/**
 * What a component says: a constant message with keys, on two levels (errors are always written). JSON by pino, or
 * text for a person at a terminal. pino is loaded at the first line, never at start; only this file knows it.
 */
import type { Clock } from '#world/clock/clock.ts';
import { errorFields, redactKeys } from './redact.ts';
import { textLine } from './text-line.ts';

export type LogKeys = Readonly<Record<string, unknown>>;
export type LogLevel = 'debug' | 'info' | 'error';

export interface Log {
  /** What an operator wants to know on an ordinary day. */
  readonly info: (message: string, keys?: LogKeys) => void;
  /** What somebody who looks for a defect wants to know. Ask `debugging` before making costly keys. */
  readonly debug: (message: string, keys?: LogKeys) => void;
  readonly error: (message: string, error: unknown, keys?: LogKeys) => void;
  readonly debugging: boolean;
  /** A log whose lines all carry these keys. */
  readonly with: (keys: LogKeys) => Log;
}

export interface LogOptions {
  readonly clock: Clock;
  /** Takes one line with its newline: standard error, in most processes. */
  readonly write: (line: string) => void;
  readonly format: 'json' | 'text';
  readonly level: 'info' | 'debug';
}

export interface LogRecord {
  readonly level: LogLevel;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly message: string;
  readonly keys: Readonly<Record<string, unknown>>;
}

/** Lines kept while pino loads (about 65 ms); what does not fit is counted in a line of its own. */
const mostEarlyLines = 1_000;

export function createLog(options: LogOptions): Log {
  const emit = options.format === 'text' ? (record: LogRecord) => options.write(textLine(record)) : jsonWriter(options);
  return bind(options, emit, {});
}

/** For tests and for callers that have nothing to say. */
export const silentLog: Log = {
  info() {},
  debug() {},
  error() {},
  debugging: false,
  with: () => silentLog,
};

function bind(options: LogOptions, emit: (record: LogRecord) => void, bound: LogKeys): Log {
  const debugging = options.level === 'debug';
  const say = (level: LogLevel, message: string, keys: LogKeys) =>
    emit({ level, time: options.clock.now(), message, keys: { ...bound, ...redactKeys(keys) } });
  return {
    info: (message, keys = {}) => say('info', message, keys),
    debug: (message, keys = {}) => {
      if (debugging) say('debug', message, keys);
    },
    error: (message, error, keys = {}) => say('error', message, { ...keys, ...errorFields(error) }),
    debugging,
    with: (keys) => bind(options, emit, { ...bound, ...redactKeys(keys) }),
  };
}

function jsonWriter({ write }: LogOptions): (record: LogRecord) => void {
  let early: LogRecord[] | undefined;
  let lost = 0;
  let line: ((record: LogRecord) => void) | undefined;

  const load = async () => {
    const { pino } = await import('pino');
    const logger = pino(
      {
        level: 'debug',
        base: undefined,
        timestamp: false,
        messageKey: 'message',
        formatters: { level: (level) => ({ level }) },
      },
      { write },
    );
    line = ({ level, time, message, keys }) => logger[level]({ time: new Date(time).toISOString(), ...keys }, message);
    for (const record of early ?? []) line(record);
    if (lost > 0) write(`{"level":"error","message":"Log lines lost while starting","lines":${lost}}\n`);
    early = undefined;
  };

  return (record) => {
    if (line) {
      line(record);
      return;
    }
    if (!early) {
      early = [];
      void load();
    }
    if (early.length < mostEarlyLines) early.push(record);
    else lost++;
  };
}
