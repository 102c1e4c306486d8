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
  /** Throws HeldByAnother once it was taken over: whoever writes asks before. */
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
  const change: Held['change'] = async (next) => {
    current = (await changeRecord(control, plan, (found) => {
      if (found?.holder?.name !== holder) {
        lost = taken(plan, found?.holder?.name ?? 'another process');
        throw lost;
      }
      return named(next(found));
    }))!;
    return current;
  };
  let released = false;
  let renewal: Promise<unknown> = Promise.resolve();
  let timer: Timer;
  const renewLater = () => {
    if (released || lost) return;
    timer = clock.after(renewEveryMs, () => {
      // A server that is away for a moment is asked again; while it is away, nobody else can take over either.
      renewal = change((record) => record)
        .catch(() => {})
        .then(renewLater);
    });
  };
  renewLater();
  return {
    record: () => current,
    change,
    check: () => {
      if (lost) throw lost;
    },
    release: async () => {
      released = true;
      timer.cancel();
      await renewal;
      if (lost) return;
      await changeRecord(control, plan, (found) => {
        if (found?.holder?.name !== holder) return found;
        const { holder: _, ...rest } = found;
        return rest;
      });
    },
  };
}

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
