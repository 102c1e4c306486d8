/** Rules of definitions beyond those a real server's recorded answers show: budgets, oldSelf, messages, where they stand. */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#kube/meta/object.ts';
import { schemaFromOpenApi } from '#kube/openapi/openapi.ts';
import { evaluateRules, type Subject } from './evaluate.ts';
import { ruleTree } from './tree.ts';

const asked = (props: JsonObject, subject: Subject) => {
  const { causes, warnings, remaining } = evaluateRules(ruleTree(schemaFromOpenApi(props), false)!, subject);
  return { said: causes.map(({ field, message }) => `${field}: ${message}`), warnings, remaining };
};
const rules = (...given: JsonObject[]) => ({ 'x-kubernetes-validations': given });
const text = { type: 'string' };

describe('the budget', () => {
  const items = {
    type: 'array',
    items: text,
    ...rules({ rule: 'self.all(a, self.all(b, a == b))' }, { rule: 'true' }),
  };
  const many = Array.from({ length: 1_000 }, () => 'x');

  it('of one expression ends all', () => {
    expect(asked(items, { value: many }).said).toEqual([
      '<nil>: Invalid value: "array": \'operation cancelled: actual cost limit exceeded\': no further validation rules will be run due to call cost exceeds limit for rule: self.all(a, self.all(b, a == b))',
    ]);
  });

  it('of an object ends all', () => {
    const { said, remaining } = asked(items, { value: ['x', 'x'], budget: 5 });
    expect(said).toEqual([
      '<nil>: Invalid value: "array": validation failed due to running out of cost budget, no further validation rules will be run',
    ]);
    expect(remaining).toBe(-1);
  });

  it('is shared by all rules', () => {
    const { said, remaining } = asked(items, { value: ['x', 'x'] });
    expect(said).toEqual([]);
    expect(remaining).toBeGreaterThan(9_999_000);
    expect(remaining).toBeLessThan(10_000_000);
  });
});

describe('oldSelf', () => {
  it('is there for a rule that can do without, as an optional', () => {
    const schema = {
      type: 'integer',
      ...rules({ rule: 'oldSelf.hasValue() ? self > oldSelf.value() : self == 1', optionalOldSelf: true }),
    };
    expect(asked(schema, { value: 1 }).said).toEqual([]);
    expect(asked(schema, { value: 2 }).said).toHaveLength(1);
    expect(asked(schema, { value: 2, before: 1 }).said).toEqual([]);
    expect(asked(schema, { value: 1, before: 1 }).said).toHaveLength(1);
  });

  it('is found by the keys of a list, and nowhere in other lists', () => {
    const item = {
      type: 'object',
      properties: { name: text, size: { type: 'integer' } },
      ...rules({ rule: 'self.size >= oldSelf.size' }),
    };
    const keyed = {
      type: 'array',
      items: item,
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
    };
    const change = {
      value: [
        { name: 'b', size: 1 },
        { name: 'a', size: 1 },
      ],
      before: [{ name: 'a', size: 2 }],
    };
    expect(asked(keyed, change).said).toEqual(['[1]: Invalid value: failed rule: self.size >= oldSelf.size']);
    expect(asked({ type: 'array', items: item }, change).said).toEqual([]);
  });

  it('makes a rule about changes, which nothing excuses', () => {
    const schema = { type: 'integer', ...rules({ rule: 'self > oldSelf' }) };
    const same = { value: 1, before: 1, ratchets: true };
    expect(asked(schema, same).said).toHaveLength(1);
    expect(asked({ type: 'integer', ...rules({ rule: 'self > 1' }) }, same)).toMatchObject({
      said: [],
      warnings: ['<nil>: Invalid value: 1: failed rule: self > 1'],
    });
  });
});

describe('a message', () => {
  const schema = (more: JsonObject) => ({ type: 'integer', ...rules({ rule: 'self > 1', ...more }) });
  const said = (more: JsonObject) => asked(schema(more), { value: 1 }).said;

  it('is made by an expression, or is the text where that makes none', () => {
    expect(said({ messageExpression: "'no ' + string(self)" })).toEqual(['<nil>: Invalid value: 1: no 1']);
    expect(said({ message: 'more', messageExpression: "self > 0 ? '' : 'x'" })).toEqual([
      '<nil>: Invalid value: 1: more',
    ]);
    expect(said({ messageExpression: 'string(1 / (self - 1))' })).toEqual([
      '<nil>: Invalid value: 1: failed rule: self > 1',
    ]);
    expect(said({ message: ' spaces ' })).toEqual(['<nil>: Invalid value: 1: spaces']);
  });

  it('costs, too', () => {
    const { said: texts, remaining } = asked(schema({ messageExpression: "'a' + string(self)" }), {
      value: 1,
      budget: 3,
    });
    expect(texts).toEqual([
      '<nil>: Invalid value: "integer": messageExpression evaluation failed due to running out of cost budget, no further validation rules will be run',
    ]);
    expect(remaining).toBe(-1);
  });
});

it('rules stand anywhere, and see no null', () => {
  const deep = {
    type: 'object',
    properties: {
      map: { type: 'object', additionalProperties: { ...text, nullable: true, ...rules({ rule: "self != 'x'" }) } },
      'a.b': { type: 'integer', ...rules({ rule: 'self > 1', fieldPath: '' }) },
    },
  };
  expect(asked(deep, { value: { map: { k: 'x', n: null }, 'a.b': 1 } }).said).toEqual([
    'map[k]: Invalid value: "x": failed rule: self != \'x\'',
    'a.b: Invalid value: 1: failed rule: self > 1',
  ]);
});
