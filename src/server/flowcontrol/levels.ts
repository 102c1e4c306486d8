/** All priority levels of a server, and how its seats are divided among them. */
import type { Clock } from '#world/clock/clock.ts';
import { divideSeats } from './borrowing.ts';
import type { Named } from './configuration.ts';
import { boundsOf, Level } from './level.ts';
import type { LevelSpec } from './objects.ts';

export interface LevelSet {
  readonly find: (name: string) => Level | undefined;
  readonly all: () => readonly Level[];
  /** What is configured now. A level that is not any more goes when its last request has. */
  readonly take: (configured: readonly Named<LevelSpec>[]) => void;
}

/** Seats are divided anew at most this often, and only while somebody wants more than there is. */
const adjustmentMs = 10_000;

export function levelSet(clock: Clock, seats: number): LevelSet {
  const levels = new Map<string, Level>();
  let adjustedAt = Number.NEGATIVE_INFINITY;
  let adjusting = false;

  const dropIdle = () => {
    for (const [name, level] of levels) if (level.leaving && level.queues.idle) levels.delete(name);
  };

  const adjust = () => {
    adjustedAt = clock.monotonic();
    dropIdle();
    divideSeats([...levels.values()], adjustedAt);
  };

  /** As long as somebody waits, seats are divided again and again; when nobody does, nothing runs. */
  const underPressure = () => {
    if (adjusting) return;
    if (clock.monotonic() - adjustedAt >= adjustmentMs) adjust();
    adjusting = true;
    clock.after(adjustmentMs, () => {
      adjusting = false;
      adjust();
      if ([...levels.values()].some(({ queues }) => queues.waiting > 0)) underPressure();
    });
  };

  const put = ({ name, uid, spec }: Named<LevelSpec>) => {
    const level = levels.get(name) ?? new Level(name, spec, clock);
    level.queues.onPressure = underPressure;
    level.leaving = false;
    level.uid = uid;
    level.spec = spec;
    levels.set(name, level);
  };

  return {
    find: (name) => levels.get(name),
    all: () => [...levels.values()],
    take: (configured) => {
      for (const level of levels.values()) level.leaving = true;
      for (const each of configured) put(each);
      dropIdle();
      let shares = 0;
      for (const { spec } of levels.values()) shares += (spec.limited ?? spec.exempt)?.nominalConcurrencyShares ?? 0;
      for (const level of levels.values()) level.bounds = boundsOf(level.spec, shares, seats);
      adjust();
    },
  };
}
