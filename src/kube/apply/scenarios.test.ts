/** The golden scenarios in testdata: each step's object, owners or error. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseYaml } from '#kube/yaml/yaml.ts';
import { deepFreeze } from '../meta/freeze.ts';
import type { KubeObject } from '../meta/object.ts';
import { type Scenario, take } from './testdata/scenario.ts';

const folder = join(import.meta.dirname, 'testdata');

for (const file of readdirSync(folder).filter((name) => name.endsWith('.yaml'))) {
  const { about, kind, steps } = parseYaml(readFileSync(join(folder, file), 'utf8')) as unknown as Scenario;
  describe(about, () => {
    let object: KubeObject | undefined;
    steps.forEach((step, index) => {
      const writer = step.apply ?? step.update;
      it(`${index}: ${writer ? `${writer.manager} ${step.apply ? 'applies' : 'updates'}` : 'stored'}`, () => {
        const result = take(kind, object, step, index);
        expect(result.outcome).toEqual(step.expect);
        object = deepFreeze(result.object);
      });
      if (!step.apply || step.expect?.error) return;
      it(`${index}: once more changes nothing`, () => {
        expect(take(kind, object, { ...step, expect: {} }, index + 100).object).toBe(object);
      });
    });
  });
}
