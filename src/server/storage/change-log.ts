/** Bounds what all change windows keep together: by age, by count for each, by count for all. */
import type { Clock, Timer } from '#world/clock/clock.ts';
import type { ChangeWindow } from './change-window.ts';
import type { StoredChange } from './store.ts';

export interface WindowLimits {
  readonly ageMs: number;
  readonly sweepMs: number;
  /** Changes of one window. */
  readonly each: number;
  /** Changes of all windows. */
  readonly all: number;
}

export class ChangeLog {
  private readonly clock: Clock;
  private readonly limits: WindowLimits;
  private readonly windows = new Set<ChangeWindow>();
  private total = 0;
  private newest = 0;
  /** The newest revision at each of the last sweeps: what was old then is older now. */
  private sweeps: number[] = [];
  private timer: Timer | undefined;

  constructor(clock: Clock, limits: WindowLimits) {
    this.clock = clock;
    this.limits = limits;
  }

  append(window: ChangeWindow, change: StoredChange): void {
    window.append(change);
    this.windows.add(window);
    this.newest = change.revision;
    this.total++;
    if (window.size > this.limits.each) this.total -= window.dropOldest(1);
    if (this.total > this.limits.all) this.halveLargest();
    this.timer ??= this.clock.after(this.limits.sweepMs, () => this.sweep());
  }

  /** Forgets a window with all it keeps. */
  remove(window: ChangeWindow): void {
    if (this.windows.delete(window)) this.total -= window.size;
  }

  stop(): void {
    this.timer?.cancel();
  }

  /** Whoever fills the log pays for it; halving makes the search for the largest rare. */
  private halveLargest(): void {
    let largest: ChangeWindow | undefined;
    for (const window of this.windows) if (!largest || window.size > largest.size) largest = window;
    if (largest) this.total -= largest.dropOldest(Math.ceil(largest.size / 2));
  }

  private sweep(): void {
    this.sweeps.push(this.newest);
    const kept = Math.ceil(this.limits.ageMs / this.limits.sweepMs);
    const tooOld = this.sweeps.length > kept ? this.sweeps.shift()! : 0;
    for (const window of this.windows) {
      this.total -= window.dropUpTo(tooOld);
      if (window.size === 0) this.windows.delete(window);
    }
    this.timer = this.total > 0 ? this.clock.after(this.limits.sweepMs, () => this.sweep()) : undefined;
  }
}
