import { describe, expect, it } from 'vitest';
import type { Cluster } from '#apis/cluster/cluster.ts';
import type { OverrideSpec } from '../override-spec.ts';
import { appliedRecord, recordedPolicies } from './record.ts';
import { type AnyOverridePolicy, overrideRank, rulesFor, rulesIn } from './select.ts';

const template = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace: 'default', name: 'web', labels: { app: 'web' } },
};
const selector = (more: object = {}) => ({ apiVersion: 'apps/v1', kind: 'Deployment', ...more });
const op = (name: string, spec: OverrideSpec = {}, namespace = 'default') =>
  ({ kind: 'OverridePolicy', metadata: { namespace, name }, spec }) as unknown as AnyOverridePolicy;
const cop = (name: string, spec: OverrideSpec = {}) =>
  ({ kind: 'ClusterOverridePolicy', metadata: { name }, spec }) as unknown as AnyOverridePolicy;
const orderOf = (...policies: readonly AnyOverridePolicy[]) =>
  rulesFor(policies, template).map(({ policy }) => policy.metadata.name);

describe('precedence', () => {
  const all = {};
  const byKind: OverrideSpec = { resourceSelectors: [selector()] };
  const byLabel: OverrideSpec = { resourceSelectors: [selector({ labelSelector: { matchLabels: { app: 'web' } } })] };
  const byName: OverrideSpec = { resourceSelectors: [selector({ name: 'web' })] };

  it('later is stronger: cluster-wide before namespaced, then the closer selector, then the name', () => {
    expect(
      orderOf(
        op('a-name', byName),
        op('b-label', byLabel),
        op('d-all', all),
        op('c-kind', byKind),
        cop('z-name', byName),
        cop('y-label', byLabel),
        cop('x-all', all),
      ),
    ).toEqual(['x-all', 'y-label', 'z-name', 'c-kind', 'd-all', 'b-label', 'a-name']);
  });

  it('a policy is for its namespace, and for what it selects', () => {
    expect(orderOf(op('elsewhere', all, 'shop'))).toEqual([]);
    expect(orderOf(op('other', { resourceSelectors: [selector({ name: 'db' })] }))).toEqual([]);
    expect(orderOf(cop('other', { resourceSelectors: [selector({ namespace: 'shop' })] }))).toEqual([]);
    const clusterWide = { ...template, metadata: { name: 'web' } };
    expect(rulesFor([op('op'), cop('cop')], clusterWide).map(({ policy }) => policy.metadata.name)).toEqual(['cop']);
  });

  it('a selector that no server would take selects nothing', () => {
    const labelSelector = { matchExpressions: [{ key: 'a', operator: 'Is' }] };
    expect(overrideRank(cop('bad', { resourceSelectors: [selector({ labelSelector })] }), template)).toBe(0);
    const rules = rulesFor(
      [cop('bad', { overrideRules: [{ overriders: {}, targetCluster: { labelSelector } }] })],
      template,
    );
    expect(rulesIn(rules, { metadata: { name: 'm' }, spec: {} } as Cluster)).toEqual([]);
  });
});

describe('target clusters', () => {
  const cluster = (name: string, labels: object = {}, spec: object = {}) =>
    ({ metadata: { name, labels }, spec }) as unknown as Cluster;
  const rules = rulesFor(
    [
      op('op', {
        overrideRules: [
          { overriders: {} },
          { overriders: {}, targetCluster: { clusterNames: ['member1'] } },
          { overriders: {}, targetCluster: { labelSelector: { matchLabels: { zone: 'a' } } } },
          {
            overriders: {},
            targetCluster: { fieldSelector: { matchExpressions: [{ key: 'region', operator: 'In', values: ['eu'] }] } },
          },
          { overriders: {}, targetCluster: { exclude: ['member1'] } },
        ],
      }),
      op('old', { targetCluster: { clusterNames: ['member2'] }, overriders: { plaintext: [] } }),
    ],
    template,
  );
  const pathsIn = (one: Cluster) => rulesIn(rules, one).map(({ path }) => path);
  const path = (i: number) => `spec.overrideRules[${i}].overriders`;

  it('are those a rule names, all where it names none', () => {
    expect(pathsIn(cluster('member1'))).toEqual([path(0), path(1)]);
    expect(pathsIn(cluster('member2'))).toEqual(['spec.overriders', path(0), path(4)]);
    expect(pathsIn(cluster('member3', { zone: 'a' }, { region: 'eu' }))).toEqual([path(0), path(2), path(3), path(4)]);
  });
});

