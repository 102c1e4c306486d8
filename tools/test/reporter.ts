/**
 * A line per test file while the tests run (in a soak also now and then within a file, and each failure at once),
 * failures in full, and the counts in a file for tools/test.ts.
 */
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Reporter, TestCase, TestModule, Vitest } from 'vitest/node';
import type { Skip } from './skips.ts';

export interface Report {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly Skip[];
}

/** Asks to end after the tests that run now; at the usual signals vitest drops everything. */
export const enough = 'SIGUSR2';

const soaking = process.env.FLOTILLA_SOAK === '1';
/** Milliseconds between two lines about a file whose tests go on for long. */
const progressMs = 15_000;

interface Progress {
  done: number;
  failed: number;
  told: number;
}

export default class FlotillaReporter implements Reporter {
  #passed = 0;
  #failed = 0;
  readonly #skipped: Skip[] = [];
  readonly #failures: string[] = [];
  readonly #progress = new Map<TestModule, Progress>();

  onInit(vitest: Vitest): void {
    process.once(enough, () => void vitest.cancelCurrentRun('keyboard-input'));
  }

  onTestCaseResult(test: TestCase): void {
    if (!soaking) return;
    const { module } = test;
    const path = relative(process.cwd(), module.moduleId);
    const now = performance.now();
    const progress = this.#progress.get(module) ?? { done: 0, failed: 0, told: now };
    this.#progress.set(module, progress);
    const { state } = test.result();
    if (state === 'skipped') return;
    progress.done++;
    if (state === 'failed') {
      progress.failed++;
      console.log(`FAIL ${path} > ${test.fullName}`);
    }
    if (now - progress.told < progressMs) return;
    progress.told = now;
    const all = [...module.children.allTests()].length;
    console.log(`...  ${path}: ${progress.done} of ${all}, ${progress.failed} failed`);
  }

  onTestModuleEnd(module: TestModule): void {
    const path = relative(process.cwd(), module.moduleId);
    const counts = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    for (const test of module.children.allTests()) {
      counts[test.result().state]++;
      this.#count(path, test);
    }
    const broken = module.errors();
    if (broken.length > 0) {
      this.#failed++;
      this.#failures.push(`${path}\n${broken.map((error) => error.stack ?? error.message).join('\n')}`);
    }
    const bad = counts.failed > 0 || broken.length > 0;
    const skips = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
    console.log(
      `${bad ? 'FAIL' : 'ok  '} ${path} (${counts.passed}${skips}, ${Math.round(module.diagnostic().duration)} ms)`,
    );
  }

  #count(path: string, test: TestCase): void {
    const result = test.result();
    const name = `${path} > ${test.fullName}`;
    if (result.state === 'passed') this.#passed++;
    else if (result.state === 'skipped') this.#skipped.push({ name, reason: result.note ?? 'no reason given' });
    else {
      this.#failed++;
      const errors =
        result.state === 'failed'
          ? result.errors.map((error) => `${error.stack ?? error.message}${error.diff ? `\n${error.diff}` : ''}`)
          : ['did not finish'];
      this.#failures.push(`${name}\n${errors.join('\n')}`);
    }
  }

  onTestRunEnd(
    _modules: readonly TestModule[],
    unhandled: readonly { readonly stack?: string; readonly message: string }[],
  ): void {
    for (const error of unhandled) {
      this.#failed++;
      this.#failures.push(`outside any test\n${error.stack ?? error.message}`);
    }
    for (const failure of this.#failures) console.log(`\nFAIL ${failure}`);
    const report: Report = { passed: this.#passed, failed: this.#failed, skipped: this.#skipped };
    writeFileSync(process.env.FLOTILLA_TEST_REPORT!, JSON.stringify(report));
  }
}
