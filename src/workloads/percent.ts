/** Numbers that may be a share of another: `25%` of the replicas. Pure. */
import type { IntOrString } from '#apis/kubernetes/types.ts';

/** Shares are rounded up or down to whole ones; what cannot be read counts as 0. */
export function scaledValue(value: IntOrString | undefined, total: number, round: 'up' | 'down'): number {
  if (value === undefined) return 0;
  if (typeof value === 'number') return value;
  const percent = /^(\d+)%$/.exec(value)?.[1];
  if (percent === undefined) return Number.parseInt(value, 10) || 0;
  const share = (Number(percent) * total) / 100;
  return round === 'up' ? Math.ceil(share) : Math.floor(share);
}
