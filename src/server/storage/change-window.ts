/** The recent changes of one resource of one space: what a watch resumes from and an earlier state is rebuilt from. */
import type { StoredChange } from './store.ts';

/** Dropped changes are taken out of the array when they are this many and the larger half. */
const slackChanges = 64;

export class ChangeWindow {
  /** Changes up to and including this revision are not kept. */
  floor: number;
  private changes: StoredChange[] = [];
  private first = 0;

  constructor(floor: number) {
    this.floor = floor;
  }

  get size(): number {
    return this.changes.length - this.first;
  }

  /** Nothing up to this revision can be resumed from: what happened then is not kept. */
  raiseFloor(revision: number): void {
    if (revision > this.floor) this.floor = revision;
  }

  append(change: StoredChange): void {
    this.changes.push(change);
  }

  /** The kept changes above `revision` (and not above `until`), oldest first. */
  after(revision: number, until = Number.POSITIVE_INFINITY): readonly StoredChange[] {
    const end = until === Number.POSITIVE_INFINITY ? this.changes.length : this.indexAbove(until);
    return this.changes.slice(this.indexAbove(revision), end);
  }

  /** Drops changes from the oldest on; answers how many went. */
  dropOldest(count: number): number {
    const dropped = Math.min(count, this.size);
    if (dropped > 0) this.dropBefore(this.first + dropped);
    return dropped;
  }

  dropUpTo(revision: number): number {
    const index = this.indexAbove(revision);
    const dropped = index - this.first;
    if (dropped > 0) this.dropBefore(index);
    return dropped;
  }

  private dropBefore(index: number): void {
    this.floor = this.changes[index - 1]!.revision;
    if (index === this.changes.length || (index >= slackChanges && index * 2 >= this.changes.length)) {
      this.changes = this.changes.slice(index);
      this.first = 0;
      return;
    }
    // Let go of the objects at once; the slots follow later.
    this.changes.fill(this.changes[this.changes.length - 1]!, this.first, index);
    this.first = index;
  }

  private indexAbove(revision: number): number {
    let low = this.first;
    let high = this.changes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.changes[middle]!.revision <= revision) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
