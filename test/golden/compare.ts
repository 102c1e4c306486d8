/** Differences between two snapshots, one line each: where, what was expected, what is there. */
import type { JsonValue } from '#kube/meta/object.ts';
import type { Snapshot } from './snapshot.ts';

const show = (value: JsonValue | undefined) => (value === undefined ? 'nothing' : JSON.stringify(value));

function* differencesIn(
  path: string,
  expected: JsonValue | undefined,
  found: JsonValue | undefined,
): Generator<string> {
  if (JSON.stringify(expected) === JSON.stringify(found)) return;
  if (isMap(expected) && isMap(found)) {
    for (const key of [...new Set([...Object.keys(expected), ...Object.keys(found)])].sort())
      yield* differencesIn(path ? `${path}.${key}` : key, expected[key], found[key]);
    return;
  }
  if (Array.isArray(expected) && Array.isArray(found)) {
    for (let i = 0; i < Math.max(expected.length, found.length); i++)
      yield* differencesIn(`${path}[${i}]`, expected[i], found[i]);
    return;
  }
  yield `${path}: expected ${show(expected)}, found ${show(found)}`;
}

type Fields = Readonly<Record<string, JsonValue | undefined>>;
const isMap = (value: JsonValue | undefined): value is JsonValue & Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function* byKey<T>(
  what: string,
  expected: Readonly<Record<string, T>>,
  found: Readonly<Record<string, T>>,
  each: (a: T, b: T) => Iterable<string>,
): Generator<string> {
  for (const key of [...new Set([...Object.keys(expected), ...Object.keys(found)])].sort()) {
    if (!(key in found)) yield `${what} ${key} is missing`;
    else if (!(key in expected)) yield `${what} ${key} is unexpected`;
    else for (const difference of each(expected[key]!, found[key]!)) yield `${what} ${key} ${difference}`;
  }
}

/** Lines of a table or a set: which are missing, which unexpected. */
function* lines(expected: readonly string[], found: readonly string[]): Generator<string> {
  for (const line of expected) if (!found.includes(line)) yield `is missing: ${line}`;
  for (const line of found) if (!expected.includes(line)) yield `is unexpected: ${line}`;
}

export function compare(expected: Snapshot, found: Snapshot): readonly string[] {
  return [
    ...byKey('object', expected.objects, found.objects, (a, b) => differencesIn('', a, b)),
    ...byKey('table', expected.tables, found.tables, lines),
    ...[...lines(expected.events, found.events)].map((line) => `event ${line}`),
  ];
}
