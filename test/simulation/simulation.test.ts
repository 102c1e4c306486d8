/**
 * Simulated days from seeds: whatever people do and whatever fails meanwhile, no Pod is restarted or recreated without
 * a template's change reaching it, nothing is lost that was to be preserved, everything converges, and writes stop.
 * FLOTILLA_SEED=n runs one seed alone.
 */
import { describe, expect, test } from 'vitest';
import { rounds } from '#harness/soak.ts';
import { simulate } from './simulate.ts';

const alone = Number(process.env.FLOTILLA_SEED ?? 0);
const seeds = alone ? [alone] : Array.from({ length: rounds({ test: 25, soak: 500 }) }, (_, i) => i + 1);

describe('a simulated day', () => {
  for (const seed of seeds) {
    test(`seed ${seed}`, { timeout: 60_000 }, async () => {
      const { problems, story } = await simulate(seed);
      expect(problems, `FLOTILLA_SEED=${seed} runs this day alone:\n${story.join('\n')}\n`).toEqual([]);
    });
  }
});
