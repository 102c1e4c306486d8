/**
 * Looking for a text in a text, in time that both lengths bound: JavaScript's `indexOf` may compare the whole of a long
 * pattern at each place.
 */

/** Shorter ones are soon compared. */
const short = 16;

/** Where `pattern` stands in `subject` first, from `from` on; -1 when it does not. */
export function placeOf(subject: string, pattern: string, from: number): number {
  if (pattern.length <= short) return subject.indexOf(pattern, from);
  const borders = bordersOf(pattern);
  let matched = 0;
  for (let at = from; at < subject.length; at += 1) {
    const code = subject.charCodeAt(at);
    while (matched > 0 && pattern.charCodeAt(matched) !== code) matched = borders[matched - 1]!;
    if (pattern.charCodeAt(matched) === code) matched += 1;
    if (matched === pattern.length) return at - matched + 1;
  }
  return -1;
}

/** For each beginning of the pattern how long the longest shorter one is that it ends with (Knuth, Morris and Pratt). */
function bordersOf(pattern: string): Uint32Array {
  const borders = new Uint32Array(pattern.length);
  let matched = 0;
  for (let at = 1; at < pattern.length; at += 1) {
    const code = pattern.charCodeAt(at);
    while (matched > 0 && pattern.charCodeAt(matched) !== code) matched = borders[matched - 1]!;
    if (pattern.charCodeAt(matched) === code) matched += 1;
    borders[at] = matched;
  }
  return borders;
}
