/** What calls may cost by the sizes of their arguments: Kubernetes' own functions and cel-go's extensions. */

import type { CelType } from '../types.ts';
import {
  fixed,
  nothing,
  perCharacter,
  perPatternCharacter,
  plus,
  type Range,
  scale,
  times,
  unknownSize,
  unlimited,
} from './estimate.ts';

/** An argument as far as its size can be told. */
export interface Sized {
  readonly type: CelType;
  readonly size: Range | undefined;
  /** Of a list: the size of its items. */
  readonly items: Range | undefined;
  /** Where it is a constant int. */
  readonly int: bigint | undefined;
  readonly isLiteral: boolean;
}

export interface CallEstimate {
  readonly cost: Range;
  readonly size?: Range;
}

type Estimator = (target: Sized | undefined, args: readonly Sized[], overload: string) => CallEstimate | undefined;

const sizeOf = (value: Sized | undefined): Range => value?.size ?? unknownSize;
const one = fixed(1);
const characters = (size: Range): Range => scale(size, perCharacter);
const nominal: Estimator = () => ({ cost: one });

const ofFirstArg: Estimator = (_target, [first]) => first && { cost: characters(sizeOf(first)) };
const ofFirstArgSized: Estimator = (_target, args) =>
  args.length === 1 ? { cost: characters(sizeOf(args[0])), size: sizeOf(args[0]) } : undefined;
const ofTarget: Estimator = (target) => target && { cost: characters(sizeOf(target)), size: sizeOf(target) };

const selector: Estimator = (_target, args) => {
  if (args.length !== 1) return undefined;
  const length = sizeOf(args[0]);
  return { cost: plus(fixed(10), characters(length), scale(scale(length, 0.5), 50)) };
};

const overItems: Estimator = (target) => {
  if (!target) return undefined;
  if (target.type.kind !== 'list' && target.type.kind !== 'map' && target.type.kind !== 'opaque')
    return { cost: characters(sizeOf(target)) };
  const element = target.type.kind === 'list' ? target.type.element.kind : undefined;
  const each = element === 'string' || element === 'bytes' ? plus(one, characters(target.items ?? unknownSize)) : one;
  return { cost: times(sizeOf(target), each) };
};

const ceilDivide = (left: bigint, right: bigint): bigint =>
  BigInt(Math.min(Math.ceil(Number(left) / Number(right)), 2 ** 64 - 1024));

const replace: Estimator = (target, args) => {
  if (!target || args.length < 2) return undefined;
  const [size, from, to] = [sizeOf(target), sizeOf(args[0]), sizeOf(args[1])];
  const count = { min: 0n, max: 0n };
  const kept = { min: 0n, max: 0n };
  const andOne = (value: bigint) => (value < unlimited ? value + 1n : value);
  if (from.min === 0n) [count.max, kept.max] = [andOne(size.max), size.max];
  else if (to.max <= from.min) kept.max = size.max;
  else count.max = ceilDivide(size.max, from.min);
  if (from.max === 0n) [count.min, kept.min] = [andOne(size.min), size.min];
  else if (from.max <= to.min) kept.min = size.min;
  else count.min = ceilDivide(size.min, from.max);
  return { cost: scale(size, 2 * perCharacter), size: plus(times(count, to), kept) };
};

const split: Estimator = (target, args) => {
  if (!target) return undefined;
  const size = sizeOf(target);
  const limit = args[1]?.int;
  const max = limit === undefined ? size.max : BigInt.asUintN(64, limit);
  return { cost: scale(size, 2 * perCharacter), size: { min: 0n, max } };
};

const join: Estimator = (target, args) => {
  if (!target) return undefined;
  const size = sizeOf(target);
  const less = (value: bigint) => (value > 0n ? value - 1n : 0n);
  const items = target.type.kind === 'list' ? times(size, target.items ?? unknownSize) : nothing;
  const separators = args.length > 0 ? times(sizeOf(args[0]), { min: less(size.min), max: less(size.max) }) : nothing;
  const joined = plus(items, separators);
  return { cost: characters(joined), size: joined };
};

const pattern = (text: Range, expression: Range): Range =>
  times(characters(plus(text, one)), scale(expression, perPatternCharacter));

const find: Estimator = (target, args) =>
  target && args.length > 0
    ? { cost: pattern(sizeOf(target), sizeOf(args[0])), size: { min: 0n, max: sizeOf(target).max } }
    : undefined;

/** Addresses are compared as 4 or 16 bytes. */
const addressSize: Range = { min: 4n, max: 16n };

const containsAddress =
  (stringOverload: string, more: Range): Estimator =>
  (_target, [first], overload) => {
    if (!first) return undefined;
    const compared = plus(characters(plus(addressSize, addressSize)), more);
    return { cost: overload === stringOverload ? plus(compared, characters(sizeOf(first))) : compared };
  };

const longestNamePattern = 128;

