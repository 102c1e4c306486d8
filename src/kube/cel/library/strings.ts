/** cel-go's string extensions, in the version Kubernetes has. Positions are code points. */

import { goEscapes } from '../../fields/text.ts';
import { celTypes } from '../types.ts';
import type { CelInt } from '../value/int.ts';
import { itemsOf, ValueList } from '../value/list.ts';
import { textOf } from '../value/text.ts';
import { CelError, type CelList, type Evaluated } from '../value/value.ts';
import { type CelLibrary, declare, method, overload } from './declare.ts';
import { formatString } from './format.ts';
import { longestText, textTooLong } from './limits.ts';

const { int, string, dyn } = celTypes;
const strings = celTypes.list(string);

const outOfRange = (index: CelInt): CelError => new CelError(`index out of range: ${index}`);

/** Text by code points: the text itself where each is one unit. */
const points = (text: string): readonly string[] | string => (/[\ud800-\udfff]/.test(text) ? Array.from(text) : text);
const slice = (text: readonly string[] | string, start: number, end?: number): string => {
  const part = text.slice(start, end);
  return typeof part === 'string' ? part : part.join('');
};

function charAt(text: string, index: CelInt): Evaluated {
  const all = points(text);
  return index < 0 || index > all.length ? outOfRange(index) : (all[Number(index)] ?? '');
}

/** Code points before a place that is counted in units. */
const pointsBefore = (text: string, units: number): number => points(text.slice(0, units)).length;
const unitsBefore = (text: string, count: number): number => slice(points(text), 0, count).length;

function indexOf(text: string, part: string, from: CelInt = 0): Evaluated {
  if (part === '') return from;
  if (from < 0) return outOfRange(from);
  if (from >= points(text).length) return -1;
  const at = text.indexOf(part, unitsBefore(text, Number(from)));
  return at < 0 ? -1 : pointsBefore(text, at);
}

function lastIndexOf(text: string, part: string, from?: CelInt): Evaluated {
  const size = points(text).length;
  if (part === '') return from ?? size;
  const start = from ?? size - 1;
  if (from === undefined && size < points(part).length) return -1;
  if (start < 0) return outOfRange(start);
  if (start >= size) return -1;
  const at = text.lastIndexOf(part, unitsBefore(text, Number(start)));
  return at < 0 ? -1 : pointsBefore(text, at);
}

function substring(text: string, start: CelInt, end?: CelInt): Evaluated {
  const all = points(text);
  if (end !== undefined && start > end) return new CelError(`invalid substring range. start: ${start}, end: ${end}`);
  for (const index of [start, end ?? start]) if (index < 0 || index > all.length) return outOfRange(index);
  return slice(all, Number(start), end === undefined ? undefined : Number(end));
}

const lowerAscii = (text: string): string => text.replace(/[A-Z]+/g, (part) => part.toLowerCase());
const upperAscii = (text: string): string => text.replace(/[a-z]+/g, (part) => part.toUpperCase());

/** The places where `part` is, at most so many; an empty one is between all characters. */
function places(text: string, part: string, most: number): number[] {
  const found: number[] = [];
  if (part === '') {
    let at = 0;
    found.push(0);
    for (const character of text) {
      at += character.length;
      found.push(at);
    }
    return most < 0 ? found : found.slice(0, most);
  }
  for (let at = text.indexOf(part); at >= 0 && found.length !== most; at = text.indexOf(part, at + part.length))
    found.push(at);
  return found;
}

function replace(text: string, part: string, by: string, most: CelInt = -1): Evaluated {
  const found = places(text, part, Number(most));
  if (text.length + found.length * (by.length - part.length) > longestText) return textTooLong;
  let replaced = '';
  let at = 0;
  for (const place of found) {
    replaced += text.slice(at, place) + by;
    at = place + part.length;
  }
  return replaced + text.slice(at);
}

function split(text: string, separator: string, most: CelInt = -1): Evaluated {
  if (most === 0 || most === 0n) return new ValueList([]);
  if (separator === '') {
    const all = Array.from(text);
    if (most < 0 || all.length <= most) return new ValueList(all);
    const last = Number(most) - 1;
    return new ValueList([...all.slice(0, last), all.slice(last).join('')]);
  }
  const parts: string[] = [];
  let at = 0;
  for (const place of places(text, separator, most < 0 ? -1 : Number(most) - 1)) {
    parts.push(text.slice(at, place));
    at = place + separator.length;
  }
  return new ValueList([...parts, text.slice(at)]);
}

/** What Go takes for space: not the byte order mark that JavaScript trims. */
const trim = (text: string): string =>
  text.replace(
    /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+|[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/g,
    '',
  );

function join(list: CelList, separator = ''): Evaluated {
  const parts: string[] = [];
  let size = Math.max(0, list.size - 1) * separator.length;
  for (const item of itemsOf(list)) {
    if (typeof item !== 'string') return new CelError(`join: invalid input: ${textOf(item)}`);
    size += item.length;
    if (size > longestText) return textTooLong;
    parts.push(item);
  }
  return parts.join(separator);
}

const quoteText = (text: string): string => `"${Array.from(text, (each) => goEscapes[each] ?? each).join('')}"`;

export const stringExtensions: CelLibrary = {
  functions: [
    declare('charAt', method('string_char_at_int', [string, int], string, charAt)),
    declare(
      'indexOf',
      method('string_index_of_string', [string, string], int, indexOf),
      method('string_index_of_string_int', [string, string, int], int, indexOf),
    ),
    declare(
      'lastIndexOf',
      method('string_last_index_of_string', [string, string], int, lastIndexOf),
      method('string_last_index_of_string_int', [string, string, int], int, lastIndexOf),
    ),
    declare('lowerAscii', method('string_lower_ascii', [string], string, lowerAscii)),
    declare(
      'replace',
      method('string_replace_string_string', [string, string, string], string, replace),
      method('string_replace_string_string_int', [string, string, string, int], string, replace),
    ),
    declare(
      'split',
      method('string_split_string', [string, string], strings, split),
      method('string_split_string_int', [string, string, int], strings, split),
    ),
    declare(
      'substring',
      method('string_substring_int', [string, int], string, substring),
      method('string_substring_int_int', [string, int, int], string, substring),
    ),
    declare('trim', method('string_trim', [string], string, trim)),
    declare('upperAscii', method('string_upper_ascii', [string], string, upperAscii)),
    declare('format', method('string_format', [string, celTypes.list(dyn)], string, formatString)),
    declare('strings.quote', overload('strings_quote', [string], string, quoteText)),
    declare(
      'join',
      method('list_join', [strings], string, join),
      method('list_join_string', [strings, string], string, join),
    ),
  ],
};
