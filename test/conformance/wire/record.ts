/** Answers on the wire in the form in which they are kept and compared: what clients see, without what differs each time. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WireAnswer } from '#harness/wire.ts';
import type { JsonObject, JsonValue } from '#kube/meta/object.ts';

export interface Told {
  readonly status: number;
  readonly type: string;
  /** The server said that it will close. */
  readonly closes: boolean;
  readonly said: JsonValue;
}

const file = join(import.meta.dirname, 'recorded.jsonl');

const sorted = (value: JsonValue): JsonValue =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(
        Object.entries(value as JsonObject)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, each]) => [key, sorted(each ?? null)]),
      )
    : Array.isArray(value)
      ? value.map(sorted)
      : value;

/** Of an object its kind and name, of a list its kind, of a Status all of it. */
function said(type: string, body: string): JsonValue {
  // A watch that has nothing to say answers nothing.
  if (!type.startsWith('application/json') || body === '') return body;
  const document = JSON.parse(body) as JsonObject & { readonly metadata?: JsonObject };
  if (document.kind === 'Status') return sorted(document);
  return { kind: document.kind ?? null, name: document.metadata?.name ?? null };
}

export const told = ({ status, headers, body }: WireAnswer): Told => {
  const type = headers['content-type'] ?? '';
  return { status, type, closes: headers.connection === 'close', said: said(type, body) };
};

export type Recorded = Readonly<Record<string, readonly Told[]>>;

export const readRecorded = (): Recorded =>
  Object.fromEntries(
    readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly name: string; readonly answers: readonly Told[] })
      .map(({ name, answers }) => [name, answers]),
  );

export const writeRecorded = (recorded: Recorded): void =>
  writeFileSync(
    file,
    Object.entries(recorded)
      .map(([name, answers]) => `${JSON.stringify({ name, answers })}\n`)
      .join(''),
  );
