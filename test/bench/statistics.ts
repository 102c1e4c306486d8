/** Medians and percentiles. */

const sorted = (values: readonly number[]) => [...values].sort((a, b) => a - b);

/** `share` of 1: 0.5 is the median. NaN of nothing. */
export function percentile(values: readonly number[], share: number): number {
  const all = sorted(values);
  return all[Math.min(all.length - 1, Math.floor(all.length * share))] ?? Number.NaN;
}

export const median = (values: readonly number[]) => percentile(values, 0.5);
