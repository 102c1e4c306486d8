/**
 * How often a stated field was put right in a member against the same manager: beyond a bound the Work says who keeps
 * changing what, and we go at it more slowly (ARCHITECTURE.md, rule 9).
 */
import type { Work } from '#apis/work/work.ts';
import { type FieldSet, formatPath, pathsOf } from '#kube/fields/fieldset.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { Clock } from '#world/clock/clock.ts';
import { isOurs } from './plan/managers.ts';

/** More than this many within the window is a fight, not a repair. */
const mostReverts = 5;
const windowMs = 10 * 60 * 1000;
const firstHoldBackMs = 1_000;

export interface Reverts {
  /**
   * Notes that fields which were right are about to be put right again; answers how many milliseconds to wait first,
   * 0 for not at all.
   */
  readonly before: (work: Work, live: KubeObject, changed: FieldSet) => number;
  /** What to say in the Work's condition, if there is a fight. */
  readonly note: (work: Work) => string | undefined;
  readonly forget: (work: Work) => void;
}

interface Fight {
  readonly times: number[];
  readonly manager: string;
  field: string;
}

/** Whoever wrote last besides us. */
function lastWriter(live: KubeObject): string {
  let [latest, writer] = ['', 'somebody'];
  for (const entry of live.metadata.managedFields ?? []) {
    const { time = '', manager } = entry;
    if (isOurs(entry) || entry.subresource === 'status' || !manager || time < latest) continue;
    [latest, writer] = [time, manager];
  }
  return writer;
}

export function revertsOf(clock: Clock): Reverts {
  const fights = new Map<string, Fight>();
  const fightOf = (work: Work) => fights.get(work.metadata.uid!);
  return {
    before: (work, live, changed) => {
      const now = clock.monotonic();
      const manager = lastWriter(live);
      const known = fightOf(work);
      const fight = known?.manager === manager ? known : { times: [], manager, field: '' };
      fights.set(work.metadata.uid!, fight);
      fight.field = pathsOf(changed).map(formatPath)[0] ?? fight.field;
      while (fight.times.length > 0 && now - fight.times[0]! > windowMs) fight.times.shift();
      fight.times.push(now);
      const excess = fight.times.length - mostReverts;
      return excess > 0 ? Math.min(windowMs, firstHoldBackMs * 2 ** excess) : 0;
    },
    note: (work) => {
      const fight = fightOf(work);
      return fight && fight.times.length > mostReverts
        ? `"${fight.manager}" keeps changing ${fight.field} back: stop it there, or take the field out of the template`
        : undefined;
    },
    forget: (work) => {
      fights.delete(work.metadata.uid!);
    },
  };
}
