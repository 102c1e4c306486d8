/** YAML as kubectl prints it: keys sorted, lists not indented below their key, long lines folded. */
import type { JsonValue } from '../meta/object.ts';
import { compareKeys } from './order.ts';
import { inlineText, textLines } from './text.ts';

type Members = Readonly<Record<string, JsonValue | undefined>>;

/** A longer key does not stand before its value but in a line of its own (`? key`). */
const longestSimpleKey = 128;
const step = 2;
const lineBreak = /[\n\r\x85\u2028\u2029]/;

/** Ends with a line break. Members that are undefined are left out. */
export function toYaml(value: unknown): string {
  const lines: string[] = [];
  if (typeof value === 'string') writeScalar(value, step, '', lines);
  else writeNode(value as JsonValue, 0, '', lines);
  return `${lines.join('\n')}\n`;
}

/** Appends `value`; its first line begins with `start`, the others with at least `indent` blanks. */
function writeNode(value: JsonValue, indent: number, start: string, lines: string[]): void {
  if (Array.isArray(value) && value.length > 0) writeList(value, indent, start, lines);
  else if (isMap(value)) writeMap(value, indent, start, lines);
  else writeScalar(value, indent, start, lines);
}

function writeMap(members: Members, indent: number, start: string, lines: string[]): void {
  const blanks = ' '.repeat(indent);
  let line = start;
  for (const key of Object.keys(members).sort(compareKeys)) {
    const value = members[key];
    if (value === undefined) continue;
    if (lineBreak.test(key) || isLong(key)) {
      writeNode(key, indent + step, `${line}? `, lines);
      writeNode(value, indent + step, `${blanks}: `, lines);
    } else writeMember(`${line}${inlineText(key)}:`, value, indent, lines);
    line = blanks;
  }
}

function writeMember(start: string, value: JsonValue, indent: number, lines: string[]): void {
  if (Array.isArray(value) && value.length > 0) {
    lines.push(start);
    writeList(value, indent, ' '.repeat(indent), lines);
  } else if (isMap(value)) {
    lines.push(start);
    writeMap(value, indent + step, ' '.repeat(indent + step), lines);
  } else writeScalar(value, indent + step, `${start} `, lines);
}

function writeList(items: readonly JsonValue[], indent: number, start: string, lines: string[]): void {
  const blanks = ' '.repeat(indent);
  for (const [index, item] of items.entries()) {
    writeNode(item ?? null, indent + step, `${index === 0 ? start : blanks}- `, lines);
  }
}

function writeScalar(value: JsonValue, indent: number, start: string, lines: string[]): void {
  if (typeof value !== 'string') {
    lines.push(start + plainText(value));
    return;
  }
  const [first, ...more] = textLines(value, indent, start.length);
  lines.push(start + first, ...more);
}

function plainText(value: Exclude<JsonValue, string>): string {
  if (value === null) return 'null';
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'boolean') return String(value);
  return Array.isArray(value) ? '[]' : '{}';
}

/** Integers as they are; fractions as Go's %g writes them: `1e-07`, `1.2345675e+06`. */
function numberText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 64) return String(value === 0 ? 0 : value);
  const [mantissa, exponent] = value.toExponential().split('e') as [string, string];
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(value);
  return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

/** An object with at least one member to write. */
function isMap(value: JsonValue): value is Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).some((member) => member !== undefined);
}

const isLong = (key: string) =>
  key.length * 3 > longestSimpleKey && new TextEncoder().encode(key).length > longestSimpleKey;
