/**
 * Cron schedules as CronJobs write them: five fields with names, lists, ranges and steps, the `@` words, and `@every`.
 * Pure; times are milliseconds since 1970.
 */

export interface Schedule {
  /** The first time after `after`; undefined when there is none within five years. */
  readonly next: (after: number) => number | undefined;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const horizonMs = 5 * 366 * dayMs;

const words: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

interface Fields {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly daysOfMonth: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly daysOfWeek: ReadonlySet<number>;
  /** Both kinds of days are restricted: one of them is enough. */
  readonly eitherDay: boolean;
}

/** Throws RangeError on what is not a schedule or not a time zone. */
export function parseSchedule(text: string, timeZone?: string): Schedule {
  const trimmed = text.trim();
  const offsetAt = offsetOf(timeZone);
  const every = /^@every (.+)$/.exec(trimmed)?.[1];
  if (every !== undefined) {
    const ms = Math.max(1_000, readDuration(every));
    return { next: (after) => Math.floor(after / 1_000) * 1_000 + ms };
  }
  const fields = readFields(words[trimmed] ?? trimmed);
  return { next: (after) => nextTime(fields, offsetAt, after) };
}

function readDuration(text: string): number {
  const units: Readonly<Record<string, number>> = { h: hourMs, m: minuteMs, s: 1_000 };
  const parts = [...text.matchAll(/(\d+)(h|m|s)/g)];
  if (parts.map(([part]) => part).join('') !== text || parts.length === 0)
    throw new RangeError(`failed to parse duration @every ${text}`);
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * units[unit!]!, 0);
}

function readFields(text: string): Fields {
  const parts = text.split(/\s+/);
  if (parts.length !== 5) throw new RangeError(`expected exactly 5 fields, found ${parts.length}: ${text}`);
  const [minute, hour, dayOfMonth, month, dayOfWeek] = parts as [string, string, string, string, string];
  const isOpen = (field: string) => field.startsWith('*') || field.startsWith('?');
  return {
    minutes: readField(minute, 0, 59),
    hours: readField(hour, 0, 23),
    daysOfMonth: readField(dayOfMonth, 1, 31),
    months: readField(month, 1, 12, months),
    daysOfWeek: readField(dayOfWeek, 0, 6, days),
    eitherDay: !isOpen(dayOfMonth) && !isOpen(dayOfWeek),
  };
}

function readField(text: string, least: number, most: number, names: readonly string[] = []): ReadonlySet<number> {
  const values = new Set<number>();
  const read = (part: string): number => {
    const named = names.indexOf(part.toLowerCase());
    const value = named >= 0 ? named + least : /^\d+$/.test(part) ? Number(part) : Number.NaN;
    if (!(value >= least && value <= most)) throw new RangeError(`"${part}" is not within ${least}-${most} in ${text}`);
    return value;
  };
  for (const part of text.split(',')) {
    const [range = '', step, ...more] = part.split('/');
    const [first = '', last, ...rest] = range.split('-');
    if (more.length > 0 || rest.length > 0) throw new RangeError(`too many slashes or hyphens: ${part}`);
    const isAny = range === '*' || range === '?';
    const from = isAny ? least : read(first);
    const to = isAny || (last === undefined && step !== undefined) ? most : read(last ?? first);
    const by = step === undefined ? 1 : Number(step);
    if (!(Number.isInteger(by) && by > 0) || from > to) throw new RangeError(`not a range with a step: ${part}`);
    for (let value = from; value <= to; value += by) values.add(value);
  }
  return values;
}

/** Milliseconds a zone is ahead of UTC at a time. */
function offsetOf(timeZone: string | undefined): (at: number) => number {
  if (timeZone === undefined || timeZone === 'UTC' || timeZone === 'Etc/UTC') return () => 0;
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  return (at) => {
    const name = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign, hours = '0', minutes = '0'] = /GMT([+-])(\d+):(\d+)/.exec(name) ?? [];
    const ms = Number(hours) * hourMs + Number(minutes) * minuteMs;
    return sign === '-' ? -ms : ms;
  };
}

/** Day, month and weekday of a local time, by the proleptic Gregorian calendar. */
function civil(local: number) {
  const day = Math.floor(local / dayMs);
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const month = Math.floor((5 * dayOfYear + 2) / 153);
  return {
    dayOfMonth: dayOfYear - Math.floor((153 * month + 2) / 5) + 1,
    month: month < 10 ? month + 3 : month - 9,
    dayOfWeek: (((day + 4) % 7) + 7) % 7,
  };
}

function isDay(fields: Fields, local: number): boolean {
  const { dayOfMonth, month, dayOfWeek } = civil(local);
  if (!fields.months.has(month)) return false;
  const [ofMonth, ofWeek] = [fields.daysOfMonth.has(dayOfMonth), fields.daysOfWeek.has(dayOfWeek)];
  return fields.eitherDay ? ofMonth || ofWeek : ofMonth && ofWeek;
}

/** By whole hours of UTC, which no zone changes its offset within; days that do not match are passed over quickly. */
function nextTime(fields: Fields, offsetAt: (at: number) => number, after: number): number | undefined {
  let at = (Math.floor(after / minuteMs) + 1) * minuteMs;
  const end = after + horizonMs;
  while (at < end) {
    const offset = offsetAt(at);
    const local = at + offset;
    const hour = Math.floor((((local % dayMs) + dayMs) % dayMs) / hourMs);
    if (!isDay(fields, local) && hour < 22) {
      at = Math.floor(at / hourMs) * hourMs + (22 - hour) * hourMs;
      continue;
    }
    for (const stop = Math.floor(at / hourMs) * hourMs + hourMs; at < stop; at += minuteMs) {
      if (matches(fields, at + offset)) return at;
    }
  }
  return undefined;
}

function matches(fields: Fields, local: number): boolean {
  const ofDay = ((local % dayMs) + dayMs) % dayMs;
  return (
    fields.minutes.has(Math.floor((ofDay % hourMs) / minuteMs)) &&
    fields.hours.has(Math.floor(ofDay / hourMs)) &&
    isDay(fields, local)
  );
}
