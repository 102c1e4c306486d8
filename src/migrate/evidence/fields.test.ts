import { describe, expect, test } from 'vitest';
import { changedFields, type FieldHashes, hashFields, valueAt } from './fields.ts';
import { evidenceKeyOf } from './key.ts';

const key = evidenceKeyOf('0a'.repeat(32));

describe('fields', () => {
  const hashesOf = (value: object) => hashFields(value as never, key.digest).fields;
  const web = {
    spec: {
      replicas: 2,
      template: {
        spec: {
          containers: [{ name: 'web', image: 'a', args: ['x', 'y'], ports: [{ containerPort: 80, protocol: 'TCP' }] }],
        },
      },
    },
    metadata: { labels: { 'app.kubernetes.io/name': 'web', app: 'w' } },
  };
  const copy = (change: (object: typeof web) => void) => {
    const other = structuredClone(web);
    change(other);
    return other;
  };

  test.each<[string, (object: typeof web) => void, readonly string[]]>([
    ['nothing', () => {}, []],
    ['a scalar', (o) => (o.spec.replicas = 3), ['.spec.replicas']],
    [
      'in a list with names',
      (o) => (o.spec.template.spec.containers[0]!.image = 'b'),
      ['.spec.template.spec.containers[name="web"].image'],
    ],
    [
      'a list without keys is one field',
      (o) => o.spec.template.spec.containers[0]!.args.push('z'),
      ['.spec.template.spec.containers[name="web"].args'],
    ],
    [
      'another item',
      (o) => o.spec.template.spec.containers[0]!.ports.push({ containerPort: 81, protocol: 'TCP' }),
      ['.spec.template.spec.containers[name="web"].ports[containerPort=81,protocol="TCP"]'],
    ],
    ['what is gone', (o) => Reflect.deleteProperty(o, 'metadata'), ['.metadata']],
    [
      'a key with dots',
      (o) => (o.metadata.labels['app.kubernetes.io/name'] = 'x'),
      ['.metadata.labels.app.kubernetes.io/name'],
    ],
  ])('%s', (_, change, paths) => {
    expect(changedFields(hashesOf(web), hashesOf(copy(change)))).toEqual(paths);
  });

  test('a path leads to its value, dots in keys or not', () => {
    expect(valueAt(web, '.metadata.labels.app.kubernetes.io/name')).toBe('web');
    expect(valueAt(web, '.metadata.labels.app')).toBe('w');
    expect(
      valueAt(web, '.spec.template.spec.containers[name="web"].ports[containerPort=80,protocol="TCP"].protocol'),
    ).toBe('TCP');
    expect(valueAt(web, '.spec.none')).toBeUndefined();
  });

  test('are bounded, however large the object is, and a change is still placed', () => {
    const count = (tree: string | FieldHashes): number =>
      typeof tree === 'string' ? 1 : Object.values(tree).reduce((sum: number, each) => sum + count(each), 0);
    const many = Object.fromEntries(
      Array.from({ length: 100 }, (_, i) => [`k${i}`, { a: i, b: [{ name: 'x', c: { d: 1, e: 2 } }] }]),
    );
    const large = {
      data: Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`k${i}`, i])),
      spec: many,
      small: { x: 1 },
    };
    expect(count(hashesOf(large))).toBeLessThanOrEqual(256);
    const other = { ...large, small: { x: 2 }, data: { ...large.data, k7: 0 } };
    expect(changedFields(hashesOf(large), hashesOf(other))).toEqual(['.data', '.small.x']);
  });

  test('the order of keys is nothing, and that of named items is told by the whole alone', () => {
    const named = (...names: readonly string[]) => ({ list: names.map((name) => ({ name })), a: 1 });
    const text = (value: object) => hashFields(value as never, key.digest).text;
    expect(text({ a: 1, list: [{ name: 'x' }, { name: 'y' }] })).toBe(text(named('x', 'y')));
    expect(text(named('y', 'x'))).not.toBe(text(named('x', 'y')));
    expect(changedFields(hashesOf(named('x', 'y')), hashesOf(named('y', 'x')))).toEqual([]);
  });

  test('a hash tells a value to nobody without the key, nor that two objects hold the same', () => {
    const [one, two] = [evidenceKeyOf('0'.repeat(64)), evidenceKeyOf('1'.repeat(64))];
    expect(one.digest('.data.pin "1234"')).not.toBe(two.digest('.data.pin "1234"'));
    expect(one.id).not.toBe(two.id);
  });
});
