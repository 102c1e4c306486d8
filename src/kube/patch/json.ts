/**
 * JSON patch (RFC 6902) with the liberties and the words of kube-apiserver's library: `replace` of a missing member
 * adds it, negative indices count from the end, `test` of a missing member equals null. Nothing is mutated.
 */
import { deepEqual } from '../meta/equal.ts';
import type { JsonArray, JsonObject, JsonValue } from '../meta/object.ts';
import { badRequest, entityTooLarge } from '../status/errors.ts';
import { failure, type StatusError } from '../status/status.ts';
import { define } from './member.ts';
import { keysOf } from './pointer.ts';

/** kube-apiserver's limit: an operation costs a walk, 10,000 of them about 20 ms. */
const mostOperations = 10_000;
/** kube-apiserver's limit, the size of a request body: `copy` could double a document with each operation. */
const mostCopiedBytes = 3 * 1024 * 1024;

interface Operation {
  readonly op?: unknown;
  readonly path?: unknown;
  readonly from?: unknown;
  readonly value?: JsonValue;
}

type Container = JsonObject | JsonArray;

/**
 * Throws BadRequest when the operations are none, RequestEntityTooLarge when there are too many, and Invalid, with the
 * operation's failure as its cause, when one does not apply; then nothing of the patch counts. The result has the type
 * of the document; nothing checks it.
 */
export function applyJsonPatch<T>(document: T, operations: unknown): T {
  if (!Array.isArray(operations)) throw undecodable(operations, '[]handlers.jsonPatchOp');
  if (operations.length > mostOperations) {
    throw entityTooLarge(
      `The allowed maximum operations in a JSON patch is ${mostOperations}, got ${operations.length}`,
    );
  }
  for (const operation of operations) {
    if (!isContainer(operation) || Array.isArray(operation)) throw undecodable(operation, 'handlers.jsonPatchOp');
  }
  const draft: Draft = { document: document as unknown as JsonValue, owned: new Set() };
  let copied = 0;
  for (const operation of operations as readonly Operation[]) {
    if (operation.op === 'copy') copied += copySize(draft.document, operation);
    if (copied > mostCopiedBytes) {
      throw rejected(
        `Unable to complete the copy, the accumulated size increase of copy is ${copied}, ` +
          `exceeding the limit ${mostCopiedBytes}`,
      );
    }
    draft.document = applyOperation(draft, operation);
  }
  return draft.document as unknown as T;
}

/**
 * The document between two operations. What an operation has copied is nobody else's, and the next may change it in
 * place: a list of 100,000 is copied once for a patch, not once for each of its operations.
 */
interface Draft {
  document: JsonValue;
  readonly owned: Set<Container>;
}

function applyOperation(draft: Draft, operation: Operation): JsonValue {
  const { document } = draft;
  const { op, value = null } = operation;
  switch (op) {
    case 'add':
      return add(draft, pointer(operation.path, 'add operation failed to decode path: missing value'), value);
    case 'remove':
      return remove(draft, pointer(operation.path, 'remove operation failed to decode path: missing value'));
    case 'replace':
      return replace(draft, pointer(operation.path, missingPath('replace')), value);
    case 'test':
      return test(document, pointer(operation.path, missingPath('test')), value);
    case 'move': {
      const from = pointer(operation.from, missingFrom('move'));
      const moved = read(document, from, {
        missing: `move operation does not apply: doc is missing from path: ${from}: missing value`,
        context: 'error in move for path',
        shown: lastOf(from),
      });
      draft.document = change(draft, from, (parent, key) => removeFrom(parent, key, 'move', key))!;
      const path = pointer(operation.path, missingPath('move'));
      return add(draft, path, moved, 'move');
    }
    case 'copy': {
      const from = pointer(operation.from, missingFrom('copy'));
      const copy = readForCopy(document, from);
      // Two places have it now: neither may change it in place.
      draft.owned.clear();
      return add(draft, pointer(operation.path, 'copy operation failed to decode path: missing value'), copy, 'copy');
    }
    default:
      throw rejected(`Unexpected kind: ${typeof op === 'string' ? op : 'unknown'}`);
  }
}

const missingPath = (op: string) =>
  `${op} operation failed to decode path: operation missing path field: missing value`;
const missingFrom = (op: string) =>
  `${op} operation failed to decode from: operation, missing from field: missing value`;

function pointer(path: unknown, error: string): string {
  if (typeof path !== 'string') throw rejected(error);
  return path;
}

function add(draft: Draft, path: string, value: JsonValue, op: 'add' | 'move' | 'copy' = 'add'): JsonValue {
  return (
    change(draft, path, (parent, key) => addTo(parent, key, value, op, path)) ??
    fail(
      op === 'add'
        ? `add operation does not apply: doc is missing path: "${path}": missing value`
        : `${op} operation does not apply: doc is missing destination path: ${path}: missing value`,
    )
  );
}

function remove(draft: Draft, path: string): JsonValue {
  return (
    change(draft, path, (parent, key) => removeFrom(parent, key, 'remove', path)) ??
    fail(`remove operation does not apply: doc is missing path: "${path}": missing value`)
  );
}

function replace(draft: Draft, path: string, value: JsonValue): JsonValue {
  if (path === '') {
    if (isContainer(value)) return value;
    throw rejected('replace operation value must be object or array');
  }
  return (
    change(draft, path, (parent, key) => {
      if (!Array.isArray(parent)) {
        define(parent, key, value);
        return;
      }
      const at = itemIndex(parent, key);
      if (typeof at === 'string') {
        throw rejected(`replace operation does not apply: doc is missing key: ${path}: missing value`);
      }
      parent[at] = value;
    }) ?? fail(`replace operation does not apply: doc is missing path: ${path}: missing value`)
  );
}

