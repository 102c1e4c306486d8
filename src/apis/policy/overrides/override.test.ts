import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import type { OverrideRule, Overriders } from '../override-spec.ts';
import { overridden } from './override.ts';
import type { AnyOverridePolicy, PolicyRule } from './select.ts';

const policy = { kind: 'OverridePolicy', metadata: { namespace: 'default', name: 'op' }, spec: {} };
const ruleOf = (overriders: Overriders): PolicyRule => ({
  policy: policy as unknown as AnyOverridePolicy,
  rule: { overriders } as OverrideRule,
  path: 'spec.overrideRules[0].overriders',
});
const apply = (manifest: UnstructuredObject, ...rules: readonly Overriders[]) =>
  overridden(manifest, rules.map(ruleOf)).manifest;
const why = (manifest: UnstructuredObject, overriders: Overriders): string => {
  try {
    apply(manifest, overriders);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

const podSpec = {
  initContainers: [{ name: 'init', image: 'busybox:1' }],
  containers: [
    { name: 'web', image: 'nginx:1.27', command: ['nginx'], args: ['-g', 'daemon off;', '-g'] },
    { name: 'log', image: 'quay.io/fluent/bit:2' },
  ],
};
const workload = (kind: string, spec: object = { template: { spec: podSpec } }, more: object = {}) =>
  ({
    apiVersion: 'apps/v1',
    kind,
    metadata: { namespace: 'default', name: 'web', ...more },
    spec,
  }) as UnstructuredObject;
const deployment = workload('Deployment');
interface Container {
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
}
const containersOf = ({ kind, spec }: UnstructuredObject) => {
  const { template, containers } = spec as { template?: { spec: typeof podSpec }; containers?: readonly Container[] };
  return (kind === 'Pod' ? containers : template?.spec.containers) as readonly [Container, Container];
};
const configMap = (text: string) =>
  ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'c' },
    data: { 'a.b/c': text },
  }) as unknown as UnstructuredObject;
const fieldOf = (object: UnstructuredObject) => (object.data as Readonly<Record<string, string>>)['a.b/c'];

describe('images', () => {
  const replaceTag: Overriders = { imageOverrider: [{ component: 'Tag', operator: 'replace', value: '9' }] };

  it.each(['ReplicaSet', 'Deployment', 'DaemonSet', 'StatefulSet', 'Job'])('all containers of a %s', (kind) => {
    const result = apply(workload(kind), replaceTag);
    expect(containersOf(result).map(({ image }) => image)).toEqual(['nginx:9', 'quay.io/fluent/bit:9']);
    expect(result).toHaveProperty('spec.template.spec.initContainers.0.image', 'busybox:1');
  });

  it('all containers of a Pod, and nothing of other kinds', () => {
    expect(containersOf(apply(workload('Pod', podSpec), replaceTag)).map(({ image }) => image)).toEqual([
      'nginx:9',
      'quay.io/fluent/bit:9',
    ]);
    const cronJob = workload('CronJob');
    expect(apply(cronJob, replaceTag)).toBe(cronJob);
  });

  it('with a predicate the one place it names, of whatever kind', () => {
    const at = (path: string): Overriders => ({
      imageOverrider: [{ ...replaceTag.imageOverrider![0]!, predicate: { path } }],
    });
    const path = '/spec/template/spec/initContainers/0/image';
    expect(apply(deployment, at(path))).toHaveProperty('spec.template.spec.initContainers.0.image', 'busybox:9');
    expect(containersOf(apply(deployment, at(path)))).toBe(containersOf(deployment));
    const custom = workload('Custom', { image: 'a:1' });
    expect(apply(custom, at('/spec/image'))).toHaveProperty('spec.image', 'a:9');
    expect(why(custom, at('/spec/picture'))).toBe(
      'OverridePolicy default/op: spec.overrideRules[0].overriders.imageOverrider[0]: there is no image reference ([registry/]repository[:tag]) at /spec/picture',
    );
  });

  it('one after the other', () => {
    const result = apply(deployment, {
      imageOverrider: [
        { component: 'Registry', operator: 'replace', value: 'a.example' },
        { component: 'Registry', operator: 'add', value: ':5000' },
        { component: 'Tag', operator: 'add', value: '-x' },
      ],
    });
    expect(containersOf(result).map(({ image }) => image)).toEqual([
      'a.example:5000/nginx:1.27-x',
      'a.example:5000/fluent/bit:2-x',
    ]);
  });
});

