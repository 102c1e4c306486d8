/** A journal in memory that takes its time, fails and loses power when told: the disk of simulations and tests. */
import { Buffer } from 'node:buffer';
import type { Clock } from '#world/clock/clock.ts';
import { type Journal, type JournalGroup, type JournalState, parseJournalKey, parseTableKey } from './journal.ts';
import { decodeHeader, decodeObject, RecordEncoder } from './record.ts';

/** What survives: the records of all groups that were written whole, as bytes, as a disk would keep them. */
interface Platter {
  state: JournalState | undefined;
  readonly records: Map<string, Buffer>;
  readonly deletions: Map<string, number>;
}

export interface SimulatedJournal extends Journal {
  /** The next start's journal: what was flushed until now. What this one is writing is lost, as when power fails. */
  readonly restart: () => SimulatedJournal;
  /** Every commit fails with this, until undefined is given. */
  readonly fail: (error: Error | undefined) => void;
}

const emptyPlatter = (): Platter => ({ state: undefined, records: new Map(), deletions: new Map() });

/** `flushMs`: how long a group takes. */
export function simulatedJournal(clock: Clock, flushMs = 1, platter = emptyPlatter()): SimulatedJournal {
  let failure: Error | undefined;
  let powered = true;
  const encoder = new RecordEncoder();

  const store = (group: JournalGroup) => {
    platter.state = { revision: group.revision, reserved: group.reserved, directory: group.directory };
    for (const [key, record] of group.records) {
      if (!record) platter.records.delete(key);
      else platter.records.set(key, Buffer.from(encoder.encode(key, record)));
    }
    encoder.reset();
    for (const [key, deleted] of group.deletions) {
      if (deleted === undefined) platter.deletions.delete(key);
      else platter.deletions.set(key, deleted);
    }
  };

  return {
    state: platter.state,
    scan: async (visit) => {
      for (const [key, revision] of platter.deletions) {
        const { space, resource } = parseTableKey(key);
        visit.deletion(space, resource, revision);
      }
      for (const [key, bytes] of [...platter.records].sort(([a], [b]) => (a < b ? -1 : 1))) {
        const { revision, writtenAt } = decodeHeader(key, bytes)!;
        visit.object(parseJournalKey(key), revision, writtenAt);
      }
    },
    read: (key) => decodeObject(platter.records.get(key)!),
    commit: (group) =>
      new Promise((resolve, reject) => {
        clock.after(flushMs, () => {
          if (!powered) return;
          if (failure) return reject(failure);
          store(group);
          resolve();
        });
      }),
    close: async () => {},
    restart: () => {
      powered = false;
      return simulatedJournal(clock, flushMs, platter);
    },
    fail: (error) => {
      failure = error;
    },
  };
}