describe('the record on a Work', () => {
  it('is what the reference marshals, byte for byte', () => {
    const rules = rulesFor(
      [
        op('b', {
          overrideRules: [
            {
              overriders: {
                plaintext: [
                  { value: { z: 1, a: '<' }, operator: 'add', path: '/spec/x' },
                  { operator: 'remove', path: '/spec/y' },
                ],
                imageOverrider: [
                  { value: '1', operator: 'replace', component: 'Tag', predicate: { path: '/spec/image' } },
                  { operator: 'remove', component: 'Registry' },
                ],
                commandOverrider: [{ operator: 'add', value: ['x'], containerName: 'web' }],
                argsOverrider: [{ operator: 'remove', containerName: 'web', value: [] }],
                labelsOverrider: [{ value: { b: '1', a: '2' }, operator: 'add' }],
                annotationsOverrider: [],
                fieldOverrider: [
                  {
                    yaml: [
                      { value: 1, operator: 'add', subPath: '/a' },
                      { operator: 'remove', subPath: '/b' },
                    ],
                    fieldPath: '/data/x',
                  },
                ],
              },
            },
            { overriders: {} },
          ],
        }),
        op('a', { resourceSelectors: [selector({ name: 'web' })] }),
        cop('c', { overriders: { labelsOverrider: [{ operator: 'remove', value: { a: '' } }] } }),
      ],
      template,
    );
    expect(appliedRecord(rules)).toEqual({
      'policy.karmada.io/applied-cluster-overrides':
        '[{"policyName":"c","overriders":{"labelsOverrider":[{"operator":"remove","value":{"a":""}}]}}]',
      'policy.karmada.io/applied-overrides':
        '[{"policyName":"a","overriders":{}},{"policyName":"b","overriders":{' +
        '"plaintext":[{"path":"/spec/x","operator":"add","value":{"a":"\\u003c","z":1}},{"path":"/spec/y","operator":"remove","value":null}],' +
        '"imageOverrider":[{"predicate":{"path":"/spec/image"},"component":"Tag","operator":"replace","value":"1"},{"component":"Registry","operator":"remove"}],' +
        '"commandOverrider":[{"containerName":"web","operator":"add","value":["x"]}],' +
        '"argsOverrider":[{"containerName":"web","operator":"remove"}],' +
        '"labelsOverrider":[{"operator":"add","value":{"a":"2","b":"1"}}],' +
        '"fieldOverrider":[{"fieldPath":"/data/x","yaml":[{"subPath":"/a","operator":"add","value":1},{"subPath":"/b","operator":"remove","value":null}]}]}},' +
        '{"policyName":"b","overriders":{}}]',
    });
    expect(recordedPolicies(appliedRecord(rules)['policy.karmada.io/applied-overrides']!)).toEqual(['a', 'b']);
  });

  it('is nothing without rules, and names alone where it would be too long', () => {
    expect(appliedRecord([])).toEqual({});
    const long = op('long', {
      overriders: { plaintext: [{ path: '/a', operator: 'add', value: 'x'.repeat(70_000) }] },
    });
    expect(appliedRecord(rulesFor([long], template))).toEqual({
      'policy.karmada.io/applied-overrides': '[{"policyName":"long","overriders":{}}]',
    });
  });
});