describe('command and args', () => {
  it.each<[Overriders, readonly (readonly string[] | undefined)[]]>([
    [{ commandOverrider: [{ containerName: 'web', operator: 'add', value: ['-t', '-q'] }] }, [['nginx', '-t', '-q']]],
    [{ commandOverrider: [{ containerName: 'log', operator: 'add', value: ['bit'] }] }, [['nginx'], ['bit']]],
    [{ commandOverrider: [{ containerName: 'web', operator: 'remove', value: ['nginx'] }] }, [undefined]],
    [{ commandOverrider: [{ containerName: 'log', operator: 'remove', value: ['x'] }] }, [['nginx'], undefined]],
    [{ commandOverrider: [{ containerName: 'other', operator: 'add', value: ['x'] }] }, [['nginx'], undefined]],
    [{ commandOverrider: [{ containerName: 'web', operator: 'add' }] }, [['nginx']]],
  ])('%j', (overriders, commands) => {
    expect(containersOf(apply(deployment, overriders)).map(({ command }) => command)).toEqual([
      ...commands,
      ...[['nginx'], undefined].slice(commands.length),
    ]);
  });

  it('remove takes every item that equals one', () => {
    const result = apply(deployment, { argsOverrider: [{ containerName: 'web', operator: 'remove', value: ['-g'] }] });
    expect(containersOf(result)[0].args).toEqual(['daemon off;']);
  });
});

describe('labels and annotations', () => {
  const labelled = workload('Deployment', {}, { labels: { app: 'web', 'a/b~c': 'x' } });
  const annotated = workload('Deployment', {}, { annotations: { app: 'web', 'a/b~c': 'x' } });
  it.each<[NonNullable<Overriders['labelsOverrider']>[number], object]>([
    [
      { operator: 'add', value: { app: 'db', tier: 'back' } },
      { app: 'db', tier: 'back', 'a/b~c': 'x' },
    ],
    [
      { operator: 'replace', value: { app: 'db', tier: 'back' } },
      { app: 'db', 'a/b~c': 'x' },
    ],
    [{ operator: 'remove', value: { 'a/b~c': 'whatever', tier: '' } }, { app: 'web' }],
    [
      { operator: 'remove', value: { toString: '' } },
      { app: 'web', 'a/b~c': 'x' },
    ],
  ])('%j', (overrider, expected) => {
    expect(apply(labelled, { labelsOverrider: [overrider] }).metadata.labels).toEqual(expected);
    expect(apply(annotated, { annotationsOverrider: [overrider] }).metadata.annotations).toEqual(expected);
  });

  it('are made where there are none, and only by add', () => {
    expect(apply(deployment, { labelsOverrider: [{ operator: 'add', value: { a: 'b' } }] }).metadata.labels).toEqual({
      a: 'b',
    });
    for (const operator of ['replace', 'remove'] as const) {
      expect(apply(deployment, { annotationsOverrider: [{ operator, value: { a: 'b' } }] })).toBe(deployment);
    }
  });
});

