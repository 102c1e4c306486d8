/**
 * One process at a time works on a migration: its name stands in the record and is renewed while it lives. Another one
 * takes over when the name stands still for longer than a lease, by its own clock, as client-go elects leaders.
 */
import type { ApiClient } from '#client/api-client.ts';
import { type Clock, microTimestamp, parseTimestamp, sleep, type Timer } from '#world/clock/clock.ts';
import type { Holder, MigrationRecord } from './record.ts';
import { changeRecord, readRecord } from './store.ts';

/** Three renewals fit into a lease: one that is late costs nothing. */
const leaseMs = 15_000;
const renewEveryMs = 5_000;
const lookEveryMs = 1_000;

/** Another process works on the migration, or has taken it over from this one. */
class HeldByAnother extends Error {
  override readonly name = 'HeldByAnother';
}

export interface HoldOptions {
  readonly control: ApiClient;
  readonly plan: string;
  /** `apply@host:pid`; of no other process. */
  readonly holder: string;
  /** It is known to be dead: a process of this machine that is gone. Then nobody waits for its lease. */
  readonly isDead: (holder: string) => boolean;
  readonly clock: Clock;
  /** Told that another process has it, while it is waited whether that one lives. */
  readonly waiting: (holder: string) => void;
  /** The record to begin with, from the one that is there. What it throws ends it before anything is written. */
  readonly begin: (record: MigrationRecord | undefined) => MigrationRecord;
}

export interface Held {
  readonly record: () => MigrationRecord;
  /** Changes the record as its holder. Throws HeldByAnother when it is that no more. */
  readonly change: (change: (record: MigrationRecord) => MigrationRecord) => Promise<MigrationRecord>;
  /** Throws HeldByAnother once it was, or may have been, taken over: whoever writes asks before. */
  readonly check: () => void;
  readonly release: () => Promise<void>;
}

/** Throws HeldByAnother while another process that lives has it. */
export async function hold(options: HoldOptions): Promise<Held> {
  const { control, plan, holder, clock, begin } = options;
  const dead = await untilFree(options);
  const named = (record: MigrationRecord): MigrationRecord => ({
    ...record,
    holder: { name: holder, renewed: microTimestamp(clock.now()) },
  });
  let current = (await changeRecord(control, plan, (found) => {
    // Of two who saw the same dead holder the first has it; and the dead one may have come back to life.
    if (!isFree(found?.holder, holder, dead)) throw taken(plan, found!.holder!.name);
    return named(begin(found));
  }))!;
  let lost: HeldByAnother | undefined;
  let renewedAt = clock.monotonic();
  const write = async (next: (record: MigrationRecord) => MigrationRecord) => {
    const began = clock.monotonic();
    current = (await changeRecord(control, plan, (found) => {
      if (found?.holder?.name !== holder) {
        lost = taken(plan, found?.holder?.name ?? 'another process');
        throw lost;
      }
      return named(next(found));
    }))!;
    renewedAt = began;
    return current;
  };
  // One after another: an answer that comes late must not hide a later change.
  let last: Promise<unknown> = Promise.resolve();
  const change: Held['change'] = (next) => {
    const writing = last.then(() => write(next));
    last = writing.catch(() => {});
    return writing;
  };
  let released = false;
  let timer: Timer;
  const renewIn = (ms: number) => {
    if (released || lost) return;
    timer = clock.after(ms, () => {
      change((record) => record).then(
        () => renewIn(renewEveryMs),
        () => renewIn(lookEveryMs),
      );
    });
  };
  renewIn(renewEveryMs);
  return {
    record: () => current,
    change,
    check: () => {
      if (lost) throw lost;
      if (clock.monotonic() - renewedAt > leaseMs) throw new HeldByAnother(silent(plan));
    },
    release: async () => {
      released = true;
      timer.cancel();
      await last;
      if (lost) return;
      // What cannot be released runs out by itself.
      await changeRecord(control, plan, (found) => {
        if (found?.holder?.name !== holder) return found;
        const { holder: _, ...rest } = found;
        return rest;
      }).catch(() => {});
    },
  };
}

const silent = (plan: string): string =>
  `the control plane has not answered for ${leaseMs / 1_000} s, and another process may work on migration ${plan} by now; go on with --resume`;

/** By the wall clock of whoever asks: enough to tell a person. `now`: milliseconds since 1970. */
export const seemsGone = ({ renewed }: Holder, now: number): boolean => now - parseTimestamp(renewed) > leaseMs;

const isFree = (now: Holder | undefined, own: string, dead: Holder | undefined): boolean =>
  now === undefined || now.name === own || (now.name === dead?.name && now.renewed === dead.renewed);

const taken = (plan: string, holder: string): HeldByAnother =>
  new HeldByAnother(
    `${holder} works on migration ${plan}; wait until it is done (flotilla migrate list shows how far it is), or stop that process`,
  );

/** Looks until nobody holds it, or who does has stood still for a lease, and answers that one. Throws when it lives. */
async function untilFree(options: HoldOptions): Promise<Holder | undefined> {
  const { control, plan, holder, isDead, clock, waiting } = options;
  const seen = (await readRecord(control, plan))?.holder;
  if (!seen || seen.name === holder || isDead(seen.name)) return seen;
  waiting(seen.name);
  const until = clock.monotonic() + leaseMs;
  for (;;) {
    await sleep(clock, lookEveryMs);
    const now = (await readRecord(control, plan))?.holder;
    if (!isFree(now, holder, seen)) throw taken(plan, now!.name);
    if (!now || clock.monotonic() >= until) return now;
  }
}
