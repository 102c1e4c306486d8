/** Values as Go prints them: text bare, maps and lists as JSON with sorted keys. */

/** All values with blanks between them. */
export function printValues(values: readonly unknown[]): string {
  return values.map(printValue).join(' ');
}

export function printValue(value: unknown): string {
  return typeof value === 'string' ? value : goJson(value);
}

/** Letters that encoding/json escapes although JSON does not ask for it. */
const unsafe: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};

/** As Go's encoding/json writes maps, lists and scalars. */
function goJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = value as Readonly<Record<string, unknown>>;
    const keys = Object.keys(members).filter((key) => members[key] !== undefined);
    return `{${keys
      .sort()
      .map((key) => `${goJson(key)}:${goJson(members[key])}`)
      .join(',')}}`;
  }
  if (typeof value === 'string')
    return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (letter) => unsafe[letter]!);
  return typeof value === 'number' ? goNumber(value) : JSON.stringify(value ?? null);
}

/** Integers in full; other numbers with an exponent below 10^-4 and from 10^21. */
function goNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 63) return String(value === 0 ? 0 : value);
  const [mantissa, exponent] = value.toExponential().split('e') as [string, string];
  const power = Number(exponent);
  if (power >= -4 && power < 21) return String(value);
  return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}
