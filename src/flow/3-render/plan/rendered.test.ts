import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtinKind } from '#apis/kubernetes/kinds.ts';
import type { Overriders } from '#apis/policy/override-spec.ts';
import { RuleFailed } from '#apis/policy/overrides/override.ts';
import type { AnyOverridePolicy, PolicyRule } from '#apis/policy/overrides/select.ts';
import { type FieldSet, fieldSet, formatPath, leaves, pathsOf } from '#kube/fields/fieldset.ts';
import type { JsonValue, UnstructuredObject } from '#kube/meta/object.ts';
import { recordKeys } from './manifest.ts';
import { prune } from './prune.ts';
import { plain, withOverrides } from './rendered.ts';

const kind = builtinKind('apps', 'v1', 'Deployment')!;
const manifest = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace: 'default', name: 'web', labels: { app: 'web', team: 'a' } },
  spec: {
    replicas: 2,
    revisionHistoryLimit: 10,
    template: {
      spec: {
        containers: [
          { name: 'log', image: 'log:1' },
          {
            name: 'web',
            image: 'nginx:1',
            args: ['a'],
            imagePullPolicy: 'Always',
            livenessProbe: { httpGet: { path: '/', port: 80 }, periodSeconds: 10 },
          },
        ],
      },
    },
  },
} as unknown as UnstructuredObject;
const base = plain(manifest, fieldSet(['spec', 'replicas']));
const rule = (overriders: Overriders): PolicyRule => ({
  policy: { kind: 'OverridePolicy', metadata: { namespace: 'default', name: 'op' } } as unknown as AnyOverridePolicy,
  rule: { overriders },
  path: 'spec.overriders',
});
const texts = (set: FieldSet | 'whole') => (set === 'whole' ? [set] : pathsOf(leaves(set)).map(formatPath));
const stated = (overriders: Overriders) => texts(withOverrides(base, [rule(overriders)], kind).stated);
const removed = (overriders: Overriders) => texts(withOverrides(base, [rule(overriders)], kind).removed);
const web = '.spec.template.spec.containers[name="web"]';

describe('what overrides set', () => {
  it.each<[string, Overriders, readonly string[]]>([
    [
      'an image',
      { imageOverrider: [{ component: 'Tag', operator: 'replace', value: '2' }] },
      ['.spec.template.spec.containers[name="log"].image', `${web}.image`],
    ],
    [
      'a value that is there already',
      { plaintext: [{ path: '/spec/revisionHistoryLimit', operator: 'replace', value: 10 }] },
      ['.spec.revisionHistoryLimit'],
    ],
    [
      'an item of a list that is one field',
      {
        plaintext: [{ path: '/spec/template/spec/containers/1/args/-', operator: 'add', value: 'b' }],
      },
      [`${web}.args`],
    ],
    [
      'an item of a list that has keys',
      {
        plaintext: [{ path: '/spec/template/spec/containers/0', operator: 'add', value: { name: 'new', image: 'x' } }],
      },
      ['.spec.template.spec.containers[name="new"].image', '.spec.template.spec.containers[name="new"].name'],
    ],
    [
      'what is below a map',
      { plaintext: [{ path: '/metadata/labels', operator: 'replace', value: { app: 'web', b: 'c' } }] },
      ['.metadata.labels.app', '.metadata.labels.b'],
    ],
  ])('is stated: %s', (_what, overriders, expected) => {
    expect(stated(overriders)).toEqual(expect.arrayContaining(['.spec.replicas', ...expected]));
    expect(stated(overriders)).toHaveLength(expected.length + 1);
  });

  it('is not told where the whole is stated, or the kind is another one', () => {
    const overriders: Overriders = { labelsOverrider: [{ operator: 'remove', value: { team: '' } }] };
    const whole = withOverrides(plain(manifest, 'whole'), [rule(overriders)], kind);
    expect([whole.stated, texts(whole.removed)]).toEqual(['whole', ['.metadata.labels.team']]);
    expect(stated({ plaintext: [{ path: '/kind', operator: 'replace', value: 'Other' }] })).toEqual(['whole']);
  });
});

describe('what overrides take', () => {
  it.each<[string, Overriders, readonly string[]]>([
    ['a label', { labelsOverrider: [{ operator: 'remove', value: { team: '' } }] }, ['.metadata.labels.team']],
    [
      'a probe',
      { plaintext: [{ path: '/spec/template/spec/containers/1/livenessProbe', operator: 'remove' }] },
      [`${web}.livenessProbe.periodSeconds`, `${web}.livenessProbe.httpGet.path`, `${web}.livenessProbe.httpGet.port`],
    ],
    [
      'a container',
      { plaintext: [{ path: '/spec/template/spec/containers/0', operator: 'remove' }] },
      ['.spec.template.spec.containers[name="log"].image', '.spec.template.spec.containers[name="log"].name'],
    ],
    [
      'nothing of a list that is one field',
      { argsOverrider: [{ containerName: 'web', operator: 'add', value: ['b'] }] },
      [],
    ],
    [
      'a list that is left empty',
      { argsOverrider: [{ containerName: 'web', operator: 'remove', value: ['a'] }] },
      [`${web}.args`],
    ],
  ])('is told apart: %s', (_what, overriders, expected) => {
    expect(removed(overriders)).toEqual(expected);
  });
});

it('what no manifest has does not come back by an override', () => {
  const { manifest: result } = withOverrides(
    base,
    [
      rule({
        plaintext: [
          { path: '/status', operator: 'add', value: {} },
          { path: '/metadata/finalizers', operator: 'add', value: ['x'] },
        ],
      }),
    ],
    kind,
  );
  expect(result).toEqual(manifest);
});

it('without rules it is the same', () => {
  expect(withOverrides(base, [], kind)).toBe(base);
});

it('whatever plaintext makes of it, it can be marked, or the rule failed', () => {
  const kinds = ['Deployment', 'Job', 'Service', 'Secret', 'ServiceAccount', 'PersistentVolumeClaim'] as const;
  const groups = { Deployment: 'apps', Job: 'batch' } as const;
  const item = fc.record({
    operator: fc.constantFrom('add' as const, 'replace' as const, 'remove' as const),
    path: fc
      .constantFrom('', '/metadata', '/metadata/labels', '/metadata/annotations', '/spec', '/spec/template', '/kind')
      .chain((start) => fc.constantFrom('', '/a', '/template', '/labels', '/selector').map((end) => start + end)),
    value: fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom(null, {}, [], 'x')) as fc.Arbitrary<JsonValue>,
  });
  fc.assert(
    fc.property(fc.constantFrom(...kinds), fc.array(item, { maxLength: 4 }), (name, plaintext) => {
      const group = groups[name as keyof typeof groups] ?? '';
      const definition = builtinKind(group, 'v1', name)!;
      const object = { ...manifest, apiVersion: group ? `${group}/v1` : 'v1', kind: name } as UnstructuredObject;
      let result: UnstructuredObject;
      try {
        result = withOverrides(plain(object, fieldSet(['spec'])), [rule({ plaintext })], definition).manifest;
      } catch (error) {
        expect(error).toBeInstanceOf(RuleFailed);
        return;
      }
      const marked = recordKeys(result, { namespace: 'karmada-es-a', name: 'w', id: 'i' });
      expect(marked.metadata.labels).toMatchObject({ 'work.karmada.io/permanent-id': 'i' });
      expect(prune(marked)).toEqual(marked);
    }),
    { numRuns: 500 },
  );
});
