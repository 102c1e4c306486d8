/** What a controller cannot get done at present, for `flotilla status`: the object, why, since when. */
import type { Clock } from '#world/clock/clock.ts';

export interface Trouble {
  readonly key: string;
  readonly reason: string;
  /** Wall clock, milliseconds since 1970: when it first failed in this row of failures. */
  readonly since: number;
  readonly times: number;
  /** True: not tried again until something changes. */
  readonly terminal: boolean;
}

export interface Troubles {
  readonly note: (key: string, reason: string, terminal: boolean) => void;
  readonly over: (key: string) => void;
  readonly list: () => readonly Trouble[];
  /** Troubles beyond the list. */
  readonly more: () => number;
}

/** What a person can look through; at about 500 bytes each 250 kB a controller. Others are counted only. */
const mostListed = 500;

export function troubles(clock: Clock): Troubles {
  const listed = new Map<string, Trouble>();
  let unlisted = 0;
  return {
    note: (key, reason, terminal) => {
      const before = listed.get(key);
      if (!before && listed.size >= mostListed) {
        unlisted++;
        return;
      }
      listed.set(key, { key, reason, terminal, since: before?.since ?? clock.now(), times: (before?.times ?? 0) + 1 });
    },
    over: (key) => {
      if (listed.size > 0) listed.delete(key);
      if (listed.size === 0) unlisted = 0;
    },
    list: () => [...listed.values()],
    more: () => unlisted,
  };
}
