/** Why a text is no RFC 3339 time, as Go's time package says it. Pure. */

interface Part {
  readonly pattern: RegExp;
  readonly layout: string;
  /** Checked once the whole fits. */
  readonly name?: string;
  readonly range?: readonly [number, number];
}

const parts: readonly Part[] = [
  { pattern: /^\d{4}/, layout: '2006' },
  { pattern: /^-/, layout: '-' },
  { pattern: /^\d\d/, layout: '01', name: 'month', range: [1, 12] },
  { pattern: /^-/, layout: '-' },
  { pattern: /^\d\d/, layout: '02', name: 'day', range: [1, 31] },
  { pattern: /^T/, layout: 'T' },
  { pattern: /^\d\d/, layout: '15', name: 'hour', range: [0, 23] },
  { pattern: /^:/, layout: ':' },
  { pattern: /^\d\d/, layout: '04', name: 'minute', range: [0, 59] },
  { pattern: /^:/, layout: ':' },
  { pattern: /^\d\d(\.\d+)?/, layout: '05', name: 'second', range: [0, 59] },
  { pattern: /^(Z|[+-]\d\d:\d\d)/, layout: 'Z07:00' },
];

/** Undefined: it is one. */
export function timeError(text: string): string | undefined {
  const quoted = JSON.stringify(text);
  let rest = text;
  for (const { pattern, layout, name, range } of parts) {
    const match = pattern.exec(rest);
    if (!match)
      return `parsing time ${quoted} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(rest)} as ${JSON.stringify(layout)}`;
    const value = Math.floor(Number(match[0]));
    if (range && (value < range[0] || value > range[1])) return `parsing time ${quoted}: ${name} out of range`;
    rest = rest.slice(match[0].length);
  }
  if (rest !== '') return `parsing time ${quoted}: extra text: ${JSON.stringify(rest)}`;
  return Number.isNaN(Date.parse(text)) ? `parsing time ${quoted}: day out of range` : undefined;
}
