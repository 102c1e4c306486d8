/** What commands that work on a migration for a while have in common: their name in its record, and how they are stopped. */
import { isAlive, machine, stopRequested } from '#world/process/process.ts';

/** `apply@host:pid`. */
export const holderOf = (command: string): string => `${command}@${machine.host()}:${machine.pid}`;

/** A holder of this machine, whose process is gone. */
export function isDeadHere(holder: string): boolean {
  const [, host, pid] = /@(.*):(\d+)$/.exec(holder) ?? [];
  return host === machine.host() && !isAlive(Number(pid));
}

/** Has Ctrl-C stop at the next safe point from the first time it is asked; before that it ends at once, as usual. */
export function stopSwitch(tell: (text: string) => void): () => boolean {
  let is: 'unwatched' | 'going' | 'stopping' = 'unwatched';
  return () => {
    if (is === 'unwatched') {
      is = 'going';
      void stopRequested().then(() => {
        is = 'stopping';
        tell('stopping at the next safe point; once more ends at once');
      });
    }
    return is === 'stopping';
  };
}
