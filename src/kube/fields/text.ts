/** JSON and quoted text exactly as kube-apiserver writes them: keys of FieldsV1, paths in conflict messages. */
import type { JsonObject, JsonValue } from '../meta/object.ts';
import { compareText } from './order.ts';

const NEEDS_ESCAPE = /[<>&\u2028\u2029\b\f]/;
const ESCAPED = /[<>&\u2028\u2029]|\\[\\bf]/g;

function unicodeEscape(character: string): string {
  if (character === '\\b') return '\\u0008';
  if (character === '\\f') return '\\u000c';
  if (character === '\\\\') return character;
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** A JSON string with `<`, `>`, `&` and the two line separators escaped. */
export function jsonString(text: string): string {
  const plain = JSON.stringify(text);
  return NEEDS_ESCAPE.test(text) ? plain.replace(ESCAPED, unicodeEscape) : plain;
}

/** JSON with sorted keys and no blanks: the canonical form of one value. Undefined members are left out. */
export function canonicalJson(value: JsonValue): string {
  if (typeof value === 'string') return jsonString(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const map = value as JsonObject;
  const parts: string[] = [];
  for (const key of Object.keys(map).sort(compareText)) {
    const member = map[key];
    if (member !== undefined) parts.push(`${jsonString(key)}:${canonicalJson(member)}`);
  }
  return `{${parts.join(',')}}`;
}

/** Characters that Go's quoted texts have a letter for. */
export const goEscapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};
/** What Go's strconv.Quote does not leave as it is: quotes, backslashes and everything not printable. */
const UNPRINTABLE = /["\\]|[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;

function goEscape(character: string): string {
  const known = goEscapes[character];
  if (known !== undefined) return known;
  const code = character.codePointAt(0)!;
  if (code < 0x80) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** Go's `%q`. */
export function quoteText(text: string): string {
  return `"${text.replace(UNPRINTABLE, goEscape)}"`;
}

/** A value inside a path or a message: strings quoted, lists in brackets, maps as `key=value`. */
export function readableValue(value: JsonValue): string {
  if (typeof value === 'string') return quoteText(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(readableValue).join(',')}]`;
  return Object.entries(value as JsonObject)
    .map(([key, member]) => `${key}=${readableValue(member ?? null)}`)
    .join('');
}
