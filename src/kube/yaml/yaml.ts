/**
 * YAML as kubectl reads and writes it. Reading follows YAML 1.1 where kubectl does (`yes` is true, `014` is 12) and
 * keeps dates and sexagesimal numbers as text; duplicate keys are errors. Errors are SyntaxErrors, `yaml: line 3: …`.
 */
import {
  defineScalarTag,
  EVENT_ID,
  getScalarValue,
  loadAll,
  mapTag,
  mergeTag,
  NOT_RESOLVED,
  parseEvents,
  SCALAR_STYLE,
  Schema,
  seqTag,
  strTag,
  YAMLException,
} from 'js-yaml';
import type { JsonValue } from '../meta/object.ts';
import { mergeable } from './map.ts';
import { repeatedKeys, type YamlStep } from './repeated.ts';
import { type PlainScalar, resolvePlain } from './scalar.ts';

export { toYaml } from './write.ts';

/**
 * Values in one text, aliases followed. A body of 3 MiB holds at most 1.5 million one-letter items, so only aliases
 * that multiply each other reach beyond.
 */
const mostValues = 2_000_000;
/** No schema nests so deep; kube-apiserver's JSON decoder stops at 10,000. */
const deepest = 1000;

/** One of the core types. What a plain scalar means is decided in one place; each tag takes its share of it. */
function plainTag(name: string, firstLetters: readonly string[], takes: (value: PlainScalar) => boolean) {
  return defineScalarTag<PlainScalar>(`tag:yaml.org,2002:${name}`, {
    implicit: true,
    implicitFirstChars: firstLetters,
    resolve: (source) => {
      const value = resolvePlain(source);
      return takes(value) ? value : NOT_RESOLVED;
    },
    identify: () => false,
  });
}

/** A type that only an explicit tag gives, and that JSON shows as text. */
function textTag(name: string, read: (source: string) => string) {
  return defineScalarTag<string>(`tag:yaml.org,2002:${name}`, { resolve: read, identify: () => false });
}

const schema = new Schema([
  strTag,
  seqTag,
  mergeable(mapTag),
  mergeTag,
  plainTag('null', ['', '~', 'n', 'N'], (value) => value === null),
  plainTag('bool', Array.from('yYnNtTfFoO'), (value) => typeof value === 'boolean'),
  plainTag('int', Array.from('+-0123456789'), (value) => Number.isInteger(value)),
  plainTag('float', Array.from('+-.0123456789'), (value) => typeof value === 'number'),
  textTag('binary', (source) => new TextDecoder().decode(Uint8Array.fromBase64(source))),
  textTag('timestamp', (source) => source),
]);

/** The documents of a text in their order; empty ones are left out, as kubectl does. */
export function parseYamlDocuments(text: string): JsonValue[] {
  return load(text).filter((document) => document !== null);
}

/** The first document; null when the text is empty. */
export function parseYaml(text: string): JsonValue {
  return load(text)[0] ?? null;
}

/** The same; of keys stated twice the last counts, and they are told, in go-yaml's words. */
export function parseRepeatingYaml(text: string): { readonly value: JsonValue; readonly repeated: readonly string[] } {
  try {
    return { value: parseYaml(text), repeated: [] };
  } catch (error) {
    if (!(error instanceof SyntaxError) || !error.message.endsWith('already set in map')) throw error;
    return { value: load(text, true)[0] ?? null, repeated: repeatedKeys(text, stepsOf(text)) };
  }
}

const stepsOf = (text: string): readonly YamlStep[] =>
  parseEvents(text, { maxDepth: deepest }).map((event): YamlStep => {
    if (event.type === EVENT_ID.POP) return { type: 'end' };
    if (event.type === EVENT_ID.ALIAS) return { type: 'alias', at: event.anchorStart };
    if (event.type === EVENT_ID.SCALAR) {
      const value = getScalarValue(text, event);
      const isPlain = event.style === SCALAR_STYLE.PLAIN && event.tagStart < 0;
      return { type: 'scalar', at: event.valueStart, value: isPlain ? resolvePlain(value) : value };
    }
    if (event.type === EVENT_ID.DOCUMENT) return { type: 'document' };
    return { type: event.type === EVENT_ID.MAPPING ? 'map' : 'list', at: event.start };
  });

/** `repeating`: keys may be stated twice. */
function load(text: string, repeating = false): JsonValue[] {
  let documents: JsonValue[];
  try {
    documents = loadAll(text, { schema, maxDepth: deepest, json: repeating }) as JsonValue[];
  } catch (error) {
    throw syntaxError(error);
  }
  // Only anchors can make of few letters a value that is many times as large, or one that contains itself.
  if (text.includes('&')) refuseMultiplied(documents);
  return documents;
}

function refuseMultiplied(documents: readonly JsonValue[]): void {
  const open = -1;
  const sizes = new Map<object, number>();
  const sizeOf = (value: unknown): number => {
    if (typeof value !== 'object' || value === null) return 1;
    const known = sizes.get(value);
    if (known === open) throw new SyntaxError('yaml: anchor value contains itself');
    if (known !== undefined) return known;
    sizes.set(value, open);
    let size = 1;
    for (const member of Object.values(value)) size += sizeOf(member);
    sizes.set(value, size);
    return size;
  };
  for (const document of documents) {
    if (sizeOf(document) > mostValues) throw new SyntaxError('yaml: document contains excessive aliasing');
  }
}

/** What the parser says in words that do not help whoever wrote the text. */
const unclosed = 'a list [...] or a map {...} is not closed, or a comma between its entries is missing';
const plainer: Readonly<Record<string, string>> = {
  'deficient indentation': unclosed,
  'unexpected end of the stream within a flow collection': unclosed,
  'missed comma between flow collection entries': unclosed,
  'null byte is not allowed in input': 'control characters are not allowed',
  'the stream contains non-printable characters': 'control characters are not allowed',
};

function syntaxError(error: unknown): Error {
  if (!(error instanceof YAMLException)) return error instanceof Error ? error : new SyntaxError(String(error));
  const { mark, reason } = error;
  if (!mark) return new SyntaxError(`yaml: ${reason}`);
  const line = mark.line + 1;
  if (reason !== 'duplicated mapping key') return new SyntaxError(`yaml: line ${line}: ${plainer[reason] ?? reason}`);
  const key = /^("[^"]*"|'[^']*'|[^:,}\n]*)/.exec(mark.buffer.slice(mark.position))?.[0].replace(/^["']|["']$/g, '');
  return new SyntaxError(`yaml: unmarshal errors:\n  line ${line}: key ${JSON.stringify(key)} already set in map`);
}
