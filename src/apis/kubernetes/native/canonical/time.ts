/** metav1.Time and MicroTime: RFC 3339 in any zone, kept in UTC with whole seconds or with six decimals. */

const canonical = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const canonicalMicro = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:[.,](\d+))?(?:Z|([+-])(\d\d):(\d\d))$/;

/** What is no time stays as it is; validation refuses it. */
export function canonicalTime(text: string): string {
  if (canonical.test(text)) return text;
  const match = rfc3339.exec(text);
  return match === null ? text : `${utc(match)}Z`;
}

export function canonicalMicroTime(text: string): string {
  if (canonicalMicro.test(text)) return text;
  const match = rfc3339.exec(text);
  return match === null ? text : `${utc(match)}.${(match[7] ?? '').padEnd(6, '0').slice(0, 6)}Z`;
}

/** Date and time to the second, the offset taken off. */
function utc(match: RegExpExecArray): string {
  const [, year, month, day, hour, minute, second, , sign, offsetHour, offsetMinute] = match;
  if (sign === undefined) return match[0].slice(0, 19);
  const offset = (Number(offsetHour) * 60 + Number(offsetMinute)) * (sign === '-' ? -1 : 1);
  const minutes = Number(hour) * 60 + Number(minute) - offset;
  const days = daysFromCivil(Number(year), Number(month), Number(day)) + Math.floor(minutes / 1440);
  const rest = ((minutes % 1440) + 1440) % 1440;
  return `${civilFromDays(days)}T${two(Math.floor(rest / 60))}:${two(rest % 60)}:${second}`;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** Days since 0000-03-01 in the proleptic Gregorian calendar, whose years start in March so that leap days come last. */
function daysFromCivil(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return shifted * 365 + Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400) + dayOfYear;
}

function civilFromDays(days: number): string {
  let year = Math.floor(days / 365.2425);
  while (daysFromCivil(year + 1, 3, 1) <= days) year++;
  while (daysFromCivil(year, 3, 1) > days) year--;
  const dayOfYear = days - daysFromCivil(year, 3, 1);
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return `${String(month <= 2 ? year + 1 : year).padStart(4, '0')}-${two(month)}-${two(day)}`;
}
