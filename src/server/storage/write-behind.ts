/**
 * Brings committed changes to the journal in groups, one at a time in order, and says when they are there. Changes of
 * one object within a group are written once. While the journal fails, nothing is lost: the changes wait, the store
 * takes no more.
 */
import type { KubeObject } from '#kube/meta/object.ts';
import { internalError, serviceUnavailable, tooManyRequests } from '#kube/status/errors.ts';
import type { StatusError } from '#kube/status/status.ts';
import type { Clock, Timer } from '#world/clock/clock.ts';
import type { Journal, JournalRecord, SpaceDirectory } from './journal.ts';
import { ephemeralLingerMs, groupPaceMs, groupRecords, pendingGroups, reservedRevisions, retryMs } from './limits.ts';

/** The changes of consecutive revisions; together with all groups before it, the whole state up to `revision`. */
interface Group {
  readonly records: Map<string, JournalRecord | undefined>;
  readonly deletions: Map<string, number | undefined>;
  revision: number;
  directory: SpaceDirectory;
  /** Whether anything but ephemeral objects is in it. */
  urgent: boolean;
  /** Made when first waited for. */
  flushed: PromiseWithResolvers<void> | undefined;
}

const done = Promise.resolve();

/** Callers inside the process may go on without looking at it, so a rejection nobody sees is no accident. */
function tolerateUnseen(promise: Promise<void>): void {
  promise.catch(() => {});
}

function flushedPromise(group: Group): Promise<void> {
  if (!group.flushed) {
    group.flushed = Promise.withResolvers<void>();
    tolerateUnseen(group.flushed.promise);
  }
  return group.flushed.promise;
}

export class WriteBehind {
  private readonly clock: Clock;
  private readonly journal: Journal;
  /** Everything up to this revision is in the journal. */
  private flushed: number;
  private newest: number;
  private reserved: number;
  private directory: SpaceDirectory;
  /** Oldest first; only the last one takes changes. */
  private groups: Group[] = [];
  private inFlight: Group | undefined;
  /** The newest revision somebody waits for. */
  private wanted = 0;
  private failure: StatusError | undefined;
  private timer: Timer | undefined;
  private timerDue = 0;
  private lastStart = Number.NEGATIVE_INFINITY;
  private starting = false;
  private closing = false;

  constructor(clock: Clock, journal: Journal, revision: number, directory: SpaceDirectory) {
    this.clock = clock;
    this.journal = journal;
    this.flushed = revision;
    this.newest = revision;
    this.reserved = revision;
    this.directory = directory;
  }

  /** The newest revision in the journal, while it fails. */
  held(): number | undefined {
    return this.failure ? this.flushed : undefined;
  }

  /** Why nothing can be written now; undefined when it can. */
  refusal(): StatusError | undefined {
    if (this.failure) return this.failure;
    if (this.closing) return serviceUnavailable('the store is closed');
    if (this.groups.length <= pendingGroups && this.newest < this.reserved) return undefined;
    return tooManyRequests('the disk is behind with writing; try again later');
  }

  put(key: string, object: KubeObject, revision: number, writtenAt: number): void {
    const group = this.openGroup();
    group.records.set(key, { object, revision, writtenAt });
    this.wrote(group, revision, writtenAt === 0);
  }

  remove(key: string, tableKey: string, revision: number, ephemeral: boolean): void {
    const group = this.openGroup();
    group.records.set(key, undefined);
    group.deletions.set(tableKey, revision);
    this.wrote(group, revision, !ephemeral);
  }

  setDirectory(directory: SpaceDirectory, revision: number): void {
    this.directory = directory;
    const group = this.openGroup();
    group.directory = directory;
    this.wrote(group, revision, true);
  }

  /** Takes away what no space holds any more; no change of its own. */
  discard(keys: Iterable<string>, tableKeys: Iterable<string>): void {
    for (const key of keys) this.openGroup().records.set(key, undefined);
    for (const key of tableKeys) this.openGroup().deletions.set(key, undefined);
    if (this.groups.length > 0) this.schedule();
  }

