/** What calls cost when they run: cel-go's accounting with Kubernetes' prices for its own functions. */

import { isInt } from '../value/int.ts';
import { NamedFormatValue } from '../value/named-format.ts';
import { costSize, traversalSize } from '../value/size.ts';
import { CelError, CelList, CelOptional, type Evaluated } from '../value/value.ts';

/** By the values of a call. `late`: only known once the result is there. */
export type CallCost = number | ((values: readonly Evaluated[], result: Evaluated) => number);

const size = (value: Evaluated | undefined): number =>
  value === undefined || value instanceof CelError ? 1 : costSize(value);

/** Kubernetes' own functions look at less: an optional is no size to them. */
const plainSize = (value: Evaluated | undefined): number => (value instanceof CelOptional ? 1 : size(value));

const perCharacter = (count: number, times = 1): number => Math.ceil(count * times * 0.1);
const patternCost = (text: number, pattern: number): number => Math.ceil((1 + text) * 0.1) * Math.ceil(pattern * 0.25);

const ofFirst: CallCost = ([first]) => perCharacter(plainSize(first));
const ofFirstTwice: CallCost = ([first]) => perCharacter(plainSize(first), 2);
const traversal: CallCost = ([first]) => (first === undefined || first instanceof CelError ? 1 : traversalSize(first));
const smaller: CallCost = ([left, right]) => perCharacter(Math.min(size(left), size(right)));
const both: CallCost = ([left, right]) => perCharacter(size(left) + size(right));

/** Two checks with an authorizer are all an expression may afford. */
const authorizationCheck = 350_000;

/** A selector is text that becomes a list of requirements, each at least two characters of it. */
const selectorCost = (length: number): number => 10 + Math.ceil(length * 0.1) + Math.ceil(Math.ceil(length * 0.5) * 50);

const byName: Readonly<Record<string, CallCost>> = {
  check: authorizationCheck,
  fieldSelector: ([, selector]) => selectorCost(plainSize(selector)),
  labelSelector: ([, selector]) => selectorCost(plainSize(selector)),
  ...each('isSorted sum max min indexOf lastIndexOf', traversal),
  ...each('url lowerAscii upperAscii substring trim jsonpatch.escapeKey', ofFirst),
  ...each('cidr isIP isCIDR ip quantity isQuantity semver isSemver', ofFirst),
  ...each('replace split ip.isCanonical', ofFirstTwice),
  join: (_values, result) => perCharacter(plainSize(result), 2),
  ...each('find findAll', ([text, pattern]) => patternCost(plainSize(text), plainSize(pattern))),
  validate: ([format, text]) =>
    format instanceof NamedFormatValue ? patternCost(plainSize(text), format.patternSize) : 1,
};

const byOverload: Readonly<Record<string, CallCost>> = {
  cidr_ip: 1,
  ...each('starts_with_string ends_with_string string_to_bytes bytes_to_string strings_quote string_format', ([text]) =>
    perCharacter(size(text)),
  ),
  in_list: ([, list]) => size(list),
  ...each(
    'less_string greater_string less_equals_string greater_equals_string less_bytes greater_bytes ' +
      'less_equals_bytes greater_equals_bytes',
    smaller,
  ),
  ...each('add_string add_bytes', both),
  matches_string: ([text, pattern]) => patternCost(size(text), size(pattern)),
  contains_string: ([text, part]) => perCharacter(size(text)) * perCharacter(size(part)),
  cidr_contains_ip_string: ([cidr, ip]) => perCharacter(size(cidr), 2) + perCharacter(size(ip)),
  cidr_contains_ip_ip: ([cidr]) => perCharacter(size(cidr), 2),
  cidr_contains_cidr_string: ([cidr, other]) =>
    perCharacter(size(cidr), 2) + perCharacter(size(cidr)) + 1 + perCharacter(size(other)),
  cidr_contains_cidr: ([cidr]) => perCharacter(size(cidr), 2) + perCharacter(size(cidr)) + 1,
};

/** A call that makes a list of what it went through. */
const allocating = (factor: number, count: number): number => Math.trunc(count * factor) + 11;
const ofResult: CallCost = (_values, result) => allocating(1, plainSize(result));
const flattening: CallCost = ([list, depth]) => allocating(isInt(depth) ? Number(depth) : 1, plainSize(list));

function comparingAll(list: Evaluated | undefined): number {
  const count = plainSize(list);
  const first = list instanceof CelList && count > 0 ? list.at(0) : undefined;
  const isText = typeof first === 'string' || first instanceof Uint8Array;
  return allocating(isText ? 2.1 : 2, count * count);
}

const sets =
  (factor: number): CallCost =>
  ([left, right]) =>
    1 + Math.trunc(plainSize(left) * plainSize(right) * factor);

const tracked: Readonly<Record<string, CallCost>> = {
  list_slice: ofResult,
  list_reverse: ofResult,
  // Known before it runs, so that no list is made that nobody could pay for.
  lists_range: ([count]) => allocating(1, isInt(count) ? Math.max(0, Number(count)) : 1),
  list_flatten: flattening,
  list_flatten_int: flattening,
  list_distinct: ([list]) => comparingAll(list),
  list_sets_contains_list: sets(1),
  list_sets_intersects_list: sets(1),
  list_sets_equivalent_list: sets(2),
};

/** Costs that need the result: all others are charged before a call runs. */
const late: ReadonlySet<CallCost> = new Set([ofResult, byName.join!]);

export const isLate = (cost: CallCost): boolean => late.has(cost);

/** `overload` is undefined where several may be meant: they cost what the function's name says, else 1. */
export function callCost(name: string, overload: string | undefined): CallCost {
  if (overload !== undefined) {
    if (tracked[overload] !== undefined) return tracked[overload];
    if (/^list_\w+_sort$/.test(overload)) return ([list]) => comparingAll(list);
    if (/^list_\w+_sortByAssociatedKeys$/.test(overload)) return ([, keys]) => comparingAll(keys);
    if (overload === 'cidr_ip') return 1;
  }
  if (Object.hasOwn(byName, name)) return byName[name]!;
  return overload !== undefined && Object.hasOwn(byOverload, overload) ? byOverload[overload]! : 1;
}

function each(names: string, cost: CallCost): Record<string, CallCost> {
  return Object.fromEntries(names.split(' ').map((name) => [name, cost]));
}
