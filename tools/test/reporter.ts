/** A line per test file while the tests run, failures in full, and the counts in a file for tools/test.ts. */
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import type { Skip } from './skips.ts';

export interface Report {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly Skip[];
}

export default class FlotillaReporter implements Reporter {
  #passed = 0;
  #failed = 0;
  readonly #skipped: Skip[] = [];
  readonly #failures: string[] = [];

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