  durable(revision: number): Promise<void> {
    if (revision <= this.flushed) return done;
    if (this.failure) {
      const failed = Promise.reject<void>(this.failure);
      tolerateUnseen(failed);
      return failed;
    }
    if (this.inFlight && revision <= this.inFlight.revision) return flushedPromise(this.inFlight);
    for (const group of this.groups) {
      if (revision > group.revision) continue;
      if (revision > this.wanted) this.wanted = revision;
      this.schedule();
      return flushedPromise(group);
    }
    return done;
  }

  /** Writes the first group, which reserves revisions before one can be given out. */
  async open(): Promise<void> {
    this.openGroup();
    while (this.groups.length > 0 && !this.failure) await this.commit();
    if (this.failure) throw this.failure;
  }

  async close(): Promise<void> {
    this.closing = true;
    this.timer?.cancel();
    while (this.inFlight) await flushedPromise(this.inFlight).catch(() => {});
    this.failure = undefined;
    this.openGroup();
    while (this.groups.length > 0 && !this.failure) await this.commit();
    await this.journal.close();
    if (this.failure) throw this.failure;
  }

  private openGroup(): Group {
    const last = this.groups.at(-1);
    if (last && last.records.size < groupRecords) return last;
    const group: Group = {
      records: new Map(),
      deletions: new Map(),
      revision: this.newest,
      directory: this.directory,
      urgent: false,
      flushed: undefined,
    };
    this.groups.push(group);
    return group;
  }

  private wrote(group: Group, revision: number, urgent: boolean): void {
    this.newest = revision;
    group.revision = revision;
    group.urgent ||= urgent;
    this.schedule();
  }

  private schedule(): void {
    if (this.inFlight || this.failure || this.starting || this.closing) return;
    if (this.isUrgent()) {
      const early = this.paceLeft();
      if (early > 0 && this.groups.length === 1) {
        this.startAfter(early);
        return;
      }
      // At the end of the turn: all that is written in one turn goes together.
      this.starting = true;
      this.clock.soon(() => {
        this.starting = false;
        this.start();
      });
      return;
    }
    this.startAfter(ephemeralLingerMs);
  }

  /** Somebody waits, or will: a watcher may be on its way to the change through other queues. */
  private isUrgent(): boolean {
    return this.wanted > this.flushed || this.groups.length > 1 || this.groups[0]!.urgent;
  }

  private paceLeft(): number {
    return this.lastStart + groupPaceMs - this.clock.monotonic();
  }

  private startAfter(ms: number): void {
    const due = this.clock.monotonic() + ms;
    if (this.timer && this.timerDue <= due) return;
    this.timer?.cancel();
    this.timerDue = due;
    this.timer = this.clock.after(ms, () => {
      this.timer = undefined;
      this.start();
    });
  }

  private start(): void {
    if (!this.inFlight && !this.closing && this.groups.length > 0) void this.commit();
  }

  /** Writes the oldest group. Never rejects. */
  private async commit(): Promise<void> {
    this.timer?.cancel();
    this.timer = undefined;
    this.lastStart = this.clock.monotonic();
    const group = this.groups.shift()!;
    const reserved = this.closing && this.groups.length === 0 ? this.newest : this.newest + reservedRevisions;
    this.inFlight = group;
    try {
      await this.journal.commit({ ...group, reserved });
    } catch (error) {
      this.failed(group, error);
      return;
    }
    this.inFlight = undefined;
    this.failure = undefined;
    this.flushed = group.revision;
    this.reserved = reserved;
    group.flushed?.resolve();
    // A fresh turn: nothing of it is still to come, so there is nobody to wait for.
    if (this.groups.length > 0 && this.isUrgent() && this.paceLeft() <= 0) this.start();
    else if (this.groups.length > 0) this.schedule();
  }

  private failed(group: Group, error: unknown): void {
    this.inFlight = undefined;
    this.groups.unshift(group);
    this.failure = internalError(
      `the data directory cannot be written (${error instanceof Error ? error.message : String(error)}); ` +
        'nothing that was acknowledged is lost; writes are refused until it can be written again: make room on the disk',
    );
    for (const waiting of this.groups) {
      waiting.flushed?.reject(this.failure);
      waiting.flushed = undefined;
    }
    this.wanted = 0;
    if (!this.closing) this.startAfter(retryMs);
  }
}
