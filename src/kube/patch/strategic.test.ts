import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deepFreeze } from '../meta/freeze.ts';
import type { Schema } from '../schema/schema.ts';
import { applyStrategicMergePatch, createStrategicPatch, createThreeWayStrategicPatch } from './strategic.ts';

const text: Schema = { type: 'string' };
const texts: Schema = { type: 'array', items: text };
const env: Schema = {
  type: 'array',
  patchStrategy: 'merge',
  patchMergeKey: 'name',
  items: { type: 'object', properties: { name: text, value: text } },
};
const schema: Schema = {
  type: 'object',
  properties: {
    replicas: { type: 'integer' },
    labels: { type: 'object', additionalProperties: text },
    finalizers: { ...texts, patchStrategy: 'merge' },
    args: texts,
    strategy: {
      type: 'object',
      patchStrategy: 'retainKeys',
      properties: { type: text, rollingUpdate: { type: 'object', properties: { surge: { type: 'integer' } } } },
    },
    containers: {
      type: 'array',
      patchStrategy: 'merge',
      patchMergeKey: 'name',
      items: { type: 'object', properties: { name: text, image: text, env, args: texts } },
    },
  },
};

const containers = (...names: readonly string[]) => names.map((name) => ({ name, image: `${name}:1` }));
const document = deepFreeze({
  replicas: 1,
  labels: { app: 'web' },
  finalizers: ['one', 'two'],
  args: ['x'],
  strategy: { type: 'RollingUpdate', rollingUpdate: { surge: 1 } },
  containers: [
    { name: 'web', image: 'web:1', env: [{ name: 'A', value: '1' }], args: ['run'] },
    { name: 'log', image: 'log:1' },
  ],
});
const patched = (patch: object) => applyStrategicMergePatch(document, deepFreeze(patch), schema);

describe('applying', () => {
  test('lists merge by key, new items come where the patch has them, plain lists are replaced', () => {
    const result = patched({
      args: ['y'],
      containers: [
        { name: 'new', image: 'n' },
        { name: 'web', image: 'web:2' },
      ],
    });
    expect(result.args).toEqual(['y']);
    expect(result.containers.map(({ name, image }) => [name, image])).toEqual([
      ['new', 'n'],
      ['web', 'web:2'],
      ['log', 'log:1'],
    ]);
    expect(result.containers[1]!.env).toBe(document.containers[0]!.env);
  });

  test('null deletes; nulls in what is new are left out', () => {
    expect(patched({ replicas: null, labels: { app: null, tier: 'x' } })).toMatchObject({ labels: { tier: 'x' } });
    expect(patched({ replicas: null })).not.toHaveProperty('replicas');
    expect(applyStrategicMergePatch<unknown>({}, { labels: { a: null, b: '1' } }, schema)).toEqual({
      labels: { b: '1' },
    });
  });

  test('nothing changes: the same document', () => {
    const same = {
      replicas: 1,
      containers: [{ name: 'web', env: [{ name: 'A', value: '1' }] }],
      args: ['x'],
      finalizers: ['two'],
    };
    const ordered = {
      ...same,
      '$setElementOrder/containers': [{ name: 'web' }, { name: 'log' }],
      finalizers: ['one', 'two'],
    };
    expect(patched(ordered)).toBe(document);
  });

  test('$patch: delete removes an item, also one that is not there', () => {
    const result = patched({
      containers: [
        { name: 'log', $patch: 'delete' },
        { name: 'gone', $patch: 'delete' },
      ],
    });
    expect(result.containers).toEqual([document.containers[0]]);
  });

  test('$patch: replace replaces a list or a map; delete empties a map', () => {
    expect(patched({ containers: [{ $patch: 'replace' }, ...containers('a')] }).containers).toEqual(containers('a'));
    expect(patched({ strategy: { $patch: 'replace', type: 'Recreate' } }).strategy).toEqual({ type: 'Recreate' });
    expect(patched({ labels: { $patch: 'delete' } }).labels).toEqual({});
  });

  test('$retainKeys removes the members it does not name', () => {
    expect(patched({ strategy: { $retainKeys: ['type'], type: 'Recreate' } }).strategy).toEqual({ type: 'Recreate' });
  });

  test('$deleteFromPrimitiveList and $setElementOrder', () => {
    const result = patched({
      '$deleteFromPrimitiveList/finalizers': ['one'],
      '$setElementOrder/finalizers': ['three', 'two'],
      finalizers: ['three'],
      '$setElementOrder/containers': [{ name: 'log' }, { name: 'web' }],
    });
    expect(result.finalizers).toEqual(['three', 'two']);
    expect(result.containers.map(({ name }) => name)).toEqual(['log', 'web']);
  });
});

