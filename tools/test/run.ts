/** Runs vitest to its end, or to the first convenient moment after somebody has had enough. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { enough, type Report } from './reporter.ts';

export interface Tested extends Report {
  readonly interrupted: boolean;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** The launcher hands on what the terminal has told us already; a second wish comes later than that. */
const sameWishMs = 500;

/**
 * In a process group of its own: a Ctrl-C must not kill the workers, who would leave behind what they have started.
 * The first one is handed to the reporter, who ends after the tests that run now; the second ends all of it at once.
 */
function interruptible(child: ChildProcess): { readonly interrupted: () => boolean; readonly release: () => void } {
  let first: number | undefined;
  const onSignal = () => {
    if (child.pid === undefined) return;
    const now = performance.now();
    if (first === undefined) {
      first = now;
      console.log('\nending after the tests that run now; once more ends them too');
      child.kill(enough);
    } else if (now - first > sameWishMs) process.kill(-child.pid, 'SIGKILL');
  };
  for (const signal of signals) process.on(signal, onSignal);
  return {
    interrupted: () => first !== undefined,
    release: () => {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}

export async function runVitest(root: string, filters: readonly string[]): Promise<Tested> {
  const reportFile = join(tmpdir(), `flotilla-test-${process.pid}.json`);
  const vitest = join(root, 'node_modules', '.bin', 'vitest');
  const child = spawn(vitest, ['run', '--reporter', './tools/test/reporter.ts', ...filters], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, FLOTILLA_TEST_REPORT: reportFile },
  });
  const { interrupted, release } = interruptible(child);
  const code = await new Promise<number>((resolve) => {
    child.on('error', () => resolve(1));
    child.on('close', (exit) => resolve(exit ?? 1));
  });
  release();
  try {
    const report = JSON.parse(readFileSync(reportFile, 'utf8')) as Report;
    // A runner that failed without a failing test (a crash, an error outside tests) is a failure all the same.
    const crashed = code !== 0 && report.failed === 0 && !interrupted();
    return { ...report, interrupted: interrupted(), failed: crashed ? 1 : report.failed };
  } catch {
    console.log('FAIL the test runner left no report');
    return { passed: 0, failed: 1, skipped: [], interrupted: interrupted() };
  } finally {
    rmSync(reportFile, { force: true });
  }
}
