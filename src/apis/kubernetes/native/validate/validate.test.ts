/** kube-apiserver's findings, to the letter: each file of testdata has a valid object and changes to it. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '#kube/meta/object.ts';
import type { StatusCause } from '#kube/status/status.ts';
import { behaviourOf, type Case, changed, stored, taken, yamlFiles } from '../testdata/cases.ts';

interface Cases {
  readonly about: string;
  readonly base: KubeObject;
  readonly creates: readonly Case[];
  readonly updates?: readonly Case[];
}

const shown = (causes: readonly StatusCause[]): readonly string[] => [
  ...new Set(causes.map(({ field, message }) => `${field}: ${message}`)),
];

describe.each(yamlFiles(join(import.meta.dirname, 'testdata')).map(([, [cases]]) => cases as unknown as Cases))(
  '$about',
  ({ base, creates, updates = [] }) => {
    const { validate, validateUpdate } = behaviourOf(base);

    it.each(creates)('created with $change', ({ change, findings = [] }) => {
      expect([...shown(validate!(taken(changed(base, change))))].sort()).toEqual([...findings].sort());
    });

    it.each(updates)('updated with $change', ({ change, findings = [] }) => {
      const old = stored(base);
      const next = taken(changed(old, change), old);
      expect([...shown([...validate!(next), ...(validateUpdate?.(next, old) ?? [])])].sort()).toEqual(
        [...findings].sort(),
      );
    });
  },
);
