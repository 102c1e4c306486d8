/** Times of managedFields entries, written from a clock's milliseconds by arithmetic alone. */

const SECONDS_A_DAY = 86_400;
const DAYS_TO_1970 = 719_468;
const DAYS_IN_400_YEARS = 146_097;

const padded = (value: number, width = 2): string => String(value).padStart(width, '0');

/** Year, month and day of a count of days since 1970, by eras of 400 years that begin on the first of March. */
function civilDate(daysSince1970: number): string {
  const days = daysSince1970 + DAYS_TO_1970;
  const era = Math.floor(days / DAYS_IN_400_YEARS);
  const dayOfEra = days - era * DAYS_IN_400_YEARS;
  const leapDays = Math.floor(dayOfEra / 1_460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${padded(year, 4)}-${padded(month)}-${padded(day)}`;
}

let lastSecond = Number.NaN;
let lastText = '';

/** RFC 3339 with whole seconds, UTC; `milliseconds` since 1970. Writes of one second share one text. */
export function entryTime(milliseconds: number): string {
  const second = Math.floor(milliseconds / 1_000);
  if (second === lastSecond) return lastText;
  const days = Math.floor(second / SECONDS_A_DAY);
  const rest = second - days * SECONDS_A_DAY;
  const time = [Math.floor(rest / 3_600), Math.floor(rest / 60) % 60, rest % 60].map((part) => padded(part)).join(':');
  lastText = `${civilDate(days)}T${time}Z`;
  lastSecond = second;
  return lastText;
}
