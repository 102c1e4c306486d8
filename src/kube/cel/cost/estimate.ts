/** Ranges of sizes and costs, as whole numbers up to the largest uint64, where they stay. */

export interface Range {
  readonly min: bigint;
  readonly max: bigint;
}

export const unlimited = 2n ** 64n - 1n;

export const fixed = (value: bigint | number): Range => ({ min: BigInt(value), max: BigInt(value) });
export const unknownSize: Range = { min: 0n, max: unlimited };
export const nothing: Range = fixed(0);

const capped = (value: bigint): bigint => (value > unlimited ? unlimited : value);

export const plus = (...ranges: readonly Range[]): Range =>
  ranges.reduce((sum, range) => ({ min: capped(sum.min + range.min), max: capped(sum.max + range.max) }), nothing);

export const times = (left: Range, right: Range): Range => ({
  min: capped(left.min * right.min),
  max: capped(left.max * right.max),
});

/** Rounded up, through a double as upstream does it. */
function scaled(value: bigint, factor: number): bigint {
  const number = Number(value);
  if (number > 0 && factor > 0 && number > Number(unlimited) / factor) return unlimited;
  const product = Math.ceil(number * factor);
  return product >= 2 ** 64 ? unlimited : BigInt(product);
}

export const scale = (range: Range, factor: number): Range => ({
  min: scaled(range.min, factor),
  max: scaled(range.max, factor),
});

export const union = (left: Range, right: Range): Range => ({
  min: left.min < right.min ? left.min : right.min,
  max: left.max > right.max ? left.max : right.max,
});

export const perCharacter = 0.1;
export const perPatternCharacter = 0.25;
