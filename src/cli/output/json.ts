/** JSON as kubectl prints it: four blanks, sorted keys, what HTML would read escaped. */

const escaped: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};

/** Ends with a line break. */
export function toJson(value: unknown): string {
  return `${JSON.stringify(sorted(value), null, 4).replace(/[<>&\u2028\u2029]/g, (letter) => escaped[letter]!)}\n`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const members = value as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.keys(members)
      .sort()
      .map((key) => [key, sorted(members[key])]),
  );
}