function test(document: JsonValue, path: string, value: JsonValue): JsonValue {
  const actual =
    path === ''
      ? document
      : read(document, path, {
          missing: `test operation does not apply: is missing path: ${path}: missing value`,
          context: 'error in test for path',
          shown: path,
        });
  if (!deepEqual(actual, value)) throw rejected(`testing value ${path} failed: test failed`);
  return document;
}

function readForCopy(document: JsonValue, from: string): JsonValue {
  return read(document, from, {
    missing: `copy operation does not apply: doc is missing from path: ${from}: missing value`,
    context: 'error in copy for from',
    shown: from,
  });
}

function copySize(document: JsonValue, { from }: Operation): number {
  if (typeof from !== 'string') return 0;
  return JSON.stringify(readForCopy(document, from)).length;
}

interface ReadErrors {
  readonly missing: string;
  readonly context: string;
  readonly shown: string;
}

/** The value at `path`; a member that is not there reads as null. */
function read(document: JsonValue, path: string, errors: ReadErrors): JsonValue {
  const keys = keysOf(path);
  const last = keys.pop();
  let parent: JsonValue | undefined = document;
  for (const key of keys) parent = memberOf(parent, key);
  if (last === undefined || !isContainer(parent)) throw rejected(errors.missing);
  if (!Array.isArray(parent)) return memberOf(parent, last) ?? null;
  const at = itemIndex(parent, last);
  if (typeof at === 'string') throw rejected(`${errors.context}: '${errors.shown}': ${at}`);
  return parent[at] ?? null;
}

type Members = Record<string, JsonValue | undefined>;
/** A container that may be changed in place. */
type Own = Members | JsonValue[];

/** The document with the parent of `path` as `edit` leaves it; undefined when there is no parent. */
function change(
  { document, owned }: Draft,
  path: string,
  edit: (parent: Own, key: string) => void,
): JsonValue | undefined {
  const keys = keysOf(path);
  const last = keys.pop();
  let parent: JsonValue | undefined = document;
  for (const key of keys) parent = memberOf(parent, key);
  if (last === undefined || !isContainer(parent)) return undefined;
  const own = (value: Container): Own => {
    if (owned.has(value)) return value as Own;
    const copy = (Array.isArray(value) ? [...value] : { ...(value as JsonObject) }) as Own;
    owned.add(copy as Container);
    return copy;
  };
  const root = own(document as Container);
  let at = root;
  for (const key of keys) {
    const next = own(memberOf(at as Container, key) as Container);
    if (Array.isArray(at)) at[itemIndex(at, key) as number] = next as JsonValue;
    else define(at, key, next as JsonValue);
    at = next;
  }
  edit(at, last);
  return root as JsonValue;
}

function addTo(parent: Own, key: string, value: JsonValue, op: string, path: string): void {
  if (!Array.isArray(parent)) {
    define(parent, key, value);
    return;
  }
  if (key === '-') {
    parent.push(value);
    return;
  }
  const context = op === 'copy' ? 'error while adding value during copy' : `error in ${op} for path: '${path}'`;
  const index = parseIndex(key);
  if (index === undefined) {
    throw rejected(`${context}: value was not a proper array index: '${key}': ${notANumber(key)}`);
  }
  const at = index < 0 ? index + parent.length + 1 : index;
  if (at < 0 || at > parent.length) throw rejected(`${context}: ${noSuchIndex(index)}`);
  parent.splice(at, 0, value);
}

function removeFrom(parent: Own, key: string, op: string, shown: string): void {
  if (Array.isArray(parent)) {
    const at = itemIndex(parent, key);
    if (typeof at === 'string') throw rejected(`error in ${op} for path: '${shown}': ${at}`);
    parent.splice(at, 1);
    return;
  }
  if (!Object.hasOwn(parent, key)) {
    throw rejected(`error in ${op} for path: '${shown}': Unable to remove nonexistent key: ${key}: missing value`);
  }
  delete parent[key];
}

/** Where `key` points in a list, or what is wrong with it. */
function itemIndex(list: JsonArray, key: string): number | string {
  const index = parseIndex(key);
  if (index === undefined) return notANumber(key);
  const at = index < 0 ? index + list.length : index;
  return at < 0 || at >= list.length ? noSuchIndex(index) : at;
}

const parseIndex = (key: string): number | undefined => (/^[-+]?\d+$/.test(key) ? Number(key) : undefined);
const notANumber = (key: string) => `strconv.Atoi: parsing ${JSON.stringify(key)}: invalid syntax`;
const noSuchIndex = (index: number) => `Unable to access invalid index: ${index}: invalid index referenced`;

function memberOf(value: JsonValue | undefined, key: string): JsonValue | undefined {
  if (!isContainer(value)) return undefined;
  if (!Array.isArray(value)) return Object.hasOwn(value, key) ? (value as JsonObject)[key] : undefined;
  const at = itemIndex(value, key);
  return typeof at === 'string' ? undefined : value[at];
}

const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null;

const lastOf = (path: string): string => keysOf(path).at(-1) ?? '';

function fail(why: string): never {
  throw rejected(why);
}

/** kube-apiserver's message says nothing of the reason; it stands in the cause, where kubectl prints it. */
function rejected(why: string): StatusError {
  return failure('Invalid', 'the server rejected our request due to an error in our request', {
    causes: [{ reason: 'FieldValueInvalid', field: 'patch', message: why }],
  });
}

function undecodable(value: unknown, wanted: string): StatusError {
  const kind = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  return badRequest(`error decoding patch: json: cannot unmarshal ${kind} into Go value of type ${wanted}`);
}
