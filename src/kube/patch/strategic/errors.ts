/** What is wrong with a strategic merge patch, in the words and with the codes of kube-apiserver. */
import type { JsonArray, JsonObject } from '../../meta/object.ts';
import { badRequest } from '../../status/errors.ts';
import { failure, type StatusError } from '../../status/status.ts';

export const isMap = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const notAMap = (value: unknown): StatusError =>
  badRequest(`json: cannot unmarshal ${jsonType(value)} into Go value of type map[string]interface {}`);

export const badRetainKeys = (): StatusError => badRequest('invalid patch format of retainKeys');
export const badElementOrder = (): StatusError => badRequest('invalid patch format of setElementOrder list');
export const badPrimitiveList = (): StatusError => badRequest('invalid patch format of primitive list');

/** kube-apiserver's message says nothing of the reason; it stands in the cause, where kubectl prints it. */
export const listsOfLists = (): StatusError =>
  failure('Invalid', 'the server rejected our request due to an error in our request', {
    causes: [{ reason: 'FieldValueInvalid', field: 'patch', message: 'lists of lists are not supported' }],
  });

/** The others are Go errors without a code of their own: 500. */
const internal = (message: string): StatusError => failure('InternalError', message);

export const noMergeKey = (item: JsonObject, mergeKey: string): StatusError =>
  internal(`map: ${goText(item)} does not contain declared merge key: ${mergeKey}`);

export const unmergeableList = (): StatusError => internal('cannot merge lists without merge key for struct');

export const unknownDirective = (directive: unknown, patch: JsonObject): StatusError =>
  internal(`unknown patch type: ${goText(directive)} in map: ${goText(patch)}`);

export const mergeInList = (): StatusError => internal('merging lists cannot yet be specified in the patch');

export const wrongType = (expected: 'list' | 'map', value: unknown): StatusError =>
  internal(
    `expected a ${expected === 'list' ? '[]interface {}' : 'map[string]interface {}'}, but received a ${goType(value)}`,
  );

export const mixedTypes = (...lists: readonly JsonArray[]): StatusError =>
  internal(`list element types are not identical: ${goText(lists)}`);

export const orderMismatch = (patch: JsonArray, order: JsonArray): StatusError =>
  internal(`The order in patch list:\n${goText(patch)}\n doesn't match $setElementOrder list:\n${goText(order)}\n`);

export const differentRetainKeys = (one: unknown, other: unknown): StatusError =>
  internal(
    `${goText(one)} and ${goText(other)} are not deep equal: this may happen when calculating the 3-way diff patch`,
  );

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (value === null) return 'null';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

function goType(value: unknown): string {
  if (Array.isArray(value)) return '[]interface {}';
  if (isMap(value)) return 'map[string]interface {}';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return value === null ? '%!s(<nil>)' : typeof value === 'boolean' ? 'bool' : 'string';
}

/** As Go prints a value with %v: `map[a:1 b:[x y]]`. */
export function goText(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (!isMap(value)) return typeof value === 'string' ? value : JSON.stringify(value);
  const members = Object.keys(value).sort();
  return `map[${members.map((key) => `${key}:${goText(value[key])}`).join(' ')}]`;
}
