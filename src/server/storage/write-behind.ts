/**
 * Brings committed changes to the journal in groups, one at a time, and says when they are there. Changes of one object
 * within a group are written once. While the journal fails, nothing is lost: the changes wait, the store takes no more.
 */
import type { KubeObject } from '#kube/meta/object.ts';
import { internalError, tooManyRequests } from '#kube/status/errors.ts';
import type { StatusError } from '#kube/status/status.ts';
import type { Clock, Timer } from '#world/clock/clock.ts';
import type { Journal, JournalGroup, JournalRecord, SpaceRecord } from './journal.ts';
import { ephemeralLingerMs, lingerMs, pendingRecords, reservedRevisions, retryMs } from './limits.ts';

interface Group extends JournalGroup {
  readonly promise: Promise<void>;
  readonly settle: Settlers;
}

interface Settlers {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

interface Waiting extends Settlers {
  readonly promise: Promise<void>;
}

function waiting(): Waiting {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // Nobody may be waiting for a group that fails.
  promise.catch(() => {});
  return { promise, resolve, reject };
}

const done = Promise.resolve();

export class WriteBehind {
  private readonly clock: Clock;
  private readonly journal: Journal;
  private flushed: number;
  private newest: number;
  private reserved: number;
  private spaces: readonly SpaceRecord[];
  private records = new Map<string, JournalRecord | undefined>();
  private deletions = new Map<string, number>();
  private next: Waiting = waiting();
  /** The newest revision somebody waits for. */
  private wanted = 0;
  /** Whether anything but ephemeral objects waits to be written. */
  private urgent = false;
  private inFlight: Group | undefined;
  private failure: StatusError | undefined;
  private timer: Timer | undefined;
  private timerDue = 0;
  private starting = false;
  private closing = false;

  constructor(clock: Clock, journal: Journal, revision: number, spaces: readonly SpaceRecord[]) {
    this.clock = clock;
    this.journal = journal;
    this.flushed = revision;
    this.newest = revision;
    this.reserved = journal.state?.reserved ?? 0;
    this.spaces = spaces;
  }

  /** Throws why nothing can be written now. */
  check(): void {
    if (this.failure) throw this.failure;
    if (this.closing) throw internalError('the store is closed');
    if (this.records.size >= pendingRecords || this.newest >= this.reserved) {
      throw tooManyRequests('the disk is behind with writing; try again later');
    }
  }

  put(key: string, object: KubeObject, revision: number, writtenAt: number): void {
    this.records.set(key, { object, revision, writtenAt });
    this.wrote(revision, writtenAt === 0);
  }

  remove(key: string, tableKey: string, revision: number, ephemeral: boolean): void {
    this.records.set(key, undefined);
    this.deletions.set(tableKey, revision);
    this.wrote(revision, !ephemeral);
  }

  /** Takes away what no space holds any more; no change of its own. */
  discard(keys: Iterable<string>): void {
    for (const key of keys) this.records.set(key, undefined);
    this.schedule();
  }

  setSpaces(spaces: readonly SpaceRecord[], revision: number): void {
    this.spaces = spaces;
    this.wrote(revision, true);
  }

  durable(revision: number): Promise<void> {
    if (revision <= this.flushed || this.newest <= this.flushed) return done;
    if (this.failure) return Promise.reject(this.failure);
    if (this.inFlight && revision <= this.inFlight.revision) return this.inFlight.promise;
    if (revision > this.wanted) this.wanted = revision;
    const { promise } = this.next;
    this.schedule();
    return promise;
  }

  /** Writes a first group: reserves revisions before one can be given out. */
  async open(): Promise<void> {
    await this.commit();
    if (this.failure) throw this.failure;
  }

  async close(): Promise<void> {
    this.closing = true;
    this.timer?.cancel();
    while (this.inFlight) await this.inFlight.promise.catch(() => {});
    this.timer?.cancel();
    await this.commit();
    const { failure } = this;
    await this.journal.close();
    if (failure) throw failure;
  }

  private wrote(revision: number, urgent: boolean): void {
    this.newest = revision;
    this.urgent ||= urgent;
    this.schedule();
  }

  private schedule(): void {
    if (this.inFlight || this.failure || this.starting || this.closing) return;
    if (this.wanted > this.flushed) {
      // At the end of the turn: all that is written in one turn goes together.
      this.starting = true;
      this.clock.soon(() => {
        this.starting = false;
        if (!this.inFlight && !this.closing) void this.commit();
      });
      return;
    }
    const due = this.clock.monotonic() + (this.urgent ? lingerMs : ephemeralLingerMs);
    if (this.timer && this.timerDue <= due) return;
    this.commitAfter(due - this.clock.monotonic());
  }

  private commitAfter(ms: number): void {
    this.timer?.cancel();
    this.timerDue = this.clock.monotonic() + ms;
    this.timer = this.clock.after(ms, () => {
      this.timer = undefined;
      if (!this.inFlight && !this.starting && !this.closing) void this.commit();
    });
  }

  private takeGroup(): Group {
    const { promise, resolve, reject } = this.next;
    const group: Group = {
      revision: this.newest,
      reserved: this.closing ? this.newest : this.newest + reservedRevisions,
      spaces: this.spaces,
      records: this.records,
      deletions: this.deletions,
      promise,
      settle: { resolve, reject },
    };
    this.records = new Map();
    this.deletions = new Map();
    this.urgent = false;
    this.next = waiting();
    return group;
  }

  /** Never rejects. */
  private async commit(): Promise<void> {
    this.timer?.cancel();
    this.timer = undefined;
    const group = this.takeGroup();
    this.inFlight = group;
    try {
      await this.journal.commit(group);
    } catch (error) {
      this.failed(group, error);
      return;
    }
    this.inFlight = undefined;
    this.failure = undefined;
    this.flushed = group.revision;
    this.reserved = group.reserved;
    group.settle.resolve();
    if (this.records.size > 0 || this.newest > this.flushed) this.schedule();
  }

  private failed(group: Group, error: unknown): void {
    this.inFlight = undefined;
    // What came since is newer than what could not be written.
    this.records = new Map([...group.records, ...this.records]);
    this.deletions = new Map([...group.deletions, ...this.deletions]);
    this.failure = internalError(
      `the data directory cannot be written (${error instanceof Error ? error.message : String(error)}); ` +
        'nothing that was acknowledged is lost; writes are refused until it can be written again: make room on the disk',
    );
    group.settle.reject(this.failure);
    this.next.reject(this.failure);
    this.next = waiting();
    this.wanted = 0;
    if (!this.closing) this.commitAfter(retryMs);
  }
}
