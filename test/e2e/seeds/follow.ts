/** Follows a case with one program: each command as written, what it answers compared, Pods watched over. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiClient } from '#client/api-client.ts';
import { type Finished, runShell } from '#harness/command.ts';
import { clientOf, podIdentities } from '#harness/contexts.ts';
import { newHome, type RunningUp, runningUp } from '#harness/running-up.ts';
import { comparable, readTable } from '#harness/tables.ts';
import { until } from '#harness/until.ts';
import type { Case, Step } from './case.ts';

export interface Driver {
  /** What stands where the documents say `kubectl`. */
  readonly program: string;
  /** Why it cannot be used here. */
  readonly missing?: string;
}

interface Shell {
  readonly run: (command: string) => Promise<Finished>;
  readonly write: (path: string, text: string) => void;
}

const shellOf = ({ program }: Driver, folder: string, home: Readonly<Record<string, string>>): Shell => {
  const here = (text: string) => text.replaceAll('/tmp/', `${folder}/`);
  return {
    run: (command) => runShell(here(command).replaceAll(/\bkubectl\b/g, program), { environment: home }),
    write: (path, text) => writeFileSync(here(path), text),
  };
};

const linesOf = (text: string) => text.trimEnd().split('\n').sort();

async function follow(shell: Shell, step: Step, objects: ReadonlySet<string>): Promise<void> {
  const { command, lines, table, words = [], without = [], fails = false } = step;
  for (const [path, text] of Object.entries(step.files ?? {})) shell.write(path, text);
  const look = async () => {
    const finished = await shell.run(command);
    const said = finished.output + finished.errors;
    expect(finished.code === 0, `${command}\n${said}`).toBe(!fails);
    if (lines) expect(linesOf(finished.output)).toEqual([...lines].sort());
    if (table) expect(comparable(readTable(finished.output), objects)).toEqual(comparable(readTable(table), objects));
    for (const each of words) expect(said).toContain(each);
    for (const each of without) expect(said).not.toContain(each);
    return true;
  };
  // What changes something is said once; what only looks, until it is so.
  if (/\bget\b/.test(command) && !command.includes('replace')) await until(step.at, look);
  else await look();
}

/** One suite: a fresh `up`, then every step as a test of its own. */
export function followCase(driver: Driver, { name, objects, steps }: Case): void {
  describe(name, () => {
    const home = newHome();
    const folder = mkdtempSync(join(tmpdir(), 'flotilla-seeds-'));
    const shell = shellOf(driver, folder, home.environment);
    const names = new Set(objects);
    let up: RunningUp | undefined;
    let remembered: readonly string[] | undefined;
    const pods = () => podIdentities(member!);
    let member: ApiClient | undefined;

    beforeAll(async () => {
      if (driver.missing) return;
      up = await runningUp(home);
      member = clientOf(home, 'member1');
    });
    afterAll(async () => {
      member?.close();
      await up?.stop();
      home.remove();
      rmSync(folder, { recursive: true, force: true });
    });

    for (const [index, step] of steps.entries()) {
      test(`${index + 1} ${step.at}`, async ({ skip }) => {
        skip(driver.missing !== undefined, driver.missing);
        await follow(shell, step, names);
        if (step.remembersPods) {
          remembered = await pods();
          expect(remembered).toHaveLength(2);
        }
        if (step.forgetsPods) remembered = undefined;
        if (remembered) expect(await pods()).toEqual(remembered);
      });
    }
  });
}
