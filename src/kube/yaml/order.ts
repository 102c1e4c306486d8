/** The order of keys in kubectl's YAML: other characters before letters, and numbers in them by their value. */

const isDigit = (letter: string | undefined) => letter !== undefined && letter >= '0' && letter <= '9';
const isLetter = (point: number) =>
  point < 0x80 ? (point | 0x20) >= 0x61 && (point | 0x20) <= 0x7a : /\p{L}/u.test(String.fromCodePoint(point));

/** `a2` before `a10`; negative, zero or positive. */
export function compareKeys(left: string, right: string): number {
  const shorter = Math.min(left.length, right.length);
  let at = 0;
  while (at < shorter && left[at] === right[at]) at++;
  if (at === shorter) return left.length - right.length;
  const [first, second] = [left.codePointAt(at)!, right.codePointAt(at)!];
  const [letter, otherLetter] = [isLetter(first), isLetter(second)];
  if (letter !== otherLetter) return letter ? 1 : -1;
  if (letter) return first - second;
  const [number, digits] = readNumber(left, at, right[at] === '0');
  const [otherNumber, otherDigits] = readNumber(right, at, left[at] === '0');
  return number - otherNumber || digits - otherDigits || first - second;
}

/**
 * The number that stands at `at` and its count of digits. A zero after other digits is part of a larger number, which a
 * leading 1 stands for: so `10` and `100` are in order of their value, and `1` and `01` too.
 */
function readNumber(text: string, at: number, besideZero: boolean): [number, number] {
  let number = 0;
  if (text[at] === '0' || besideZero) {
    for (let before = at - 1; isDigit(text[before]); before--) if (text[before] !== '0') number = 1;
  }
  let end = at;
  for (; isDigit(text[end]); end++) number = number * 10 + Number(text[end]);
  return [number, end - at];
}
