/**
 * Field overriders: a field that holds a JSON or YAML document as text is read, patched and written again. JSON keeps
 * the order of its keys and is written as Go writes it; YAML is written as kubectl prints it, keys sorted.
 */
import type { JsonValue, UnstructuredObject } from '#kube/meta/object.ts';
import { keysOf, valueAt } from '#kube/patch/pointer.ts';
import { parseYamlDocuments, toYaml } from '#kube/yaml/yaml.ts';
import type { FieldOverrider, PatchOperation } from '../override-spec.ts';
import { goJson } from './go-json.ts';
import { applyOperations, type Operation, OverrideError } from './operation.ts';

/** What keeps the digits of a number as they stand; the language has it, its TypeScript library not yet. */
const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => JsonValue };

/** Numbers that a double would change (long identifiers, `1.0`) stay the text they are. */
const exactly = (_key: string, value: unknown, { source }: { readonly source?: string }) =>
  typeof value === 'number' && source !== undefined && String(value) !== source ? rawJSON(source) : value;

/** The error of the parser is not passed on: it quotes the document, which may be a secret. */
function readJson(text: string, path: string): JsonValue {
  try {
    return (JSON.parse as (text: string, reviver: typeof exactly) => JsonValue)(text, exactly);
  } catch {
    throw new OverrideError(`what ${path} holds is no JSON document`);
  }
}

function readYaml(text: string, path: string): JsonValue {
  let documents: readonly JsonValue[];
  try {
    documents = parseYamlDocuments(text);
  } catch {
    throw new OverrideError(`what ${path} holds is no YAML document`);
  }
  // The reference patches the first and writes it in the place of all of them.
  if (documents.length > 1) {
    throw new OverrideError(`what ${path} holds is ${documents.length} YAML documents; give each a field of its own`);
  }
  const value = documents[0] ?? null;
  const problem = problemOf(value);
  if (problem !== undefined) throw new OverrideError(`what ${path} holds has ${problem}`);
  return value;
}

/** 1 MiB at two bytes a value, which no object in etcd has; only aliases that multiply each other make more. */
const mostValues = 600_000;

/** Why a document cannot be written again as it was read. */
function problemOf(document: JsonValue): string | undefined {
  const waiting: (JsonValue | undefined)[] = [document];
  for (let count = 0; waiting.length > 0; count++) {
    const value = waiting.pop();
    if (count >= mostValues) return `more than ${mostValues} values, which its aliases repeat`;
    if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) waiting.push(each);
    else if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) {
      return `an integer beyond ${Number.MAX_SAFE_INTEGER}, which would lose digits; write it in quotes`;
    }
  }
  return undefined;
}

const operationsOf = (patches: readonly PatchOperation[]): readonly Operation[] =>
  patches.map(({ operator, subPath, value }) => ({ op: operator, path: subPath, value: value ?? null }));

function patched(text: string, { fieldPath, json = [], yaml = [] }: FieldOverrider): string {
  if (yaml.length > 0) return toYaml(patchDocument(readYaml(text, fieldPath), fieldPath, yaml));
  // The reference's library takes no document for one that needs no patch.
  if (json.length === 0 || text === '') return text;
  return goJson(patchDocument(readJson(text, fieldPath), fieldPath, json));
}

function patchDocument(document: JsonValue, path: string, patches: readonly PatchOperation[]): JsonValue {
  if (typeof document !== 'object' || document === null) {
    throw new OverrideError(`what ${path} holds is neither a map nor a list`);
  }
  try {
    return applyOperations(document, operationsOf(patches));
  } catch (error) {
    throw error instanceof OverrideError ? new OverrideError(`in ${path}: ${error.message}`) : error;
  }
}

export function fieldOperations(object: UnstructuredObject, overrider: FieldOverrider): readonly Operation[] {
  const { fieldPath } = overrider;
  const text = valueAt(object, keysOf(fieldPath));
  if (typeof text !== 'string') throw new OverrideError(`there is no text at ${fieldPath}`);
  return [{ op: 'replace', path: fieldPath, value: patched(text, overrider) }];
}
