/**
 * How often a stated field was put right in a member against the same manager: beyond a bound the Work says who keeps
 * changing what, and we go at it more slowly (ARCHITECTURE.md, rule 9).
 */
import { type FieldSet, formatPath, fromFieldsV1, intersect, isEmpty, pathsOf } from '#kube/fields/fieldset.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { Clock } from '#world/clock/clock.ts';
import { isOurs } from './plan/managers.ts';

/** More than this many within the window is a fight, not a repair. */
const mostReverts = 5;
const windowMs = 10 * 60 * 1000;
const firstHoldBackMs = 1_000;
/** Managers remembered for one object; the one that fought longest ago is forgotten first. */
const mostManagers = 8;

export interface Reverts {
  /**
   * Fields that were right are about to be put right again: answers how many milliseconds to wait first, 0 for not at
   * all, and counts the repair then. `id` is of one member's object.
   */
  readonly before: (id: string, live: KubeObject, changed: FieldSet) => number;
  /** What to say in the Work's condition, if there is a fight. */
  readonly note: (id: string) => string | undefined;
  readonly forget: (id: string) => void;
}

interface Fight {
  /** When fields were put right, within the window. */
  times: readonly number[];
  /** How often the next repair was put off, and until when. */
  holds: number;
  heldUntil: number;
  field: string;
}

/** Who changed these fields: who owns them now, else whoever wrote last besides us. */
function changerOf(live: KubeObject, changed: FieldSet): string {
  const others = (live.metadata.managedFields ?? []).filter(
    (entry) => !isOurs(entry) && entry.subresource !== 'status',
  );
  const owners = others.filter((entry) => !isEmpty(intersect(fromFieldsV1(entry.fieldsV1), changed)));
  const latest = (owners.length > 0 ? owners : others).reduce<(typeof others)[number] | undefined>(
    (last, entry) => (last && (last.time ?? '') > (entry.time ?? '') ? last : entry),
    undefined,
  );
  return latest?.manager ?? 'somebody';
}

export function revertsOf(clock: Clock): Reverts {
  const fights = new Map<string, Map<string, Fight>>();

  const fightWith = (id: string, manager: string): Fight => {
    const ofObject = fights.get(id) ?? new Map<string, Fight>();
    fights.set(id, ofObject);
    const fight = ofObject.get(manager) ?? { times: [], holds: 0, heldUntil: 0, field: '' };
    ofObject.delete(manager);
    if (ofObject.size >= mostManagers) ofObject.delete(ofObject.keys().next().value!);
    ofObject.set(manager, fight);
    return fight;
  };

  return {
    before: (id, live, changed) => {
      const now = clock.monotonic();
      const fight = fightWith(id, changerOf(live, changed));
      fight.field = pathsOf(changed).map(formatPath)[0] ?? fight.field;
      fight.times = fight.times.filter((time) => now - time <= windowMs);
      if (fight.times.length === 0) fight.holds = 0;
      if (now < fight.heldUntil) return fight.heldUntil - now;
      const waited = fight.heldUntil > 0;
      fight.heldUntil = 0;
      if (fight.times.length >= mostReverts && !waited) {
        const holdMs = Math.min(windowMs, firstHoldBackMs * 2 ** fight.holds++);
        fight.heldUntil = now + holdMs;
        return holdMs;
      }
      fight.times = [...fight.times, now];
      return 0;
    },
    note: (id) => {
      for (const [manager, { times, holds, field }] of fights.get(id) ?? []) {
        if (holds > 0 && times.some((time) => clock.monotonic() - time <= windowMs))
          return `"${manager}" keeps changing ${field} back: stop it there, or take the field out of the template`;
      }
      return undefined;
    },
    forget: (id) => {
      fights.delete(id);
    },
  };
}
