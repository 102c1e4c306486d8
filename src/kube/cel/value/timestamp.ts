/** Timestamps: RFC 3339, arithmetic within the years 1 to 9999, and calendar fields in a time zone. */

import { durationOf } from './duration.ts';
import { type CelDuration, CelError, CelTimestamp } from './value.ts';

/** 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z. */
const earliest = -62_135_596_800;
const latest = 253_402_300_799;
const billion = 1_000_000_000n;

const timestampOverflow = new CelError('timestamp overflow');

const inRange = (seconds: number): boolean => seconds >= earliest && seconds <= latest;

export const timestampOf = (seconds: number, nanos: number, offset = 0): CelTimestamp | CelError =>
  inRange(seconds) ? new CelTimestamp(seconds, nanos, offset) : timestampOverflow;

const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d?):(\d\d):(\d\d)(?:[.,](\d+))?(?:Z|([+-])(\d\d):(\d\d))$/;

const daysInMonth = (year: number, month: number): number =>
  month === 2
    ? year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
      ? 29
      : 28
    : [4, 6, 9, 11].includes(month)
      ? 30
      : 31;

/** time.Parse(time.RFC3339, text) as a value; undefined where it refuses. */
export function parseTimestamp(text: string): CelTimestamp | CelError | undefined {
  const match = rfc3339.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const [, , , , , , , fraction = '', sign, offsetHours = '0', offsetMinutes = '0'] = match;
  if (Number(offsetHours) > 24 || Number(offsetMinutes) >= 60) return undefined;
  const offset = (sign === '-' ? -1 : 1) * (Number(offsetHours) * 3600 + Number(offsetMinutes) * 60);
  const seconds = epochSeconds(year, month, day) + hour * 3600 + minute * 60 + second - offset;
  return timestampOf(seconds, Number(fraction.slice(0, 9).padEnd(9, '0')), offset);
}

/** Date.UTC takes the years 0 to 99 for those of the last century; these are asked for 400 years later. */
function epochSeconds(year: number, month: number, day: number): number {
  const cycle = 146_097 * 86_400;
  return Date.UTC(year + 400, month - 1, day) / 1000 - cycle;
}

/** time.RFC3339Nano in the offset the timestamp was written with. */
export function formatTimestamp(timestamp: CelTimestamp): string {
  const local = new Date((timestamp.seconds + timestamp.offset) * 1000).toISOString().slice(0, 19);
  const fraction = timestamp.nanos === 0 ? '' : `.${String(timestamp.nanos).padStart(9, '0').replace(/0+$/, '')}`;
  if (timestamp.offset === 0) return `${local}${fraction}Z`;
  const minutes = Math.abs(timestamp.offset) / 60;
  const part = (value: number) => String(Math.trunc(value)).padStart(2, '0');
  return `${local}${fraction}${timestamp.offset < 0 ? '-' : '+'}${part(minutes / 60)}:${part(minutes % 60)}`;
}

export function addDuration(timestamp: CelTimestamp, nanos: bigint): CelTimestamp | CelError {
  const total = BigInt(timestamp.seconds) * billion + BigInt(timestamp.nanos) + nanos;
  const rest = ((total % billion) + billion) % billion;
  return timestampOf(Number((total - rest) / billion), Number(rest), timestamp.offset);
}

export function subtractTimestamps(left: CelTimestamp, right: CelTimestamp): CelDuration | CelError {
  return durationOf(BigInt(left.seconds - right.seconds) * billion + BigInt(left.nanos) - BigInt(right.nanos));
}

/** What a clock on the wall of a time zone shows: a Date whose UTC fields are the local ones. */
export function localTime(timestamp: CelTimestamp, zone: string): Date | CelError {
  const colon = zone.indexOf(':');
  const offset = colon < 0 ? zoneOffset(timestamp, zone) : numericOffset(zone, colon);
  return offset instanceof CelError ? offset : new Date((timestamp.seconds + offset) * 1000);
}

function numericOffset(zone: string, colon: number): number | CelError {
  const [hours, minutes] = [zone.slice(0, colon), zone.slice(colon + 1)];
  for (const part of [hours, minutes]) {
    if (!/^[+-]?\d{1,18}$/.test(part))
      return new CelError(`strconv.Atoi: parsing ${JSON.stringify(part)}: invalid syntax`);
  }
  const sign = zone.startsWith('-') ? -1 : 1;
  return (Number(hours) * 60 + sign * Number(minutes)) * 60;
}

function zoneOffset(timestamp: CelTimestamp, zone: string): number | CelError {
  if (zone === '' || zone === 'UTC' || zone === 'Local') return 0;
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset', hourCycle: 'h23' });
    const name = format.formatToParts(new Date(timestamp.seconds * 1000)).find((part) => part.type === 'timeZoneName');
    const match = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?/.exec(name?.value ?? '');
    const [hours, minutes, seconds] = [match?.[2], match?.[3], match?.[4]].map((part) => Number(part ?? 0));
    return (match?.[1] === '-' ? -1 : 1) * (hours! * 3600 + minutes! * 60 + seconds!);
  } catch {
    return new CelError(`unknown time zone ${zone}`);
  }
}
