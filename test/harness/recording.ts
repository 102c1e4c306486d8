/**
 * Requests and answers as they are kept in a file: what differs from run to run (uids, revisions, times, addresses) is
 * a word, and an answer about an object that was answered before says only what has changed.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { JsonObject, JsonValue } from '#kube/meta/object.ts';
import { applyMergePatch, createMergePatch } from '#kube/patch/merge.ts';
import type { Answered, Asked } from './exchange.ts';

export interface Exchange {
  readonly asked: Asked;
  readonly answered: Answered;
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const time = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;
const allocated = /^10\.96\.\d+\.\d+$/;
const word = /<(?:uid|revision|address) (\d+)>/g;
const namespaceWord = '<namespace>';

/** Of an entry in managedFields that a request gives back: any time would do, so that recordings stay as they are. */
const entryTime = '2026-01-01T00:00:00Z';

type Varying = 'uid' | 'revision' | 'address';

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The same words for the same values, numbered in the order in which they first appear. */
export class Words {
  private readonly namespace: string;
  private readonly words = new Map<string, string>();
  private readonly values = new Map<string, string>();
  private readonly counts = new Map<Varying, number>();

  /** `namespace`: where all of it takes place. */
  constructor(namespace: string) {
    this.namespace = namespace;
  }

  /** A request with words in it; its times are sent as they were. */
  asked(asked: Asked): Asked {
    const { path, body, ...rest } = asked;
    return {
      ...rest,
      path: this.inText(path, '', false),
      ...(body === undefined ? {} : { body: this.in(body) }),
    };
  }

  answered({ status, body }: Answered): Answered {
    return { status, body: this.in(body, true) };
  }

  /** What requests say of their own accord stays as it is: only answers make revisions and addresses up. */
  private varying(kind: 'revision' | 'address', value: string, answer: boolean): string {
    return answer || this.words.get(value)?.startsWith(`<${kind} `) ? this.of(kind, value) : value;
  }

  /** The other way round: a recorded request as it can be sent here and now. */
  filled<T>(recorded: T): T {
    const text = JSON.stringify(recorded).replaceAll(namespaceWord, this.namespace);
    return JSON.parse(text.replace(word, (found, count: string) => this.value(found, count))) as T;
  }

  /** What a word stands for; a uid that only requests know is any. */
  private value(found: string, count: string): string {
    return this.values.get(found) ?? `00000000-0000-4000-8000-${count.padStart(12, '0')}`;
  }

  private of(kind: Varying, value: string): string {
    const known = this.words.get(value);
    if (known?.startsWith(`<${kind} `)) return known;
    const count = (this.counts.get(kind) ?? 0) + 1;
    this.counts.set(kind, count);
    const made = `<${kind} ${count}>`;
    this.words.set(value, made);
    this.values.set(made, value);
    return made;
  }

  private in(value: JsonValue | undefined, answer = false, key = ''): JsonValue {
    if (typeof value === 'string') {
      const worded = this.inText(value, key, answer);
      if (answer) return worded.replace(time, '<time>');
      return key === 'time' ? worded.replace(time, entryTime) : worded;
    }
    if (Array.isArray(value)) {
      const items = (value as readonly JsonValue[]).map((each) => this.in(each, answer));
      if (answer && key === 'managedFields') return byOwner(items as readonly JsonObject[]);
      return answer && key === 'causes' ? once(items) : items;
    }
    if (!isObject(value)) return value ?? null;
    const tested = value.op === 'test' && value.path === '/metadata/resourceVersion';
    // In one order, whatever order the server writes its keys in.
    return Object.fromEntries(
      Object.keys(value)
        .filter((name) => value[name] !== undefined)
        .sort()
        .map((name) => [name, this.in(value[name], answer, tested && name === 'value' ? 'resourceVersion' : name)]),
    );
  }

  private inText(text: string, key: string, answer: boolean): string {
    if (key === 'resourceVersion' && /^\d+$/.test(text)) return this.varying('revision', text, answer);
    if (allocated.test(text)) return this.varying('address', text, answer);
    const worded = text.replaceAll(this.namespace, namespaceWord).replace(uuid, (found) => this.of('uid', found));
    // Messages name the revision they found.
    return answer && key === 'message' ? worded.replace(/\d{2,}/g, (found) => this.words.get(found) ?? found) : worded;
  }
}

/** kube-apiserver and the kind's own rules may find the same: how often it is said is not compared. */
const once = (causes: readonly JsonValue[]): readonly JsonValue[] =>
  [...new Set(causes.map((cause) => JSON.stringify(cause)))].map((text) => JSON.parse(text) as JsonValue);

/** managedFields by owner: their order goes by seconds, which differ from run to run. */
function byOwner(entries: readonly JsonObject[]): JsonObject {
  const owner = ({ manager, operation, apiVersion, subresource }: JsonObject) =>
    [manager, operation, apiVersion, subresource].filter((part) => typeof part === 'string').join(' ');
  return sorted(Object.fromEntries(entries.map((entry) => [owner(entry), entry.fieldsV1 ?? null]))) as JsonObject;
}

interface Line extends Asked {
  readonly status: number;
  readonly answer?: JsonValue;
  /** The line (from 0) with the last answer about the same object, and the merge patch from there. */
  readonly since?: number;
  readonly changes?: JsonValue;
}

function identity(body: JsonValue): string | undefined {
  if (!isObject(body) || body.kind === 'Status' || !isObject(body.metadata)) return undefined;
  const { namespace, name } = body.metadata;
  return JSON.stringify([body.apiVersion, body.kind, namespace, name]);
}

export function writeRecording(path: string, exchanges: readonly Exchange[], namespace: string): void {
  const words = new Words(namespace);
  const bodies: JsonValue[] = [];
  const last = new Map<string, number>();
  const lines = exchanges.map((exchange, line): Line => {
    const asked = words.asked(exchange.asked);
    const { status, body } = words.answered(exchange.answered);
    const id = identity(body);
    const since = id === undefined ? undefined : last.get(id);
    if (id !== undefined) last.set(id, line);
    bodies.push(body);
    if (since === undefined) return { ...asked, status, answer: body };
    const changes = createMergePatch(bodies[since], body);
    // A null in the answer cannot be said by a merge patch.
    const same = JSON.stringify(sorted(applyMergePatch(bodies[since]!, changes))) === JSON.stringify(body);
    return { ...asked, status, ...(same ? { since, changes } : { answer: body }) };
  });
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((name) => [name, sorted(value[name]!)]),
  );
}

/** With its words. */
export function readRecording(path: string): readonly Exchange[] {
  const bodies: JsonValue[] = [];
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  return lines.map((text) => {
    const { status, answer, since, changes, ...asked } = JSON.parse(text) as Line;
    const body = since === undefined ? answer! : applyMergePatch(bodies[since]!, changes);
    bodies.push(body);
    return { asked, answered: { status, body } };
  });
}
