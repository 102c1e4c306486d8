/** Texts find their fields through lists and maps, leave everything else alone, and may not get lost. */
import { expect, test } from 'vitest';
import { array, map, object, required, string, withDefault } from './build.ts';
import { described } from './described.ts';

const port = object({ name: required(string()), depth: string() });
const harbour = object({ ports: array(port), ships: map(object({ flag: withDefault(string(), 'red') })), pilot: port });

test('texts stand at their fields, below lists and maps too', () => {
  const words = { ports: 'Where ships lie.', 'ports.depth': 'In metres.', 'ships.flag': 'Red when absent.' };
  expect(described(harbour, words)).toEqual({
    type: 'object',
    properties: {
      ports: {
        type: 'array',
        description: 'Where ships lie.',
        items: {
          type: 'object',
          required: ['name'],
          properties: { name: { type: 'string' }, depth: { type: 'string', description: 'In metres.' } },
        },
      },
      ships: {
        type: 'object',
        additionalProperties: {
          type: 'object',
          properties: { flag: { type: 'string', default: 'red', description: 'Red when absent.' } },
        },
      },
      pilot: port,
    },
  });
});

test('what has no text stays the same reference, and nothing that was given is changed', () => {
  const before = structuredClone(harbour);
  expect(described(harbour, { 'ports.depth': 'In metres.' }).properties!.pilot).toBe(port);
  expect(described(harbour, {})).toBe(harbour);
  expect(harbour).toEqual(before);
});

test('a text for a field that is not there is an error', () => {
  expect(() => described(harbour, { 'ports.depht': 'In metres.' })).toThrow('no such field: ports.depht');
});
