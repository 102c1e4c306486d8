/** The remembered sets of new objects against sets made anew, on objects that share shapes and on those that nearly do. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toFieldsV1 } from '../fields/fieldset.ts';
import type { KubeObject } from '../meta/object.ts';
import { fieldsOfNew } from './created.ts';
import { kinds } from './testdata/kinds.ts';
import { compare, touched } from './typed/compare.ts';

const scalar = fc.constantFrom<unknown>('', 'a', 'b', 0, 1, true, false, null);
const key = fc.constantFrom('a', 'b', 'image', 'name', 'x/y', '1 a', '{');
const anything = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.dictionary(key, tie('value'), { maxKeys: 3 }),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
})).value;
const container = fc.record({
  name: fc.constantFrom('a', 'b', ''),
  image: scalar,
  ports: fc.array(
    fc.record({ containerPort: fc.constantFrom(0, 80, 81), protocol: fc.constantFrom('TCP', undefined) }),
    {
      maxLength: 2,
    },
  ),
  env: fc.array(fc.record({ name: fc.constantFrom('A', 'B'), value: scalar }), { maxLength: 2 }),
});
const deployment = fc.record({
  apiVersion: fc.constant('apps/v1'),
  kind: fc.constant('Deployment'),
  metadata: fc.record({
    name: fc.constant('d'),
    labels: fc.dictionary(key, fc.constantFrom('', 'v'), { maxKeys: 2 }),
    finalizers: fc.array(fc.constantFrom('f', 'g'), { maxLength: 2 }),
  }),
  spec: fc.record({
    replicas: fc.constantFrom(0, 1),
    template: fc.record({ spec: fc.record({ containers: fc.array(container, { maxLength: 2 }), more: anything }) }),
  }),
  status: anything,
});

it('has the fields that a comparison with nothing gives, whatever was asked before', () => {
  fc.assert(
    fc.property(deployment, (given) => {
      const object = given as unknown as KubeObject;
      const schema = kinds.Deployment!;
      const anew = touched(compare(schema, { metadata: {} }, object));
      expect(toFieldsV1(fieldsOfNew(schema, object, undefined))).toEqual(toFieldsV1(anew));
    }),
    { numRuns: 500 },
  );
});