const validate: Estimator = (_target, [first]) =>
  first && { cost: scale(characters(sizeOf(first)), longestNamePattern * perPatternCharacter) };

const constantEquality: ReadonlySet<string> = new Set(
  (
    'net.IP net.CIDR kubernetes.Quantity kubernetes.Semver kubernetes.authorization.Authorizer ' +
    'kubernetes.authorization.PathCheck kubernetes.authorization.GroupCheck kubernetes.authorization.ResourceCheck ' +
    'kubernetes.authorization.Decision'
  ).split(' '),
);

const equality: Estimator = (_target, [left, right]) => {
  if (!left || !right || !('name' in left.type) || !('name' in right.type) || left.type.name !== right.type.name)
    return undefined;
  if (left.type.kind === 'param') return undefined;
  if (constantEquality.has(left.type.name)) return { cost: one };
  if (left.type.name === 'kubernetes.NamedFormat') return { cost: characters({ min: 1n, max: 64n }) };
  if (left.type.name !== 'kubernetes.URL') return undefined;
  const max = right.size ? right.size.max : 1n;
  return { cost: characters({ min: 1n, max }) };
};

function each(names: string, estimator: Estimator): Record<string, Estimator> {
  return Object.fromEntries(names.split(' ').map((name) => [name, estimator]));
}

const byName: Readonly<Record<string, Estimator>> = {
  check: () => ({ cost: fixed(350_000) }),
  ...each('serviceAccount path group resource subresource namespace name allowed reason error errored', nominal),
  ...each('fieldSelector labelSelector', selector),
  ...each('isSorted sum max min indexOf lastIndexOf', overItems),
  ...each('url jsonpatch.escapeKey', ofFirstArgSized),
  ...each('lowerAscii upperAscii substring trim', ofTarget),
  replace,
  split,
  join,
  ...each('find findAll', find),
  ...each('cidr isIP isCIDR quantity isQuantity semver isSemver', ofFirstArg),
  ip: (target, args, overload) => (overload === 'cidr_ip' ? { cost: one } : ofFirstArg(target, args, overload)),
  'ip.isCanonical': (_target, [first]) => first && { cost: scale(sizeOf(first), 2 * perCharacter) },
  ...each(
    'masked prefixLength family isUnspecified isLoopback isLinkLocalMulticast isLinkLocalUnicast isGlobalUnicast',
    nominal,
  ),
  containsIP: containsAddress('cidr_contains_ip_string', nothing),
  containsCIDR: containsAddress('cidr_contains_cidr_string', plus(characters(addressSize), one)),
  validate,
  'format.named': nominal,
  ...each(
    'sign asInteger isInteger asApproximateFloat isGreaterThan isLessThan compareTo add sub major minor patch',
    nominal,
  ),
  ...each('getScheme getHostname getHost getPort getEscapedPath getQuery', nominal),
  '_==_': equality,
};

const listCall = (factor: number, size: Range): CallEstimate => ({ cost: plus(scale(size, factor), fixed(11)), size });

/** What a constant int argument says; else the default. */
const intOr = (value: Sized | undefined, otherwise: bigint): bigint =>
  value?.int === undefined ? otherwise : value.int < 0n ? 0n : value.int;

const comparingAll = (list: Sized | undefined, type: string): CallEstimate => {
  const size = sizeOf(list);
  return listCall(type === 'string' || type === 'bytes' ? 2.1 : 2, times(size, size));
};

const sets =
  (factor: number): Estimator =>
  (_target, [left, right]) => ({ cost: plus(scale(times(sizeOf(left), sizeOf(right)), factor), one) });

const byOverload: Readonly<Record<string, Estimator>> = {
  list_slice: (target, [start, end]) =>
    target && listCall(1, fixed(BigInt.asUintN(64, intOr(end, sizeOf(target).max) - intOr(start, 0n)))),
  lists_range: (_target, [count]) => listCall(1, fixed(intOr(count, unlimited))),
  list_reverse: (target) => target && listCall(1, sizeOf(target)),
  list_flatten: (target) => target && listCall(1, sizeOf(target)),
  list_flatten_int: (target, [depth]) => target && listCall(Number(intOr(depth, unlimited)), sizeOf(target)),
  list_distinct: (target) => target && listCall(2, times(sizeOf(target), sizeOf(target))),
  list_sets_contains_list: sets(1),
  list_sets_intersects_list: sets(1),
  list_sets_equivalent_list: sets(2),
};

export function estimateCall(
  name: string,
  overload: string,
  target: Sized | undefined,
  args: readonly Sized[],
): CallEstimate | undefined {
  const special = Object.hasOwn(byOverload, overload) ? byOverload[overload]!(target, args, overload) : undefined;
  if (special) return special;
  const sorted = /^list_(\w+)_sort(ByAssociatedKeys)?$/.exec(overload);
  if (sorted && target) return comparingAll(sorted[2] ? args[0] : target, sorted[1]!);
  return Object.hasOwn(byName, name) ? byName[name]!(target, args, overload) : undefined;
}
