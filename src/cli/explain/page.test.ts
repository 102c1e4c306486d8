import { expect, it } from 'vitest';
import type { FieldSchema } from './document.ts';
import { pageOf } from './page.ts';

const ref = (name: string): FieldSchema => ({ $ref: `#/components/schemas/io.example.${name}` });
const schemas: Record<string, FieldSchema> = {
  'io.example.Tree': {
    type: 'object',
    description: 'A tree.',
    externalDocs: { description: 'Of trees.', url: 'https://example.io' },
    properties: {
      age: ref('Age'),
      kin: { type: 'array', items: ref('Tree'), externalDocs: { url: 'https://example.io/kin' } },
      toward: { allOf: [ref('Tree')], description: 'Where it leans.' },
      void: {},
    },
  },
  'io.example.Age': { type: 'integer', enum: [1, 2] },
};
const document = { components: { schemas } };
const tree = schemas['io.example.Tree']!;

it('tells where more is written, and what references stand for', () => {
  expect(pageOf({ document, recursive: false }, tree, ['kin', 'toward'])).toBe(`FIELD: toward <Tree>


DESCRIPTION:
    Where it leans.
    A tree.
    
FIELDS:
  age\t<integer>
    <no description>

  kin\t<[]Tree>
    <no description>

    EXTERNAL DOCS:
      URL: https://example.io/kin

  toward\t<Tree>
    Where it leans.

  void\t<Object>
    <no description>

`);
});

it('ends where a kind holds itself, and finds nothing in what says nothing', () => {
  const page = pageOf({ document, recursive: true }, tree, []);
  expect(page).toContain('EXTERNAL DOCS:\n    Of trees.\n    URL: https://example.io\nFIELDS:\n');
  expect(page?.match(/kin/g)).toHaveLength(3);
  expect(pageOf({ document, recursive: false }, tree, ['void'])).toBeUndefined();
  expect(pageOf({ document, recursive: false }, tree, ['toString'])).toBeUndefined();
});
