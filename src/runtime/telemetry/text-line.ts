/** A log line for a person: time, level, message, then `key=value`; stacks below it. */
import type { LogRecord } from './log.ts';

const marks = { debug: 'DEBUG', info: 'INFO ', error: 'ERROR' } as const;

const plain = /^[^\s"=]+$/;

function valueText(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return plain.test(text) ? text : JSON.stringify(text);
}

export function textLine({ level, time, message, keys }: LogRecord): string {
  const { stack, ...rest } = keys;
  const clock = new Date(time).toISOString().slice(11, 23);
  const pairs = Object.entries(rest).map(([key, value]) => ` ${key}=${valueText(value)}`);
  const below = typeof stack === 'string' ? `${stack.split('\n').slice(1).join('\n')}\n` : '';
  return `${clock} ${marks[level]} ${message}${pairs.join('')}\n${below}`;
}
