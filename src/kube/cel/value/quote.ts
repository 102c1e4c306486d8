/** Text in double quotes as Go's `%q` writes it. */

const short: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
};

const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

export function quote(text: string): string {
  let quoted = '';
  for (const character of text) {
    const point = character.codePointAt(0)!;
    if (short[character] !== undefined) quoted += short[character];
    else if (printable.test(character)) quoted += character;
    else if (point < 0x80) quoted += `\\x${hex(point, 2)}`;
    else quoted += point > 0xffff ? `\\U${hex(point, 8)}` : `\\u${hex(point, 4)}`;
  }
  return `"${quoted}"`;
}
