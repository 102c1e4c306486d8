/** What holds for all objects: defaults are idempotent, and what a real server stored is left as it is. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deepFreeze } from '#kube/meta/freeze.ts';
import type { JsonValue, KubeObject } from '#kube/meta/object.ts';
import { allTypes } from './fields/tables.ts';
import { behaviourOf, stored, taken, yamlFiles } from './testdata/cases.ts';
import { isFields } from './value.ts';

const examples = yamlFiles(join(import.meta.dirname, 'testdata/defaults')).map(
  ([, [given]]) => given as unknown as KubeObject,
);

/** Other values of the same type: those that mean nothing, and those that may not be. */
function oddities(value: JsonValue): readonly JsonValue[] {
  if (typeof value === 'string') return ['', 'x', '0.5', 'a b', null];
  if (typeof value === 'number') return [0, -1, 70_000, null];
  if (typeof value === 'boolean') return [true, false, null];
  if (Array.isArray(value)) return [[], [...value, ...value], null];
  return [{}, null];
}

/** The value with the part at a random place replaced; `steps` choose the place, and `choice` what stands there. */
function withOddity(value: JsonValue, [step, ...rest]: readonly number[], choice: number): JsonValue {
  const odd = oddities(value);
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  if (step === undefined || keys.length === 0) return odd[choice % odd.length]!;
  const key = keys[step % keys.length]!;
  if (Array.isArray(value))
    return value.map((item, at) => (String(at) === key ? withOddity(item, rest, choice) : item));
  const fields = value as Readonly<Record<string, JsonValue>>;
  return { ...fields, [key]: withOddity(fields[key]!, rest, choice) };
}

/** Keeps what makes it an object of its kind. */
const disturbed = fc
  .tuple(fc.constantFrom(...examples), fc.array(fc.nat(40), { minLength: 1, maxLength: 8 }), fc.nat(10))
  .map(([object, steps, choice]) => {
    const { apiVersion, kind, metadata, ...content } = object as unknown as Readonly<Record<string, JsonValue>>;
    const changed = withOddity(content, steps, choice);
    return deepFreeze({ ...(isFields(changed) ? changed : {}), apiVersion, kind, metadata }) as unknown as KubeObject;
  });

/** Undefined for malformed quantities, which are refused before anything else is looked at. */
function defaulted(object: KubeObject): KubeObject | undefined {
  try {
    return deepFreeze(behaviourOf(object).defaults!(object));
  } catch {
    return undefined;
  }
}

describe('defaults', () => {
  it('are idempotent', () => {
    fc.assert(
      fc.property(disturbed, (object) => {
        const once = defaulted(object);
        if (once !== undefined) expect(behaviourOf(object).defaults!(once)).toEqual(once);
      }),
      { numRuns: 500 },
    );
  });

  it('give the same reference back for what is stored', () => {
    for (const example of examples) {
      const object = stored(example);
      expect(behaviourOf(object).defaults!(object)).toBe(object);
    }
  });

  it('build every type from nothing', () => {
    for (const type of allTypes().keys()) {
      const at = type.lastIndexOf('.');
      const nothing = { apiVersion: type.slice(0, at), kind: type.slice(at + 1) } as unknown as KubeObject;
      const once = deepFreeze(behaviourOf(nothing).defaults!(nothing));
      expect(behaviourOf(nothing).defaults!(once)).toBe(once);
    }
  });
});

describe('validation and warnings', () => {
  it('take whatever comes without failing', () => {
    fc.assert(
      fc.property(disturbed, (object) => {
        if (defaulted(object) === undefined) return;
        const { validate, validateUpdate, warnings } = behaviourOf(object);
        const example = examples.find(({ kind, metadata }) => kind === object.kind && metadata === object.metadata)!;
        const next = taken(object);
        for (const { message, field } of validate!(next)) expect(`${field}: ${message}`).not.toContain('undefined');
        validateUpdate?.(taken(object, stored(example)), stored(example));
        warnings?.(next);
      }),
      { numRuns: 500 },
    );
  });
});

const golden = join(import.meta.dirname, '../../../../../shared/golden');
const folders = existsSync(golden) ? readdirSync(golden).filter((name) => /^\d/.test(name)) : [];
const members = ['deployments', 'pods', 'services'];

describe.skipIf(folders.length === 0)('objects of a real control plane (skipped without ../shared/golden)', () => {
  it.each(folders)('%s: are left as they are', (folder) => {
    for (const file of readdirSync(join(golden, folder))) {
      if (!members.some((name) => file.endsWith(`-${name}.json`))) continue;
      const { items } = JSON.parse(readFileSync(join(golden, folder, file), 'utf8')) as { items: KubeObject[] };
      for (const item of items) expect(behaviourOf(item).defaults!(deepFreeze(item))).toBe(item);
    }
  });
});