describe('a document in a field', () => {
  const fieldPath = '/data/a.b~1c';
  const json = (text: string, ...operations: NonNullable<Overriders['fieldOverrider']>[number]['json'] & object) =>
    fieldOf(apply(configMap(text), { fieldOverrider: [{ fieldPath, json: operations }] }));
  const yaml = (text: string, ...operations: NonNullable<Overriders['fieldOverrider']>[number]['yaml'] & object) =>
    fieldOf(apply(configMap(text), { fieldOverrider: [{ fieldPath, yaml: operations }] }));

  it('of JSON keeps its order and its numbers, and is written as Go writes it', () => {
    const text = '{ "z": 12345678901234567890, "f": 1.0, "a": {"x": "<&>"}, "l": [1, 2] }';
    expect(
      json(
        text,
        { subPath: '/a/y', operator: 'add', value: true },
        { subPath: '/l/-', operator: 'add', value: { k: null } },
        { subPath: '/l/0', operator: 'remove' },
        { subPath: '/z', operator: 'replace', value: 'now' },
      ),
    ).toBe('{"z":"now","f":1.0,"a":{"x":"\\u003c\\u0026\\u003e","y":true},"l":[2,{"k":null}]}');
    expect(json('{"z":12345678901234567890}', { subPath: '/a', operator: 'add', value: 1 })).toBe(
      '{"z":12345678901234567890,"a":1}',
    );
    expect(json('', { subPath: '/a', operator: 'add', value: 1 })).toBe('');
  });

  it('of YAML is written as kubectl prints it', () => {
    expect(
      yaml(
        'db:\n    port: 5432 # the default\n    hosts: [a, b]\ndebug: yes\n',
        { subPath: '/db/port', operator: 'replace', value: 5433 },
        { subPath: '/db/hosts/1', operator: 'remove' },
        { subPath: '/cache', operator: 'add', value: { size: '1Gi' } },
      ),
    ).toBe('cache:\n  size: 1Gi\ndb:\n  hosts:\n  - a\n  port: 5433\ndebug: true\n');
  });

  it('is one document, whatever empty ones stand around it', () => {
    const text = '# of the team\n---\na: 1\n---\n# no more\n';
    expect(yaml(text, { subPath: '/a', operator: 'replace', value: 2 })).toBe('a: 2\n');
  });

  it.each<[string, () => unknown]>([
    [
      'what /data/a.b~1c holds is no JSON document',
      () => json('hunter2', { subPath: '/a', operator: 'add', value: 1 }),
    ],
    [
      'what /data/a.b~1c holds is no YAML document',
      () => yaml('{hunter2', { subPath: '/a', operator: 'add', value: 1 }),
    ],
    [
      'what /data/a.b~1c holds is 2 YAML documents; give each a field of its own',
      () => yaml('a: 1\n---\nb: hunter2\n', { subPath: '/a', operator: 'replace', value: 2 }),
    ],
    [
      'what /data/a.b~1c holds is neither a map nor a list',
      () => json('1', { subPath: '/a', operator: 'add', value: 1 }),
    ],
    [
      'what /data/a.b~1c holds has an integer beyond 9007199254740991, which would lose digits; write it in quotes',
      () => yaml('id: 12345678901234567890\n', { subPath: '/a', operator: 'add', value: 1 }),
    ],
    [
      'what /data/a.b~1c holds has more than 600000 values, which its aliases repeat',
      () => {
        const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
        for (let i = 1; i < 6; i++)
          lines.push(
            `a${i}: &a${i} [${Array(10)
              .fill(`*a${i - 1}`)
              .join(', ')}]`,
          );
        return yaml(lines.join('\n'), { subPath: '/a', operator: 'add', value: 1 });
      },
    ],
    [
      'in /data/a.b~1c: there is nothing to replace at /b',
      () => json('{"a":"hunter2"}', { subPath: '/b', operator: 'replace', value: 1 }),
    ],
    [
      "in /data/a.b~1c: remove /b: error in remove for path: '/b': Unable to remove nonexistent key: b: missing value",
      () => yaml('a: hunter2\n', { subPath: '/b', operator: 'remove' }),
    ],
  ])('is refused without quoting it: %s', (message, attempt) => {
    expect(attempt).toThrow(
      expect.objectContaining({
        message: `OverridePolicy default/op: spec.overrideRules[0].overriders.fieldOverrider[0]: ${message}`,
      }),
    );
  });

  it('is looked for in a field that holds text', () => {
    const overrider = { fieldPath: '/data', json: [{ subPath: '/a', operator: 'add' as const, value: 1 }] };
    expect(why(configMap('{}'), { fieldOverrider: [overrider] })).toMatch(/there is no text at \/data$/);
  });
});

describe('plaintext', () => {
  const plaintext = (...items: NonNullable<Overriders['plaintext']>): Overriders => ({ plaintext: [...items] });
  it('adds, replaces and removes whatever is there', () => {
    const result = apply(
      workload('Deployment', { replicas: 2, paused: true, list: ['a', 'b'] }),
      plaintext(
        { path: '/spec/replicas', operator: 'replace', value: 5 },
        { path: '/spec/paused', operator: 'remove' },
        { path: '/spec/list/-', operator: 'add', value: 'c' },
        { path: '/spec/list/0', operator: 'add', value: 'z' },
        { path: '/metadata/annotations', operator: 'add', value: { a: 'b' } },
      ),
    );
    expect(result.spec).toEqual({ replicas: 5, list: ['z', 'a', 'b', 'c'] });
    expect(result.metadata.annotations).toEqual({ a: 'b' });
  });

  it.each<[NonNullable<Overriders['plaintext']>[number], RegExp]>([
    [
      { path: '/spec/none', operator: 'replace', value: 1 },
      /plaintext\[0\]: there is nothing to replace at \/spec\/none$/,
    ],
    [{ path: '/spec/none', operator: 'remove' }, /plaintext\[0\]: remove \/spec\/none: .*nonexistent key: none/],
    [{ path: '/spec/none/x', operator: 'add', value: 1 }, /plaintext\[0\]: add \/spec\/none\/x: .*missing path/],
  ])('%j is an error', (item, message) => {
    expect(why(deployment, plaintext(item))).toMatch(message);
  });
});

