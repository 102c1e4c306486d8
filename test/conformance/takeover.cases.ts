/**
 * Takeover by ownership (architecture, section 5): what is stated reaches the member, what is not stays as it is.
 * The same cases on a simulated member and on a real kube-apiserver.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest';
import { adoptionCases } from './takeover-adoption.cases.ts';
import { editCases } from './takeover-edits.cases.ts';
import { endCases } from './takeover-end.cases.ts';
import type { Ground, Site } from './takeover-ground.ts';
import { overrideCases } from './takeover-overrides.cases.ts';
import { yieldCases } from './takeover-yield.cases.ts';

/** `patienceMs`: for the start, and for each case. */
export function takeoverCases(name: string, start: () => Promise<Site>, patienceMs: number): void {
  describe(name, { timeout: patienceMs }, () => {
    let site: Site;
    let ground: Ground;
    beforeAll(async () => {
      site = await start();
    }, patienceMs);
    afterAll(() => site?.stop());
    beforeEach(async () => {
      ground = await site.open(expect.getState().currentTestName ?? '');
    });
    afterEach(() => ground.close());

    const here = () => ground;
    adoptionCases(here);
    editCases(here);
    yieldCases(here);
    overrideCases(here);
    endCases(here);
  });
}
