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

function* objectsByKey(expected: Snapshot['objects'], found: Snapshot['objects']): Generator<string> {
  for (const key of [...new Set([...Object.keys(expected), ...Object.keys(found)])].sort()) {
    if (!(key in found)) yield `object ${key} is missing`;
    else if (!(key in expected)) yield `object ${key} is unexpected`;
    else for (const each of differencesIn('', expected[key], found[key])) yield `object ${key} ${each}`;
  }
}

/** Lines of a table or a set: which are missing, which unexpected. */
function* lines(expected: readonly string[] = [], found: readonly string[] = []): Generator<string> {
  for (const line of expected) if (!found.includes(line)) yield `is missing: ${line}`;
  for (const line of found) if (!expected.includes(line)) yield `is unexpected: ${line}`;
}

/** A table without rows is not printed at all; its header is no difference. */
function* tableLines(expected: readonly string[] = [], found: readonly string[] = []): Generator<string> {
  if (expected.length > 0 && found.length > 0) yield* lines(expected, found);
  else yield* lines(expected.slice(1), found.slice(1));
}

export function compare(expected: Snapshot, found: Snapshot): readonly string[] {
  const tables = new Set([...Object.keys(expected.tables), ...Object.keys(found.tables)]);
  return [
    ...objectsByKey(expected.objects, found.objects),
    ...[...tables].flatMap((name) =>
      [...tableLines(expected.tables[name], found.tables[name])].map((line) => `table ${name} ${line}`),
    ),
    ...[...lines(expected.events, found.events)].map((line) => `event ${line}`),
  ];
}
