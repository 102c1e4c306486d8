/** A journal in memory that takes its time, fails and loses power when told: the disk of simulations and tests. */
import type { KubeObject } from '#kube/meta/object.ts';
import type { Clock } from '#world/clock/clock.ts';
import { type Journal, type JournalGroup, type JournalState, parseJournalKey, parseTableKey } from './journal.ts';

/** What survives: the records of the last group that was written whole, as text, as a disk would keep them. */
interface Platter {
  state: JournalState | undefined;
  readonly records: Map<string, { readonly text: string; readonly revision: number; readonly writtenAt: number }>;
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

  const store = (group: JournalGroup) => {
    platter.state = { revision: group.revision, reserved: group.reserved, directory: group.directory };
    for (const [key, record] of group.records) {
      if (!record) platter.records.delete(key);
      else {
        const { revision, writtenAt, object } = record;
        platter.records.set(key, { text: JSON.stringify(object), revision, writtenAt });
      }
    }
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
      for (const [key, { revision, writtenAt }] of [...platter.records].sort(([a], [b]) => (a < b ? -1 : 1))) {
        visit.object(parseJournalKey(key), revision, writtenAt);
      }
    },
    read: (key) => JSON.parse(platter.records.get(key)!.text) as KubeObject,
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
