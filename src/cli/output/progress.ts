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

/** One line that is written over while something goes on; nothing where nobody looks. */
export interface LiveLine {
  readonly show: (text: string) => void;
  readonly clear: () => void;
}

/** Often enough to be alive, seldom enough to cost nothing. */
const showEveryMs = 100;

export function liveLine({ errors, clock }: Surroundings): LiveLine {
  let shown = Number.NEGATIVE_INFINITY;
  let dirty = false;
  return {
    show: (text) => {
      if (!errors.interactive || clock.monotonic() - shown < showEveryMs) return;
      shown = clock.monotonic();
      dirty = true;
      errors.steer('\r\x1b[2K');
      errors.write(text);
    },
    clear: () => {
      if (dirty) errors.steer('\r\x1b[2K');
      dirty = false;
    },
  };
}

/** Of a terminal that does not know its width and says 0. */
const usualColumns = 80;

/** Several lines that are written over together; nothing where nobody looks. */
export interface LiveLines {
  readonly show: (lines: readonly string[]) => void;
  readonly clear: () => void;
}

export function liveLines({ errors, clock }: Surroundings): LiveLines {
  let shown = Number.NEGATIVE_INFINITY;
  let height = 0;
  const above = () => (height > 0 ? `\x1b[${height}A\r\x1b[J` : '');
  return {
    show: (lines) => {
      if (!errors.interactive || clock.monotonic() - shown < showEveryMs) return;
      shown = clock.monotonic();
      // A line that wraps would be two to go up.
      const cut = lines.map((line) =>
        Array.from(line)
          .slice(0, (errors.columns || usualColumns) - 1)
          .join(''),
      );
      errors.steer(above());
      errors.write(`${cut.join('\n')}\n`);
      height = cut.length;
    },
    clear: () => {
      if (height > 0) errors.steer(above());
      height = 0;
    },
  };
}
