/**
 * `npm test`: type check, lint, format, tidy and all tests; closes with `N passed, N failed`.
 * With `--soak` the tests that have long rounds run them, and nothing else; other arguments name test files or folders.
 */
import { spawn } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runVitest } from './test/run.ts';
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

/** Those that ask how many rounds to go. */
const longTests = (): string[] =>
  globSync('{src,test}/**/*.test.ts', { cwd: root }).filter((file) =>
    readFileSync(join(root, file), 'utf8').includes("'#harness/soak.ts'"),
  );

let rest = process.argv.slice(2);
if (rest[0] === '--soak') {
  process.env.FLOTILLA_SOAK = '1';
  rest = rest.length > 1 ? rest.slice(1) : longTests();
}
const checked = rest.length === 0 ? await runChecks() : { passed: 0, failed: 0 };
const tested = await runVitest(root, rest);
if (tested.interrupted) console.log(`interrupted: ${tested.skipped.length} tests did not run`);
else listSkips(tested.skipped);
const undeclared = process.env.CI && !tested.interrupted ? undeclaredSkips(tested.skipped) : [];
for (const name of undeclared) console.log(`FAIL skipped, but not declared in test/skips.yaml: ${name}`);
const failed = checked.failed + tested.failed + undeclared.length;
console.log(`${checked.passed + tested.passed} passed, ${failed} failed`);
process.exitCode = tested.interrupted ? 130 : failed === 0 ? 0 : 1;
