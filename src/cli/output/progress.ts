/** What starting says while it goes on: a line a step, with marks and colours on a terminal. */
import type { Surroundings } from '../surroundings.ts';
import { colours } from './colour.ts';

export interface ProgressLines {
  readonly done: (text: string) => void;
  readonly note: (text: string) => void;
}

/** Times are counted from the call. */
export function progressLines({ output, environment, clock }: Surroundings): ProgressLines {
  const { good, weak } = colours(output.interactive, environment);
  const began = clock.monotonic();
  const elapsed = () => weak(`(${((clock.monotonic() - began) / 1000).toFixed(1)} s)`);
  return {
    done: (text) => output.write(`${good('✓')} ${text} ${elapsed()}\n`),
    note: (text) => output.write(`  ${text}\n`),
  };
}
