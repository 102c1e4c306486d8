import { expect, it } from 'vitest';
import { escapedForTables, withoutControl } from './control-characters.ts';

it.each([
  ['what people write', 'a\tb\nc – “é” 漢字 🎉', 'a\tb\nc – “é” 漢字 🎉'],
  ['colours of ours', '\x1b[32m✓\x1b[39m \x1b[1mdone\x1b[22m', '\x1b[32m✓\x1b[39m \x1b[1mdone\x1b[22m'],
  ['lines cleared', 'a\x1b[2K\x1b[3A\x1b[Jb', 'a^[[2K^[[3A^[[Jb'],
  ['hidden text', '\x1b[8mhidden', '^[[8mhidden'],
  ['a title or a link', '\x1b]0;owned\x07', '^[]0;owned\\u0007'],
  ['a line written over', 'Refused\rAdopted', 'Refused\\rAdopted'],
  ['the same in one character', '\u009b2J', '\\u009b2J'],
  ['letters turned round', 'a\u202ecod.exe', 'a\\u202ecod.exe'],
])('a terminal is not steered: %s', (_, text, shown) => expect(withoutControl(text)).toBe(shown));

it('escapes as kubectl does in tables', () => expect(escapedForTables('\x1b[31mred\r')).toBe('^[[31mred\\r'));
