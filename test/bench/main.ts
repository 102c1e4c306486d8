/**
 * `npm run bench -- NAME [--n N] [--runs N] [--profile FOLDER] …`: the budgets of architecture.md section 7. The product
 * runs bundled, as its own process on a real disk; this process is the load, and its CPU is not counted.
 */
import { join } from 'node:path';
import type { Bench, Figure } from './bench.ts';
import { apiserver } from './cases/apiserver.ts';
import { cli } from './cases/cli.ts';
import { heap } from './cases/heap.ts';
import { latencyBench } from './cases/latency.ts';
import { migrateBench } from './cases/migrate.ts';
import { migrateProduct } from './cases/migrate-product.ts';
import { preempt } from './cases/preempt.ts';
import { restart } from './cases/restart.ts';
import { rollback } from './cases/rollback.ts';
import { schedule } from './cases/schedule.ts';
import { up } from './cases/up.ts';
import { type BenchOptions, parseOptions } from './options.ts';
import { summarise, tableOf, writeResults } from './report.ts';

const benches: readonly Bench[] = [
  up,
  migrateBench,
  migrateProduct,
  latencyBench,
  preempt,
  rollback,
  restart,
  heap,
  cli,
  apiserver,
  schedule,
];

const usage = () =>
  [
    'usage: npm run bench -- NAME [--n N] [--runs N] [--members N] [--program FILE] [--folder DIR] [--profile DIR] [--verbose]',
    ...benches.map(({ name, summary }) => `  ${name.padEnd(16)} ${summary}`),
  ].join('\n');

/** The bundle to measure, made anew when sources have changed. */
async function programOf({ program }: BenchOptions): Promise<string> {
  if (program) return program;
  const { build } = (await import('../../tools/launch/build.mjs' as string)) as {
    build: (node: string) => Promise<void>;
  };
  await build(process.execPath);
  return join(import.meta.dirname, '..', '..', 'dist', 'flotilla.js');
}

const oneLine = (figures: readonly Figure[]) =>
  figures.map(({ name, value, unit }) => `${name} ${Number(value.toPrecision(3))}${unit && ` ${unit}`}`).join(', ');

async function main(args: readonly string[]): Promise<number> {
  const { name, options } = parseOptions(args);
  const bench = benches.find((each) => each.name === name);
  if (!bench) {
    console.error(name ? `no bench ${name}\n${usage()}` : usage());
    return 2;
  }
  const program = await programOf(options);
  const n = bench.defaultCount === undefined ? undefined : (options.n ?? bench.defaultCount);
  const results: (readonly Figure[])[] = [];
  const runs = options.runs ?? bench.runs;
  for (let run = 1; run <= runs; run++) {
    const say = (text: string) => console.log(`  ${text}`);
    const figures = await bench.run({ options, program, run, say });
    console.log(`run ${run} of ${runs}: ${oneLine(figures)}`);
    results.push(figures);
  }
  const summaries = summarise(name, n, results);
  console.log(`\n${name}${n === undefined ? '' : ` ${n}`}, median of ${runs}\n${tableOf(summaries)}`);
  console.log(`\n${writeResults(name, n, results, summaries)}`);
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(`error: ${(error as Error).stack}`);
  process.exitCode = 1;
}
