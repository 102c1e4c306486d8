/**
 * `npm test`: type check, lint, format, tidy and all tests; closes with `N passed, N failed`.
 * With `--soak` the long rounds run (FLOTILLA_SOAK); other arguments name test files or folders.
 */
import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from './test/reporter.ts';
import { listSkips, undeclaredSkips } from './test/skips.ts';

const root = join(import.meta.dirname, '..');
const bin = (name: string) => join(root, 'node_modules', '.bin', name);

interface Check {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

const checks: readonly Check[] = [
  { name: 'type check', command: bin('tsc'), args: ['-p', '.'] },
  { name: 'format and lint', command: bin('biome'), args: ['check', '--max-diagnostics=50', '.'] },
  { name: 'type-aware lint', command: bin('oxlint'), args: ['--type-aware', 'src', 'test', 'tools'] },
];

function runQuietly({ command, args }: Check): Promise<{ readonly ok: boolean; readonly output: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => resolve({ ok: false, output: String(error) }));
    child.on('close', (code) => resolve({ ok: code === 0, output }));
  });
}

async function runChecks(): Promise<{ passed: number; failed: number }> {
  let [passed, failed] = [0, 0];
  for (const check of checks) {
    const { ok, output } = await runQuietly(check);
    if (ok) passed++;
    else failed++;
    console.log(`${ok ? 'ok  ' : 'FAIL'} ${check.name}`);
    if (!ok) console.log(output.trimEnd());
  }
  return { passed, failed };
}

async function runVitest(filters: readonly string[]): Promise<Report> {
  const reportFile = join(tmpdir(), `flotilla-test-${process.pid}.json`);
  const code = await new Promise<number>((resolve) => {
    const child = spawn(bin('vitest'), ['run', '--reporter', './tools/test/reporter.ts', ...filters], {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, FLOTILLA_TEST_REPORT: reportFile },
    });
    child.on('error', () => resolve(1));
    child.on('close', (exit) => resolve(exit ?? 1));
  });
  try {
    const report = JSON.parse(readFileSync(reportFile, 'utf8')) as Report;
    // A runner that failed without a failing test (a crash, an error outside tests) is a failure all the same.
    return code !== 0 && report.failed === 0 ? { ...report, failed: 1 } : report;
  } catch {
    console.log('FAIL the test runner left no report');
    return { passed: 0, failed: 1, skipped: [] };
  } finally {
    rmSync(reportFile, { force: true });
  }
}

const rest = process.argv.slice(2);
if (rest[0] === '--soak') {
  rest.shift();
  process.env.FLOTILLA_SOAK = '1';
}
const checked = rest.length === 0 ? await runChecks() : { passed: 0, failed: 0 };
const tested = await runVitest(rest);
listSkips(tested.skipped);
const undeclared = process.env.CI ? undeclaredSkips(tested.skipped) : [];
for (const name of undeclared) console.log(`FAIL skipped, but not declared in test/skips.yaml: ${name}`);
const failed = checked.failed + tested.failed + undeclared.length;
console.log(`${checked.passed + tested.passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
