/**
 * Text for a terminal without what would steer it. Names, messages and values come from clusters, and whoever may write
 * one could else clear lines of a report, or write others over them. Pure.
 */

/** Blanks of ours, and colours: bold, dim, red, green, yellow and their ends. */
const harmless = String.raw`[\t\n]|\x1b\[(?:1|2|22|31|32|33|39)m`;
/** Control characters of ASCII and of Latin-1, line and paragraph separators, and marks that turn the direction round. */
const steering = String.raw`[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]`;
const either = new RegExp(`(${harmless})|${steering}`, 'g');

/** As kubectl shows the escape character, and a few as programs write them. */
const known: Readonly<Record<string, string>> = { '\x1b': '^[', '\r': '\\r', '\b': '\\b', '\f': '\\f', '\v': '\\v' };

const shown = (character: string): string =>
  known[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** `\x1b[2J` becomes `^[[2J`; colours stay. */
export const withoutControl = (text: string): string =>
  text.replace(either, (character, kept: string | undefined) => kept ?? shown(character));

/** Likewise, as kubectl has it in tables and descriptions, wherever they go: no colours either. */
export const escapedForTables = (text: string): string => text.replaceAll('\x1b', '^[').replaceAll('\r', '\\r');
