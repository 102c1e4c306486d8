/**
 * Hands changes to watchers: in order, after the write's own turn, many at a time, one shared object for all. Works in
 * slices, so that a thousand watchers of a burst do not hold the turn.
 */
import type { Clock } from '#world/clock/clock.ts';
import { Slices } from './slices.ts';
import type { StoredChange } from './store.ts';
import type { Table } from './table.ts';

interface Watcher {
  readonly receive: (change: StoredChange) => void;
  /** Changes up to this revision are known to the watcher. */
  from: number;
  stopped: boolean;
  readonly stop: () => void;
}

/** A watcher that is still to get what happened between its revision and its coming. */
interface Joining {
  readonly watcher: Watcher;
  readonly backlog: readonly StoredChange[];
  next: number;
}

interface Channel {
  /** Replaced, never changed: a delivery under way goes to those who were there when it began. */
  watchers: readonly Watcher[];
  joining: Joining[];
  pending: StoredChange[];
  next: number;
  /** Everything up to this revision has been handed to `watchers`. */
  delivered: number;
  queued: boolean;
}

/** Changes handed over between two looks at the clock: 32 of 10 µs, to a few watchers each. */
const changesPerLook = 32;

export class Delivery {
  private readonly clock: Clock;
  private readonly onError: (error: unknown) => void;
  private readonly channels = new Map<Table, Channel>();
  private queue: Channel[] = [];
  private scheduled = false;
  private readonly slices: Slices;

  /** `onError` gets what a watcher throws; that watcher gets nothing more. */
  constructor(clock: Clock, onError: (error: unknown) => void) {
    this.clock = clock;
    this.slices = new Slices(clock, changesPerLook);
    this.onError = onError;
  }

  /** Called for each change, in order of revisions. */
  publish(table: Table, change: StoredChange): void {
    const channel = this.channels.get(table);
    if (!channel) return;
    channel.pending.push(change);
    this.enqueue(channel);
  }

  /** The table's window must reach back to `from`; `newest` is the revision of now. */
  watch(table: Table, from: number, newest: number, receive: (change: StoredChange) => void): () => void {
    let channel = this.channels.get(table);
    if (!channel) {
      channel = { watchers: [], joining: [], pending: [], next: 0, delivered: newest, queued: false };
      this.channels.set(table, channel);
    }
    const watcher: Watcher = { receive, from, stopped: false, stop: () => this.stop(table, watcher) };
    const backlog = table.window.after(from, channel.delivered);
    if (backlog.length > 0) {
      channel.joining.push({ watcher, backlog, next: 0 });
      this.enqueue(channel);
    }
    channel.watchers = [...channel.watchers, watcher];
    return watcher.stop;
  }

  /** Forgets the watchers of a table; they hear nothing more. */
  remove(table: Table): void {
    const channel = this.channels.get(table);
    if (!channel) return;
    for (const watcher of channel.watchers) watcher.stopped = true;
    this.channels.delete(table);
  }

  private stop(table: Table, watcher: Watcher): void {
    if (watcher.stopped) return;
    watcher.stopped = true;
    const channel = this.channels.get(table)!;
    channel.watchers = channel.watchers.filter((other) => other !== watcher);
    if (channel.watchers.length === 0) this.channels.delete(table);
  }

  private enqueue(channel: Channel): void {
    if (!channel.queued) {
      channel.queued = true;
      this.queue.push(channel);
    }
    if (this.scheduled) return;
    this.scheduled = true;
    this.clock.soon(() => this.run());
  }

  private run(): void {
    this.slices.begin();
    const channels = this.queue;
    this.queue = [];
    this.scheduled = false;
    for (let index = 0; index < channels.length; index++) {
      const channel = channels[index]!;
      if (this.drain(channel)) channel.queued = false;
      else {
        // Those not reached yet come first in the next turn.
        this.queue = [...channels.slice(index + 1), channel, ...this.queue];
        break;
      }
    }
    if (this.queue.length === 0 || this.scheduled) return;
    this.scheduled = true;
    this.clock.soon(() => this.run());
  }

  /** False when the slice ended before the channel was empty. */
  private drain(channel: Channel): boolean {
    for (let joining = channel.joining[0]; joining; joining = channel.joining[0]) {
      while (joining.next < joining.backlog.length) {
        if (this.slices.over()) return false;
        this.give(joining.watcher, joining.backlog[joining.next++]!);
      }
      channel.joining.shift();
    }
    while (channel.next < channel.pending.length) {
      if (this.slices.over()) return false;
      const change = channel.pending[channel.next++]!;
      channel.delivered = change.revision;
      for (const watcher of channel.watchers) if (change.revision > watcher.from) this.give(watcher, change);
      // Whoever came while this was given out has it in its backlog, which goes first.
      if (channel.joining.length > 0) return this.drain(channel);
    }
    channel.pending = [];
    channel.next = 0;
    return true;
  }

  private give(watcher: Watcher, change: StoredChange): void {
    if (watcher.stopped) return;
    watcher.from = change.revision;
    try {
      watcher.receive(change);
    } catch (error) {
      watcher.stop();
      this.onError(error);
    }
  }
}
