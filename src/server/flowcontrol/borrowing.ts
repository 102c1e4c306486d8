/** Seats that one level does not need are lent to others, by what each has asked for lately. */
import { allocate } from './allocation.ts';
import type { Level } from './level.ts';

/** Answers nothing: every level gets its limit. `now` is of the clock that does not jump. */
export function divideSeats(levels: readonly Level[], now: number): void {
  let free = 0;
  for (const { bounds } of levels) free += bounds.nominal;
  const sum = free;
  const limited: Level[] = [];
  for (const level of levels) {
    const { highWatermark } = level.queues.demand.settle(now);
    if (!level.exempt) {
      limited.push(level);
      continue;
    }
    const seats = Math.max(level.bounds.least, Math.round(highWatermark));
    level.limitTo(seats);
    free -= seats;
  }
  const limits = limitsOf(limited, free, sum);
  for (const [index, level] of limited.entries()) level.limitTo(limits[index]!);
}

/** `free`: what exempt levels leave; `sum`: all there is. */
function limitsOf(levels: readonly Level[], free: number, sum: number): readonly number[] {
  const least = levels.map(({ bounds }) => bounds.least);
  // What a level has needed of its own share comes back to it, whoever borrowed it.
  const needed = levels.map(({ bounds, queues }) =>
    Math.max(bounds.least, Math.min(bounds.nominal, Math.round(queues.demand.statistics.highWatermark))),
  );
  const total = (seats: readonly number[]) => seats.reduce((before, each) => before + each, 0);
  const [leastSum, neededSum] = [total(least), total(needed)];
  if (free <= leastSum) return least;
  if (free <= neededSum) {
    const part = (free - leastSum) / (neededSum - leastSum);
    return least.map((seats, index) => seats + Math.round((needed[index]! - seats) * part));
  }
  const claims = levels.map(({ bounds, queues }, index) => ({
    target: Math.max(needed[index]!, queues.demand.statistics.smoothed),
    least: needed[index]!,
    most: bounds.most,
  }));
  const shares = allocate(sum, claims);
  return shares ? shares.map(Math.round) : levels.map(({ queues }) => queues.limit);
}
