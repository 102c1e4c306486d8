/** Conditions in status: found by type, and set by the rule that lastTransitionTime moves only with the status. */
import type { Condition } from '../meta/object.ts';

export function findCondition<C extends Condition>(conditions: readonly C[] | undefined, type: string): C | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/**
 * The list with `condition` in it, in place or at the end; the same list when nothing changes. `now` (RFC 3339) becomes
 * lastTransitionTime of a new condition or of one whose status changes, unless the condition brings its own time.
 */
export function setCondition(
  conditions: readonly Condition[] | undefined,
  condition: Condition,
  now: string,
): readonly Condition[] {
  const list = conditions ?? [];
  const at = list.findIndex((each) => each.type === condition.type);
  if (at < 0) return [...list, { ...condition, lastTransitionTime: condition.lastTransitionTime ?? now }];
  const old = list[at]!;
  const lastTransitionTime =
    old.status === condition.status ? (old.lastTransitionTime ?? now) : (condition.lastTransitionTime ?? now);
  const updated = { ...old, ...condition, lastTransitionTime };
  const same = (Object.keys(updated) as (keyof Condition)[]).every((field) => old[field] === updated[field]);
  return same ? list : list.with(at, updated);
}

export function isConditionTrue(conditions: readonly Condition[] | undefined, type: string): boolean {
  return findCondition(conditions, type)?.status === 'True';
}

/** The list without the conditions of that type; the same list when there is none. */
export function removeCondition(conditions: readonly Condition[], type: string): readonly Condition[] {
  return conditions.some((condition) => condition.type === type)
    ? conditions.filter((condition) => condition.type !== type)
    : conditions;
}
