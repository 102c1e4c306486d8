/** What a bench is: it runs once and answers figures; main.ts repeats it and puts the figures beside the budgets. */
import type { BenchOptions } from './options.ts';

export interface Figure {
  readonly name: string;
  readonly unit: 's' | 'ms' | 'MiB' | 'kB' | '/s' | '';
  readonly value: number;
}

export interface BenchRun {
  readonly options: BenchOptions;
  /** The bundle's entry. */
  readonly program: string;
  /** Counted from 1. */
  readonly run: number;
  /** A line about this run, shown as it happens. */
  readonly say: (text: string) => void;
}

export interface Bench {
  readonly name: string;
  readonly summary: string;
  /** Repetitions when --runs says nothing. */
  readonly runs: number;
  /** Templates when --n says nothing; absent where --n means nothing. */
  readonly defaultCount?: number;
  readonly run: (run: BenchRun) => Promise<readonly Figure[]>;
}

export const seconds = (name: string, ms: number): Figure => ({ name, unit: 's', value: ms / 1000 });
export const milliseconds = (name: string, value: number): Figure => ({ name, unit: 'ms', value });
export const mebibytes = (name: string, bytes: number): Figure => ({ name, unit: 'MiB', value: bytes / 1024 / 1024 });
export const perSecond = (name: string, value: number): Figure => ({ name, unit: '/s', value });