describe('what an object cannot do without', () => {
  it.each<[NonNullable<Overriders['plaintext']>[number], string]>([
    [{ path: '', operator: 'replace', value: [] }, 'object'],
    [{ path: '', operator: 'replace', value: {} }, 'apiVersion'],
    [{ path: '/apiVersion', operator: 'replace', value: '' }, 'apiVersion'],
    [{ path: '/kind', operator: 'remove' }, 'kind'],
    [{ path: '/metadata', operator: 'remove' }, 'metadata.name'],
    [{ path: '/metadata', operator: 'replace', value: 'x' }, 'metadata.name'],
    [{ path: '/metadata/name', operator: 'replace', value: 5 }, 'metadata.name'],
    [{ path: '/metadata/labels', operator: 'add', value: 'x' }, 'map of texts at metadata.labels'],
    [{ path: '/metadata/annotations', operator: 'add', value: { a: 1 } }, 'map of texts at metadata.annotations'],
  ])('is not taken: %j', (item, what) => {
    expect(why(deployment, { plaintext: [item] })).toBe(
      `OverridePolicy default/op: spec.overrideRules[0].overriders: it leaves no ${what}`,
    );
  });

  it('is not asked for of the rest, which the member judges', () => {
    const odd = apply(deployment, { plaintext: [{ path: '/spec/template', operator: 'replace', value: 'x' }] });
    expect(odd.spec).toEqual({ template: 'x' });
    expect(apply(odd, { imageOverrider: [{ component: 'Tag', operator: 'replace', value: '1' }] })).toBe(odd);
    const text = { path: '/spec/template/spec/containers/0/args', operator: 'replace' as const, value: 'x' };
    const args = { containerName: 'web', operator: 'add' as const, value: ['y'] };
    expect(why(apply(deployment, { plaintext: [text] }), { argsOverrider: [args] })).toMatch(
      /argsOverrider\[0\]: there is no list at \/spec\/template\/spec\/containers\/0\/args$/,
    );
  });
});

describe('a rule', () => {
  it('goes from images to plaintext, whatever order it is written in', () => {
    const result = apply(deployment, {
      plaintext: [{ path: '/spec/template/spec/containers/0/image', operator: 'replace', value: 'last' }],
      imageOverrider: [{ component: 'Tag', operator: 'replace', value: '9' }],
      labelsOverrider: [{ operator: 'add', value: { order: '1' } }],
      annotationsOverrider: [{ operator: 'add', value: { 'embedded.json': '{"a":1}' } }],
      fieldOverrider: [
        { fieldPath: '/metadata/annotations/embedded.json', json: [{ subPath: '/a', operator: 'replace', value: 2 }] },
      ],
    });
    expect(containersOf(result).map(({ image }) => image)).toEqual(['last', 'quay.io/fluent/bit:9']);
    expect(result.metadata).toMatchObject({ labels: { order: '1' }, annotations: { 'embedded.json': '{"a":2}' } });
  });

  it('leaves what it does not touch the same, and the manifest where it changes nothing', () => {
    const result = apply(deployment, { labelsOverrider: [{ operator: 'add', value: { a: 'b' } }] });
    expect(result.spec).toBe(deployment.spec);
    const again = apply(result, { labelsOverrider: [{ operator: 'add', value: { a: 'b' } }] });
    expect(again).toBe(result);
    expect(overridden(deployment, []).manifest).toBe(deployment);
  });

  it('says where it set something, also where the value was there', () => {
    const { placed } = overridden(workload('Deployment', { list: ['a'], replicas: 2 }), [
      ruleOf({
        plaintext: [
          { path: '/spec/replicas', operator: 'replace', value: 2 },
          { path: '/spec/list/-', operator: 'add', value: 'b' },
          { path: '/spec/list/-1', operator: 'replace', value: 'c' },
          { path: '/spec/list/0', operator: 'add', value: 'z' },
          { path: '/spec/list/0', operator: 'remove' },
        ],
      }),
    ]);
    const places = ['spec.replicas', 'spec.list.1', 'spec.list.1', 'spec.list.0'];
    expect(placed.map(({ keys }) => keys.join('.'))).toEqual(places);
  });

  it('gives the same of the same each time, and again on what it set', () => {
    const setting = fc.record({
      operator: fc.constant('replace' as const),
      path: fc.constantFrom('/spec/a', '/spec/b/c', '/spec/d'),
      value: fc.jsonValue() as fc.Arbitrary<never>,
    });
    const label = fc.record({
      operator: fc.constantFrom('add' as const, 'remove' as const, 'replace' as const),
      value: fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.string(), { noNullPrototype: true }),
    });
    const object = workload('Deployment', { a: 1, b: { c: [] }, d: 'x' }, { labels: { a: 'x' } });
    fc.assert(
      fc.property(fc.array(setting), fc.array(label), (plain, labels) => {
        const overriders = { plaintext: plain, labelsOverrider: labels };
        const before = structuredClone(object);
        const once = apply(object, overriders);
        expect(apply(object, overriders)).toEqual(once);
        expect(apply(once, { plaintext: plain })).toEqual(once);
        expect(object).toEqual(before);
      }),
    );
  });
});
