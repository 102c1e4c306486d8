/** Long work in slices that leave the turn to others: `if (slices.over()) await slices.next()` between its pieces. */
import type { Clock } from '#world/clock/clock.ts';
import { sliceMs } from './limits.ts';

export class Slices {
  private readonly clock: Clock;
  private readonly piecesPerLook: number;
  private pieces = 0;
  private end: number;

  /** The clock is looked at once in `piecesPerLook` pieces; so many must be done well within a slice. */
  constructor(clock: Clock, piecesPerLook: number) {
    this.clock = clock;
    this.piecesPerLook = piecesPerLook;
    this.end = clock.monotonic() + sliceMs;
  }

  /** To be asked before or after each piece. */
  over(): boolean {
    if (++this.pieces < this.piecesPerLook) return false;
    this.pieces = 0;
    return this.clock.monotonic() >= this.end;
  }

  /** Begins a slice now, for those who come back by themselves. */
  begin(): void {
    this.end = this.clock.monotonic() + sliceMs;
  }

  async next(): Promise<void> {
    await new Promise<void>((resolve) => this.clock.soon(resolve));
    this.begin();
  }
}
