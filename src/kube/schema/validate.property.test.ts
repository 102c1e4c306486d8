/** Our validator and an independent one (ajv) agree on what is valid, whatever the schema and the value. */
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { writeSchema } from '../openapi/write.ts';
import type { Schema } from './schema.ts';
import { validateSchema } from './validate.ts';

const names = fc.constantFrom('a', 'b', 'c', 'toString');
const small = fc.integer({ min: 0, max: 3 });

/** Only keywords that both read in the same way; formats and list types are ours alone. */
const schemas = fc.letrec<{ schema: Schema }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record(
      {
        type: fc.constant('string' as const),
        minLength: small,
        maxLength: small,
        pattern: fc.constantFrom('^a', 'b$', '[abc]+'),
        nullable: fc.boolean(),
      },
      { requiredKeys: ['type'] },
    ),
    fc.record(
      { type: fc.constantFrom('integer' as const, 'number' as const), minimum: small, maximum: small },
      { requiredKeys: ['type'] },
    ),
    fc.record({ enum: fc.uniqueArray(fc.constantFrom('a', 1, true, null), { minLength: 1 }) }),
    fc.record(
      { type: fc.constant('array' as const), items: tie('schema'), minItems: small, maxItems: small },
      { requiredKeys: ['type', 'items'] },
    ),
    fc.record(
      {
        type: fc.constant('object' as const),
        properties: fc.dictionary(names, tie('schema'), { maxKeys: 3 }),
        required: fc.uniqueArray(names, { maxLength: 2 }),
        minProperties: small,
        maxProperties: small,
      },
      { requiredKeys: ['type', 'properties'] },
    ),
    fc.record({ type: fc.constant('object' as const), additionalProperties: tie('schema') }),
    fc.record({ anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ oneOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ allOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie('schema') }),
  ),
})).schema;

const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<unknown>('', 'a', 'ab', 'abcd', 0, 1, 2, 1.5, true, false),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(names, tie('value'), { maxKeys: 3 }),
  ),
})).value;

const ajv = new Ajv({ strict: false, ownProperties: true });

test('both find the same values valid', () => {
  let refused = 0;
  let accepted = 0;
  fc.assert(
    fc.property(schemas, values, (schema, value) => {
      const expected = ajv.validate(writeSchema(schema), value);
      if (expected) accepted++;
      else refused++;
      expect(validateSchema(schema, value).length === 0).toBe(expected);
    }),
    { numRuns: 500, seed: 20_261_122 },
  );
  // The oracle is of use only while it says both.
  expect(Math.min(refused, accepted)).toBeGreaterThan(50);
});
