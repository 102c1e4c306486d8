/** The parts of timestamps and durations. */

import { celTypes } from '../types.ts';
import { durationIn } from '../value/duration.ts';
import { localTime } from '../value/timestamp.ts';
import { type CelDuration, CelError, type CelTimestamp } from '../value/value.ts';
import { type CelLibrary, declare, type FunctionDeclaration, method, type Overload } from './declare.ts';

const { duration, int, string, timestamp } = celTypes;

type Part = (local: Date, timestamp: CelTimestamp) => number;

function part(name: string, id: string, of: Part, zoneId = `${id}_with_tz`, ...more: Overload[]): FunctionDeclaration {
  const run = (value: CelTimestamp, zone = 'UTC') => {
    const local = localTime(value, zone);
    return local instanceof CelError ? local : of(local, value);
  };
  return declare(
    name,
    method(`timestamp_to_${id}`, [timestamp], int, (value: CelTimestamp) => run(value)),
    method(`timestamp_to_${zoneId}`, [timestamp, string], int, run),
    ...more,
  );
}

const inDuration = (id: string, unit: 'h' | 'm' | 's' | 'ms'): Overload =>
  method(`duration_to_${id}`, [duration], int, (value: CelDuration) => durationIn(value, unit));

const dayOfYear: Part = (local) => {
  const start = new Date(local);
  start.setUTCMonth(0, 1);
  return Math.round((local.getTime() - start.getTime()) / 86_400_000);
};

export const times: CelLibrary = {
  functions: [
    part('getFullYear', 'year', (local) => local.getUTCFullYear()),
    part('getMonth', 'month', (local) => local.getUTCMonth()),
    part('getDayOfYear', 'day_of_year', dayOfYear),
    part('getDayOfMonth', 'day_of_month', (local) => local.getUTCDate() - 1),
    part('getDate', 'day_of_month_1_based', (local) => local.getUTCDate()),
    part('getDayOfWeek', 'day_of_week', (local) => local.getUTCDay()),
    part('getHours', 'hours', (local) => local.getUTCHours(), undefined, inDuration('hours', 'h')),
    part('getMinutes', 'minutes', (local) => local.getUTCMinutes(), undefined, inDuration('minutes', 'm')),
    part('getSeconds', 'seconds', (local) => local.getUTCSeconds(), 'seconds_tz', inDuration('seconds', 's')),
    part(
      'getMilliseconds',
      'milliseconds',
      (_local, { nanos }) => Math.trunc(nanos / 1_000_000),
      undefined,
      inDuration('milliseconds', 'ms'),
    ),
  ],
};
