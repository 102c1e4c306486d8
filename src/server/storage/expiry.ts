/** Ends objects of ephemeral resources (events): after their lifetime, or when a namespace holds too many. */
import type { Clock, Timer } from '#world/clock/clock.ts';
import { expirySweepMs } from './limits.ts';
import { Slices } from './slices.ts';
import type { Table } from './table.ts';

/** Objects ended between two looks at the clock. */
const expiredPerLook = 64;

export class Expiry {
  private readonly clock: Clock;
  private readonly expire: (table: Table, namespace: string, name: string) => void;
  private readonly tables = new Set<Table>();
  private timer: Timer | undefined;
  private stopped = false;

  /** `expire` deletes the object as a client's delete would. */
  constructor(clock: Clock, expire: (table: Table, namespace: string, name: string) => void) {
    this.clock = clock;
    this.expire = expire;
  }

  /** Called for each ephemeral table that objects are written to. */
  track(table: Table): void {
    this.tables.add(table);
    if (!this.stopped) this.timer ??= this.clock.after(expirySweepMs, () => this.sweep());
  }

  forget(table: Table): void {
    this.tables.delete(table);
  }

  /** Called after an object was created: what is too much goes at once, the oldest first. */
  enforce(table: Table, namespace: string): void {
    const excess = table.count(namespace) - (table.ephemeral?.perNamespace ?? Number.POSITIVE_INFINITY);
    if (excess <= 0) return;
    let ended = 0;
    for (const { name } of table.entriesOf(namespace)) {
      this.expire(table, namespace, name);
      if (++ended === excess) return;
    }
  }

  stop(): void {
    this.stopped = true;
    this.timer?.cancel();
  }

  private sweep(): void {
    this.timer = undefined;
    if (this.stopped) return;
    const finished = this.sweepSlice();
    if (!finished) {
      this.clock.soon(() => this.sweep());
      return;
    }
    for (const table of this.tables) if (table.count() === 0) this.tables.delete(table);
    if (this.tables.size > 0) this.timer ??= this.clock.after(expirySweepMs, () => this.sweep());
  }

  /** False when there is more to expire than one turn should. */
  private sweepSlice(): boolean {
    const now = this.clock.now();
    const slices = new Slices(this.clock, expiredPerLook);
    for (const table of this.tables) {
      const bornBefore = now - table.ephemeral!.lifetimeMs;
      for (const namespace of table.namespacesWithObjects()) {
        for (const entry of table.entriesOf(namespace)) {
          if (entry.writtenAt > bornBefore) break;
          this.expire(table, namespace, entry.name);
          if (slices.over()) return false;
        }
      }
    }
    return true;
  }
}
