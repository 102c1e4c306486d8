/**
 * Requests and answers as they are kept in a file: what differs from run to run is a word (words.ts), and what resembles
 * something that was sent or answered before says only what has changed.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { JsonValue } from '#kube/meta/object.ts';
import { applyMergePatch } from '#kube/patch/merge.ts';
import { type Edits, edited, editsBetween } from './edits.ts';
import type { Answered, Asked } from './exchange.ts';
import { inOrder, isObject, Words } from './words.ts';

export { Words } from './words.ts';

export interface Exchange {
  readonly asked: Asked;
  readonly answered: Answered;
}

interface Line extends Asked {
  readonly status: number;
  /** The answer's headers. */
  readonly told?: Answered['headers'];
  readonly answer?: JsonValue;
  /** The line (from 0) with the last answer about the same object, and what differs; in old ones as a merge patch. */
  readonly since?: number;
  readonly edits?: Edits;
  readonly changes?: JsonValue;
  /** The same of the body that was sent. */
  readonly like?: number;
  readonly but?: Edits;
}

/** Values of one stream of a recording, by line; each is told by what differs from the last one of the same identity. */
class Told {
  private readonly values: JsonValue[] = [];
  private readonly last = new Map<string, number>();

  /** Where that is shorter. */
  since(line: number, id: string | undefined, value: JsonValue): { at: number; edits: Edits } | undefined {
    const at = id === undefined ? undefined : this.last.get(id);
    if (id !== undefined) this.last.set(id, line);
    this.values[line] = value;
    if (at === undefined) return undefined;
    const edits = editsBetween(this.values[at]!, value);
    return JSON.stringify(edits).length < JSON.stringify(value).length ? { at, edits } : undefined;
  }
}

function identity(body: JsonValue): string | undefined {
  if (!isObject(body) || !isObject(body.metadata)) return undefined;
  const { namespace, name } = body.metadata;
  return JSON.stringify([body.apiVersion, body.kind, namespace, name, body.code]);
}

/** What is sent resembles what was sent before of the same kind. */
const kindOf = (body: JsonValue): string | undefined =>
  isObject(body) && typeof body.kind === 'string' ? body.kind : undefined;

export function writeRecording(path: string, exchanges: readonly Exchange[], namespace: string): void {
  const words = new Words(namespace);
  const [answers, bodies] = [new Told(), new Told()];
  const lines = exchanges.map((exchange, line): Line => {
    const { body: sent, ...asked } = words.asked(exchange.asked);
    const { status, headers, body } = words.answered(exchange.answered);
    const from = sent === undefined ? undefined : bodies.since(line, kindOf(sent), sent);
    const since = answers.since(line, identity(body), body);
    return {
      ...asked,
      ...(from ? { like: from.at, but: from.edits } : sent === undefined ? {} : { body: sent }),
      status,
      ...(headers ? { told: headers } : {}),
      ...(since ? { since: since.at, edits: since.edits } : { answer: body }),
    };
  });
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

/** Recorded before conflicts were put in order. */
function settled(body: JsonValue): JsonValue {
  const causes = isObject(body) && isObject(body.details) ? body.details.causes : undefined;
  if (!isObject(body) || !Array.isArray(causes)) return body;
  return { ...body, details: { ...(body.details as object), causes: inOrder(causes as JsonValue[]) } };
}

const changedFrom = (before: JsonValue, edits: Edits | undefined, changes: JsonValue | undefined): JsonValue =>
  edits ? edited(before, edits) : applyMergePatch(before, changes);

/** With its words. */
export function readRecording(path: string): readonly Exchange[] {
  const answers: JsonValue[] = [];
  const bodies: (JsonValue | undefined)[] = [];
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  return lines.map((text) => {
    const { status, told, answer, since, edits, changes, like, but, body: whole, ...rest } = JSON.parse(text) as Line;
    const sent = like === undefined ? whole : edited(bodies[like]!, but!);
    bodies.push(sent);
    const body = since === undefined ? answer! : changedFrom(answers[since]!, edits, changes);
    answers.push(body);
    const asked = sent === undefined ? rest : { ...rest, body: sent };
    return { asked, answered: { status, ...(told ? { headers: told } : {}), body: settled(body) } };
  });
}
