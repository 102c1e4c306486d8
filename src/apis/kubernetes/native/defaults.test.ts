/** What is written and what is stored: each file of testdata/defaults has the one, then the other. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deepFreeze } from '#kube/meta/freeze.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { behaviourOf, yamlFiles } from './testdata/cases.ts';

describe('defaults and canonical forms', () => {
  for (const [name, [given, expected]] of yamlFiles(join(import.meta.dirname, 'testdata/defaults'))) {
    const object = deepFreeze(given as unknown as KubeObject);
    const { defaults } = behaviourOf(object);
    it(name, () => {
      expect(defaults!(object)).toEqual(expected);
    });
    it(`${name}: once more changes nothing`, () => {
      const once = defaults!(object);
      expect(defaults!(once)).toBe(once);
    });
  }
});

const pod = (changes: object): KubeObject =>
  ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, ...changes }) as unknown as KubeObject;

describe('values that are not canonical', () => {
  const withCpu = (cpu: unknown): KubeObject =>
    pod({ spec: { containers: [{ name: 'a', image: 'a', resources: { limits: { cpu } } }] } });

  it('refuses what is no quantity, as the decoder does', () => {
    const { defaults } = behaviourOf(withCpu('1'));
    expect(() => defaults!(withCpu('much'))).toThrow(
      'Pod in version "v1" cannot be handled as a Pod: quantities must match the regular expression',
    );
  });

  it('reads over line breaks in base64', () => {
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: {}, data: { a: 'YW\nJj\n' } } as unknown as KubeObject;
    expect(behaviourOf(secret).defaults!(secret)).toMatchObject({ data: { a: 'YWJj' } });
  });
});

describe('a negative grace period', () => {
  const spec = { terminationGracePeriodSeconds: -1, containers: [{ name: 'a', image: 'a' }] };

  it('is one second in Pods', () => {
    const object = pod({ spec });
    expect(behaviourOf(object).defaults!(object)).toMatchObject({ spec: { terminationGracePeriodSeconds: 1 } });
  });

  it('stays in templates', () => {
    const object = { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: {}, spec: { template: { spec } } };
    expect(behaviourOf(object as unknown as KubeObject).defaults!(object as unknown as KubeObject)).toMatchObject({
      spec: { template: { spec: { terminationGracePeriodSeconds: -1 } } },
    });
  });
});
