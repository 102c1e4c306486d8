/** Cron schedules as kube-apiserver's parser (robfig/cron, standard form) reads them; only whether they can be read. */

interface Range {
  readonly low: number;
  readonly high: number;
  readonly names?: readonly string[];
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const ranges: readonly Range[] = [
  { low: 0, high: 59 },
  { low: 0, high: 23 },
  { low: 1, high: 31 },
  { low: 1, high: 12, names: months },
  { low: 0, high: 6, names: days },
];
const descriptors = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'];

/** The parser's text when a schedule cannot be read. */
export function scheduleFault(schedule: string): string | undefined {
  const text = schedule.replace(/^(?:CRON_)?TZ=\S* */, '');
  if (text.startsWith('@')) return descriptorFault(text);
  const fields = text.split(/\s+/).filter((field) => field !== '');
  if (fields.length !== ranges.length) {
    return `expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`;
  }
  for (const [index, field] of fields.entries()) {
    for (const part of field.split(',')) {
      const fault = rangeFault(part, ranges[index]!);
      if (fault !== undefined) return fault;
    }
  }
  return undefined;
}

function descriptorFault(text: string): string | undefined {
  if (descriptors.includes(text)) return undefined;
  if (!text.startsWith('@every ')) return `unrecognized descriptor: ${text}`;
  const duration = text.slice('@every '.length);
  if (/^[+-]?(?:\d+(?:\.\d*)?(?:ns|us|µs|ms|s|m|h))+$/.test(duration) || duration === '0') return undefined;
  return `failed to parse duration ${text}: time: invalid duration ${JSON.stringify(duration)}`;
}

/** `*`, `5`, `1-5`, `mon-fri`, each with `/step`. */
function rangeFault(text: string, range: Range): string | undefined {
  const [span = '', step, ...tooManySlashes] = text.split('/');
  const [from = '', to, ...tooManyHyphens] = span.split('-');
  const any = from === '*' || from === '?';
  if (!any) {
    for (const bound of [from, ...(to === undefined ? [] : [to])]) {
      const fault = numberFault(bound, range);
      if (fault !== undefined) return fault;
    }
    if (tooManyHyphens.length > 0) return `too many hyphens: ${text}`;
  }
  if (tooManySlashes.length > 0) return `too many slashes: ${text}`;
  if (step !== undefined && !/^\d+$/.test(step)) return parseFault(step);
  return boundsFault(text, any ? range.low : numberOf(from, range), endOf(from, to, step, range), step, range);
}

function endOf(from: string, to: string | undefined, step: string | undefined, range: Range): number {
  if (from === '*' || from === '?') return range.high;
  if (to !== undefined) return numberOf(to, range);
  return step === undefined ? numberOf(from, range) : range.high;
}

function boundsFault(
  text: string,
  start: number,
  end: number,
  step: string | undefined,
  range: Range,
): string | undefined {
  if (start < range.low) return `beginning of range (${start}) below minimum (${range.low}): ${text}`;
  if (end > range.high) return `end of range (${end}) above maximum (${range.high}): ${text}`;
  if (start > end) return `beginning of range (${start}) beyond end of range (${end}): ${text}`;
  return step === '0' ? `step of range should be a positive number: ${text}` : undefined;
}

function numberOf(text: string, { low, names = [] }: Range): number {
  const index = names.indexOf(text.toLowerCase());
  return index < 0 ? Number(text) : index + low;
}

function numberFault(text: string, { names = [] }: Range): string | undefined {
  return /^\d+$/.test(text) || names.includes(text.toLowerCase()) ? undefined : parseFault(text);
}

/** Go's strconv.Atoi, as the parser wraps it. */
function parseFault(text: string): string {
  if (/^-\d+$/.test(text)) return `negative number (${text}) not allowed: ${text}`;
  return `failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`;
}
