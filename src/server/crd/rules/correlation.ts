/** What a value was before, where that can be told, and whether it is still the same: what has not changed may stay. */
import { sameJson } from '#kube/schema/check.ts';
import { isFields, ownField } from '#kube/schema/copy.ts';
import { correlator } from '#kube/schema/correlate.ts';
import type { Schema } from '#kube/schema/schema.ts';

interface Pair {
  readonly value: unknown;
  readonly before: unknown;
  same?: boolean;
}

export interface Correlation {
  readonly current: Pair | undefined;
  /** Of what `current` is a part of, or of what the value is a part of where there is none. */
  readonly parent: Pair | undefined;
}

export const uncorrelated: Correlation = { current: undefined, parent: undefined };

export const correlated = (value: unknown, before: unknown): Correlation => ({
  current: { value, before },
  parent: undefined,
});

export function unchanged({ current, parent }: Correlation): boolean {
  const pair = current ?? parent;
  if (!pair) return false;
  pair.same ??= sameJson(pair.value, pair.before);
  return pair.same;
}

/** Of a field; apiVersion and kind of the whole object are always new. */
export function fieldOf(correlation: Correlation, name: string): Correlation {
  const { current, parent } = correlation;
  if (!current) return correlation;
  if (!parent && (name === 'apiVersion' || name === 'kind')) return uncorrelated;
  const { value, before } = current;
  const there = isFields(value) && isFields(before) && ownField(before, name) !== undefined;
  return { current: there ? { value: value[name], before: before[name] } : undefined, parent: current };
}

export function itemOf(correlation: Correlation, schema: Schema, item: unknown): Correlation {
  const { current } = correlation;
  if (!current) return correlation;
  const before = correlator(schema)(current.before)?.(item);
  return { current: before === undefined ? undefined : { value: item, before }, parent: current };
}