describe('refused with the words and codes of kube-apiserver', () => {
  test.each([
    [{ containers: [{ image: 'x' }] }, 500, 'map: map[image:x] does not contain declared merge key: name'],
    [{ strategy: { $patch: 'frob' } }, 500, 'unknown patch type: frob in map: map[$patch:frob]'],
    [{ containers: ['x'] }, 500, /^list element types are not identical: /],
    [{ containers: [{ $patch: 'merge', name: 'web' }] }, 500, 'merging lists cannot yet be specified in the patch'],
    [{ '$setElementOrder/containers': 'x' }, 500, 'expected a []interface {}, but received a string'],
    [{ strategy: { $retainKeys: ['rollingUpdate'], type: 'x' } }, 400, 'invalid patch format of retainKeys'],
    [{ '$deleteFromPrimitiveList/finalizers': 'x' }, 400, 'invalid patch format of primitive list'],
    [{ finalizers: [['x']] }, 422, 'the server rejected our request due to an error in our request'],
    [
      { '$setElementOrder/finalizers': ['two'], finalizers: ['one'] },
      500,
      "The order in patch list:\n[one]\n doesn't match $setElementOrder list:\n[two]\n",
    ],
  ])('%j', (patch, code, message) => {
    expect(() => patched(patch)).toThrow(message);
    expect(() => patched(patch)).toThrow(expect.objectContaining({ status: expect.objectContaining({ code }) }));
  });

  test('a patch that is no object', () => {
    expect(() => applyStrategicMergePatch(document, [], schema)).toThrow(
      'json: cannot unmarshal array into Go value of type map[string]interface {}',
    );
  });
});

describe('making patches', () => {
  test('as kubectl makes them', () => {
    const modified = {
      ...document,
      replicas: undefined,
      finalizers: ['two', 'three'],
      strategy: { type: 'Recreate' },
      containers: [{ name: 'log', image: 'log:2' }, ...containers('new')],
    };
    expect(createStrategicPatch(document, modified, schema)).toEqual({
      replicas: null,
      finalizers: ['three'],
      '$deleteFromPrimitiveList/finalizers': ['one'],
      '$setElementOrder/finalizers': ['two', 'three'],
      strategy: { $retainKeys: ['type'], type: 'Recreate', rollingUpdate: null },
      containers: [{ name: 'log', image: 'log:2' }, ...containers('new'), { name: 'web', $patch: 'delete' }],
      '$setElementOrder/containers': [{ name: 'log' }, { name: 'new' }],
    });
  });

  test('three ways: what others added stays, what was applied and is gone goes', () => {
    const lastApplied = { labels: { app: 'web', old: '1' }, containers: containers('web', 'old') };
    const modified = { labels: { app: 'web' }, containers: [{ name: 'web', image: 'web:2' }] };
    const live = {
      replicas: 3,
      labels: { app: 'web', old: '1', other: '1' },
      containers: containers('web', 'old', 'sidecar'),
    };
    const patch = createThreeWayStrategicPatch(lastApplied, modified, live, schema);
    expect(patch).toEqual({
      labels: { old: null },
      containers: [
        { name: 'web', image: 'web:2' },
        { name: 'old', $patch: 'delete' },
      ],
      '$setElementOrder/containers': [{ name: 'web' }],
    });
    expect(applyStrategicMergePatch<unknown>(live, patch, schema)).toEqual({
      replicas: 3,
      labels: { app: 'web', other: '1' },
      containers: [
        { name: 'web', image: 'web:2' },
        { name: 'sidecar', image: 'sidecar:1' },
      ],
    });
  });

  test('nothing to change: an empty patch', () => {
    expect(createThreeWayStrategicPatch(document, document, { ...document, status: {} }, schema)).toEqual({});
  });
});

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const named = <T extends { readonly name: string }>(item: fc.Arbitrary<T>) =>
  fc.uniqueArray(item, { selector: ({ name }) => name, maxLength: 4 });
const value = fc.constantFrom('1', '2');
const objects = fc
  .record({
    replicas: optional(fc.integer({ min: 1, max: 3 })),
    labels: optional(fc.dictionary(fc.constantFrom('a', 'b', 'c'), value)),
    finalizers: optional(fc.uniqueArray(fc.constantFrom('f1', 'f2', 'f3', 'f4'))),
    args: optional(fc.array(value, { maxLength: 3 })),
    strategy: optional(
      fc.constantFrom<object>({ type: 'Recreate' }, { type: 'RollingUpdate', rollingUpdate: { surge: 1 } }),
    ),
    containers: optional(
      named(
        fc.record({
          name: fc.constantFrom('a', 'b', 'c', 'd'),
          image: value,
          env: optional(named(fc.record({ name: fc.constantFrom('E1', 'E2', 'E3'), value }))),
        }),
      ),
    ),
  })
  .map((object) => JSON.parse(JSON.stringify(object)) as Record<string, unknown>);

test('applying the made patch gives the wanted document', () => {
  fc.assert(
    fc.property(objects, objects, (from, to) => {
      deepFreeze(from);
      deepFreeze(to);
      const patch = deepFreeze(createStrategicPatch(from, to, schema));
      expect(applyStrategicMergePatch(from, patch, schema)).toEqual(to);
    }),
    { numRuns: 300 },
  );
});

test('a three-way patch from an unchanged live document gives the wanted one, and then there is nothing to do', () => {
  fc.assert(
    fc.property(objects, objects, (before, after) => {
      const patch = createThreeWayStrategicPatch(before, after, before, schema);
      const live = applyStrategicMergePatch(before, patch, schema);
      expect(live).toEqual(after);
      expect(createThreeWayStrategicPatch(after, after, live, schema)).toEqual({});
    }),
    { numRuns: 300 },
  );
});
