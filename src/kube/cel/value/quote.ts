/** Text in double quotes as Go's `%q` writes it. */
import { goEscapes } from '../../fields/text.ts';

const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

export function quote(text: string): string {
  let quoted = '';
  for (const character of text) {
    const point = character.codePointAt(0)!;
    if (goEscapes[character] !== undefined) quoted += goEscapes[character];
    else if (printable.test(character)) quoted += character;
    else if (point < 0x80) quoted += `\\x${hex(point, 2)}`;
    else quoted += point > 0xffff ? `\\U${hex(point, 8)}` : `\\u${hex(point, 4)}`;
  }
  return `"${quoted}"`;
}
