/** Values of flags as Go's strconv and time read them; RangeErrors in their words. */

const yes = ['1', 't', 'T', 'TRUE', 'true', 'True'];
const no = ['0', 'f', 'F', 'FALSE', 'false', 'False'];

const syntax = (parser: string, text: string) =>
  new RangeError(`strconv.${parser}: parsing ${JSON.stringify(text)}: invalid syntax`);

export function readSwitch(text: string): boolean {
  if (yes.includes(text)) return true;
  if (no.includes(text)) return false;
  throw syntax('ParseBool', text);
}

export function readWhole(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) throw syntax('ParseInt', text);
  const value = Number(text);
  if (!Number.isSafeInteger(value))
    throw new RangeError(`strconv.ParseInt: parsing ${JSON.stringify(text)}: value out of range`);
  return value;
}

export function readNumber(text: string): number {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) throw syntax('ParseFloat', text);
  return Number(text);
}

const units: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

/** Milliseconds of `1h2m3.5s`, `300ms`, `-1s`, `0`. */
export function readDuration(text: string): number {
  const [, sign, rest = ''] = /^([+-]?)(.*)$/s.exec(text)!;
  if (rest === '0') return 0;
  if (rest === '') throw new RangeError(`time: invalid duration ${JSON.stringify(text)}`);
  let milliseconds = 0;
  let at = 0;
  while (at < rest.length) {
    const [whole, number, unit] = /^(\d+\.?\d*|\.\d+)([^\d.]*)/.exec(rest.slice(at)) ?? [];
    if (whole === undefined) throw new RangeError(`time: invalid duration ${JSON.stringify(text)}`);
    if (!unit) throw new RangeError(`time: missing unit in duration ${JSON.stringify(text)}`);
    const factor = units[unit];
    if (factor === undefined)
      throw new RangeError(`time: unknown unit ${JSON.stringify(unit)} in duration ${JSON.stringify(text)}`);
    milliseconds += Number(number) * factor;
    at += whole.length;
  }
  return sign === '-' ? -milliseconds : milliseconds;
}
