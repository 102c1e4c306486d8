/** The order of keys in kubectl's YAML: other characters before letters, and numbers in them by their value. */

const isLetter = (letter: string) => /\p{L}/u.test(letter);
const isDigit = (letter: string | undefined) => letter !== undefined && letter >= '0' && letter <= '9';

/** `a2` before `a10`; negative, zero or positive. */
export function compareKeys(left: string, right: string): number {
  const [a, b] = [[...left], [...right]];
  let at = 0;
  while (at < a.length && at < b.length && a[at] === b[at]) at++;
  if (at === a.length || at === b.length) return a.length - b.length;
  const [first, second] = [a[at]!, b[at]!];
  const [letter, otherLetter] = [isLetter(first), isLetter(second)];
  if (letter && otherLetter) return byCodePoint(first, second);
  if (letter || otherLetter) return letter ? 1 : -1;
  const [number, digits] = readNumber(a, at, b[at] === '0');
  const [otherNumber, otherDigits] = readNumber(b, at, a[at] === '0');
  if (number !== otherNumber) return number - otherNumber;
  return digits - otherDigits || byCodePoint(first, second);
}

/**
 * The number that stands at `at` and its count of digits. A zero that follows other digits is part of a larger number,
 * which a leading 1 stands for: `10` comes after `1x`, but `01` before `1`.
 */
function readNumber(letters: readonly string[], at: number, besideZero: boolean): [number, number] {
  let number = 0;
  if (letters[at] === '0' || besideZero) {
    for (let before = at - 1; before >= 0 && isDigit(letters[before]); before--)
      if (letters[before] !== '0') number = 1;
  }
  let end = at;
  for (; isDigit(letters[end]); end++) number = number * 10 + Number(letters[end]);
  return [number, end - at];
}

const byCodePoint = (left: string, right: string) => left.codePointAt(0)! - right.codePointAt(0)!;
