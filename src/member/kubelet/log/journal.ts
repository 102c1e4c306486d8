/** Lines that something made a container say: requests it answered. Kept while its Pod lives, the newest of them. */
import type { LogLine } from './story.ts';

export interface Journal {
  /** `run`: the container's id, which says the restart too. */
  readonly add: (run: string, line: LogLine) => void;
  readonly lines: (run: string) => readonly LogLine[];
  /** Told of each new line. Returns how to stop. */
  readonly follow: (run: string, told: (line: LogLine) => void) => () => void;
  readonly forget: (isOf: (run: string) => boolean) => void;
}

/** Of one container: at about 150 bytes 75 kB. */
const mostLines = 500;
/** Containers that have said something: 500 full journals are 40 MB. */
const mostRuns = 500;

export function createJournal(): Journal {
  const kept = new Map<string, LogLine[]>();
  const followers = new Map<string, Set<(line: LogLine) => void>>();
  return {
    add: (run, line) => {
      const lines = kept.get(run) ?? [];
      // The one that has been silent longest gives way.
      kept.delete(run);
      kept.set(run, lines);
      if (kept.size > mostRuns) kept.delete(kept.keys().next().value!);
      lines.push(line);
      if (lines.length > mostLines) lines.shift();
      for (const tell of followers.get(run) ?? []) tell(line);
    },
    lines: (run) => kept.get(run) ?? [],
    follow: (run, told) => {
      const set = followers.get(run) ?? new Set();
      followers.set(run, set.add(told));
      return () => {
        set.delete(told);
        if (set.size === 0) followers.delete(run);
      };
    },
    forget: (isOf) => {
      for (const run of kept.keys()) if (isOf(run)) kept.delete(run);
    },
  };
}
