/** Figures of several runs as a table, and as JSON for whoever compares. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { Figure } from './bench.ts';
import { expectedOf } from './expected.ts';
import { median } from './statistics.ts';

export interface Summary {
  readonly figure: string;
  readonly unit: Figure['unit'];
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly budget?: number;
  readonly reference?: string;
}

/** Median and range of each figure over the runs. */
export function summarise(
  bench: string,
  n: number | undefined,
  runs: readonly (readonly Figure[])[],
): readonly Summary[] {
  const byName = new Map<string, Figure[]>();
  for (const figure of runs.flat()) byName.set(figure.name, [...(byName.get(figure.name) ?? []), figure]);
  return [...byName].map(([figure, all]) => {
    const values = all.map(({ value }) => value);
    const range = { least: Math.min(...values), most: Math.max(...values) };
    return { figure, unit: all[0]!.unit, median: median(values), ...range, ...expectedOf(bench, n, figure) };
  });
}

/** Three significant digits, whole numbers above 100. */
function text(value: number): string {
  if (!Number.isFinite(value)) return '-';
  if (Number.isInteger(value) || Math.abs(value) >= 100) return String(Math.round(value));
  return String(Number(value.toPrecision(3)));
}

function row({ figure, unit, median, least, most, budget, reference }: Summary): readonly string[] {
  // Of rates there is to be as much as the budget, of anything else not more.
  const isMet = budget !== undefined && (unit === '/s' ? median >= budget : median <= budget);
  const verdict = budget === undefined ? '' : isMet ? 'ok' : 'missed';
  const range = least === most ? '' : `${text(least)}–${text(most)}`;
  return [figure, text(median), unit, range, budget === undefined ? '' : text(budget), verdict, reference ?? ''];
}

export function tableOf(summaries: readonly Summary[]): string {
  const rows = [['figure', 'median', '', 'range', 'budget', '', 'reference'], ...summaries.map(row)];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((each) => each[column]!.length)));
  return rows
    .map((each) =>
      each
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Answers the path written. */
export function writeResults(
  bench: string,
  n: number | undefined,
  runs: readonly (readonly Figure[])[],
  summaries: readonly Summary[],
): string {
  const folder = join(import.meta.dirname, 'results');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${bench}${n === undefined ? '' : `-${n}`}.json`);
  const machine = { cores: cpus().length, model: cpus()[0]?.model ?? '', node: process.version };
  const result = { bench, n, at: new Date().toISOString(), machine, summaries, runs };
  writeFileSync(path, `${JSON.stringify(result, null, 2)}\n`);
  return path;
}
