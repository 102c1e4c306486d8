/** Durations: Go's text form, arithmetic that stays within an int64 of nanoseconds, and their parts. */

import { intOf, largestInt } from './int.ts';
import { formatPlain } from './number-text.ts';
import { CelDuration, CelError } from './value.ts';

const second = 1_000_000_000n;
const unitNanos: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: second,
  m: 60n * second,
  h: 3600n * second,
};

/** As upstream says it of durations too. */
const durationOverflow = new CelError('integer overflow');

const fits = (nanos: bigint): boolean => nanos <= largestInt && nanos >= -largestInt - 1n;

/** Digits beyond which no amount of any unit fits; what is longer is refused before it costs anything. */
const mostDigits = 40;

/** time.ParseDuration: `1h2m3.5s`; undefined where it refuses. */
export function parseDuration(text: string): bigint | undefined {
  const [, sign, rest] = /^([+-]?)(.*)$/s.exec(text) as unknown as [string, string, string];
  if (rest === '0') return 0n;
  if (rest === '') return undefined;
  let total = 0n;
  const part = /(\d*)(?:(\.)(\d*))?(ns|us|µs|μs|ms|s|m|h)/y;
  while (part.lastIndex < rest.length) {
    const match = part.exec(rest);
    if (!match) return undefined;
    const [, whole = '', , fraction = '', unit = ''] = match;
    if (whole === '' && fraction === '') return undefined;
    if (whole.length > mostDigits) return undefined;
    const scale = unitNanos[unit]!;
    total += BigInt(whole || 0) * scale;
    // Go reads a fraction as a float of the digits it can hold; beyond a nanosecond nothing counts.
    const digits = fraction.slice(0, 18);
    if (digits !== '') total += (BigInt(digits) * scale) / 10n ** BigInt(digits.length);
    if (total > largestInt + 1n) return undefined;
  }
  const nanos = sign === '-' ? -total : total;
  return fits(nanos) ? nanos : undefined;
}

const looseUnits: readonly (readonly [readonly string[], bigint])[] = [
  [['ns', 'nano'], 1n],
  [['us', 'µs', 'micro'], 1_000n],
  [['ms', 'milli'], 1_000_000n],
  [['s', 'sec'], second],
  [['m', 'min'], 60n * second],
  [['h', 'hr', 'hour'], 3600n * second],
  [['d', 'day'], 86_400n * second],
  [['w', 'wk', 'week'], 604_800n * second],
];

/** What `format: duration` of a schema allows besides: days, weeks, words. */
export function parseLooseDuration(text: string): bigint | undefined {
  const exact = parseDuration(text);
  if (exact !== undefined) return exact;
  let total: bigint | undefined;
  for (const [, amount = '', name = ''] of text.matchAll(/(\d+)\s*([A-Za-zµ]+)/g)) {
    if (amount.length > 18) return undefined;
    const unit = name.toLowerCase();
    for (const [names, scale] of looseUnits) {
      if (names.includes(unit) || unit.startsWith(names.at(-1)!)) total = (total ?? 0n) + BigInt(amount) * scale;
    }
  }
  return total === undefined ? undefined : BigInt.asIntN(64, total);
}

export const durationOf = (nanos: bigint): CelDuration | CelError =>
  fits(nanos) ? new CelDuration(nanos) : durationOverflow;

/** Whole seconds and the rest apart, as Go does it, so that it rounds the same. */
const secondsOf = (duration: CelDuration): number =>
  Number(duration.nanos / second) + Number(duration.nanos % second) / 1e9;

export const formatDuration = (duration: CelDuration): string => `${formatPlain(secondsOf(duration))}s`;

/** Whole hours, minutes, seconds or milliseconds, cut towards zero. */
export const durationIn = (duration: CelDuration, unit: 'h' | 'm' | 's' | 'ms') =>
  intOf(duration.nanos / unitNanos[unit]!);
