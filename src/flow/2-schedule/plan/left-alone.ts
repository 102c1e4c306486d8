/** Why a binding is not scheduled at all. Pure; controllers and explanations ask the same. */
import type { Binding } from '#apis/work/binding.ts';
import { isOurs, isScheduled } from './needs.ts';

/** A sentence without its end, or undefined where it is scheduled. */
export function leftAlone(binding: Binding, schedulerName: string): string | undefined {
  const { metadata, spec } = binding;
  if (metadata.deletionTimestamp) return 'it is being deleted';
  if (!isOurs(binding, schedulerName)) {
    const other = spec.schedulerName || 'default-scheduler';
    return `spec.schedulerName says that ${other} schedules it, and this one is ${schedulerName}`;
  }
  if (isScheduled(binding)) return undefined;
  if (spec.suspension?.scheduling === true) return 'spec.suspension.scheduling is true';
  if (!spec.placement)
    return 'it has no placement of its own: it goes where those go that depend on it (spec.requiredBy)';
  return 'no policy claims it: it stays where it is';
}
