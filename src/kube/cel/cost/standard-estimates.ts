/** What calls of the standard functions may cost, and how large their results may be. */
import {
  fixed,
  perCharacter,
  perPatternCharacter,
  plus,
  type Range,
  scale,
  times,
  union,
  unknownSize,
} from './estimate.ts';
import type { CallEstimate, Sized } from './function-estimates.ts';

const sizeOf = (value: Sized | undefined): Range => value?.size ?? unknownSize;
const characters = (size: Range): Range => scale(size, perCharacter);
const uint64 = (value: bigint): bigint => BigInt.asUintN(64, value);

const compared: ReadonlySet<string> = new Set(
  (
    'less_string greater_string less_equals_string greater_equals_string less_bytes greater_bytes less_equals_bytes ' +
    'greater_equals_bytes equals not_equals'
  ).split(' '),
);

/** Comparing takes as long as the smaller one is; scalars cost 1. */
function comparison(left: Range, right: Range): Range {
  const max = left.max < right.max ? left.max : right.max;
  return characters({ min: max > 0n ? 1n : 0n, max });
}

/** Everything that is evaluated whatever the arguments are; their own costs come on top. */
export function standardCall(overload: string, target: Sized | undefined, args: readonly Sized[]): CallEstimate {
  const [first, second] = args;
  if (compared.has(overload)) return { cost: comparison(sizeOf(first), sizeOf(second)) };
  switch (overload) {
    case 'string_format':
      return { cost: characters(sizeOf(target)) };
    case 'string_to_bytes':
      return { cost: characters(sizeOf(first)), size: { min: sizeOf(first).min, max: uint64(sizeOf(first).max * 4n) } };
    case 'bytes_to_string':
      return { cost: characters(sizeOf(first)), size: { min: sizeOf(first).min / 4n, max: sizeOf(first).max } };
    case 'strings_quote': {
      const { min, max } = sizeOf(first);
      return { cost: characters(sizeOf(first)), size: { min: uint64(min + 2n), max: uint64(max * 2n + 2n) } };
    }
    case 'starts_with_string':
    case 'ends_with_string':
      return { cost: characters(sizeOf(first)) };
    case 'in_list':
      return { cost: scale(sizeOf(second), 1) };
    case 'matches_string':
      return {
        cost: times(characters(plus(sizeOf(target), fixed(1))), scale(sizeOf(first), perPatternCharacter)),
      };
    case 'contains_string':
      return { cost: times(characters(sizeOf(target)), characters(sizeOf(first))) };
    case 'conditional':
      return { cost: fixed(0), size: union(sizeOf(second), sizeOf(args[2])) };
    case 'add_string':
    case 'add_bytes': {
      const size = plus(sizeOf(first), sizeOf(second));
      return { cost: characters(size), size };
    }
    case 'add_list':
      return { cost: fixed(1), size: plus(sizeOf(first), sizeOf(second)) };
    default:
      return { cost: fixed(1) };
  }
}
