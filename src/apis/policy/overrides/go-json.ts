/** JSON as Go's encoding/json writes it: compact, with `<`, `>`, `&` and two line separators escaped. */

const escaped: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};

/** Keys in the order in which they stand. Only within strings may those letters be, so the text may be searched. */
export const goJson = (value: unknown): string =>
  JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (letter) => escaped[letter]!);
