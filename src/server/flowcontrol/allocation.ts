/** A fixed number of seats divided among levels by what they ask for, within each one's bounds. Pure. */

export interface Claim {
  /** What it would like to have; at least `least`. */
  readonly target: number;
  readonly least: number;
  readonly most: number;
}

/** A target of nothing would leave nothing to be proportional to. */
const smallestTarget = 0.001;

const clamp = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));

/** Halvings of an interval below a double's precision. */
const halvings = 100;

/**
 * Every claim gets the same fraction of its target, or its nearer bound; together `sum`. undefined when the bounds
 * cannot make that sum.
 */
export function allocate(sum: number, claims: readonly Claim[]): readonly number[] | undefined {
  const targets = claims.map(({ target }) => Math.max(target, smallestTarget));
  const at = (fraction: number) =>
    claims.map(({ least, most }, index) => clamp(targets[index]! * fraction, least, most));
  const total = (parts: readonly number[]) => parts.reduce((before, part) => before + part, 0);
  const fractions = claims.map(({ most }, index) => most / targets[index]!);
  let high = Math.max(0, ...fractions);
  let low = 0;
  const tolerance = 1e-7;
  if (total(at(low)) > sum + tolerance || total(at(high)) < sum - tolerance) return undefined;
  for (let step = 0; step < halvings; step++) {
    const middle = (low + high) / 2;
    if (total(at(middle)) < sum) low = middle;
    else high = middle;
  }
  return at(high);
}
