/** The tables hold together: what a line mentions is there, and rules are for types that are. */
import { describe, expect, it } from 'vitest';
import { typeRules } from '../defaults/rules.ts';
import { validations } from '../validate/kinds.ts';
import { readTables } from './notation.ts';
import { allTypes, resolveType, typeNotation } from './tables.ts';

const plain = new Set(['quantity', 'time', 'microtime', 'duration', 'intstr', 'raw', 'resources', 'bytes', 'off', '']);

describe('tables of fields', () => {
  it('mention only types they have', () => {
    const missing: string[] = [];
    for (const [type, { groupVersion, fields }] of allTypes()) {
      for (const { name, shape = '' } of fields) {
        const target = shape.replace(/^[[{]|[\]}]$/g, '');
        if (!plain.has(target) && resolveType(groupVersion, target) === undefined) missing.push(`${type}.${name}`);
      }
    }
    expect(missing).toEqual([]);
  });

  it('have every type that a rule fills in', () => {
    expect(Object.keys(typeRules).filter((type) => typeNotation(type) === undefined)).toEqual([]);
  });

  it('have every kind that is validated', () => {
    const known = new Set([...allTypes().keys()].map((type) => type.slice(type.lastIndexOf('.') + 1)));
    const kinds = Object.keys(validations).map((key) => key.slice(key.indexOf('/') + 1));
    expect(kinds.filter((kind) => !known.has(kind))).toEqual([]);
  });

  it('find a type in its own group before core and metav1', () => {
    expect(resolveType('apps/v1', 'PodTemplateSpec')).toBe('v1.PodTemplateSpec');
    expect(resolveType('apps/v1', 'LabelSelector')).toBe('meta/v1.LabelSelector');
    expect(resolveType('apps/v1', 'DeploymentSpec')).toBe('apps/v1.DeploymentSpec');
    expect(resolveType('apps/v1', 'Nothing')).toBeUndefined();
  });
});

describe('notation', () => {
  const [type] = readTables([
    '[g/v1]\nThing a="" b*=1 c:Other={}\n  d:[Item]=null e:{quantity} f=Always g!:[Item]\n',
  ]).values();

  it('says what a field holds, whether it is a pointer, and what stands for it', () => {
    expect(type).toEqual({
      groupVersion: 'g/v1',
      fields: [
        { name: 'a', pointer: false, shape: undefined, missing: '' },
        { name: 'b', pointer: true, shape: undefined, missing: 1 },
        { name: 'c', pointer: false, shape: 'Other', missing: {} },
        { name: 'd', pointer: false, shape: '[Item]', missing: null },
        { name: 'e', pointer: false, shape: '{quantity}', missing: undefined },
        { name: 'f', pointer: false, shape: undefined, missing: 'Always' },
        { name: 'g', pointer: false, keepsEmpty: true, shape: '[Item]', missing: undefined },
      ],
    });
  });
});
