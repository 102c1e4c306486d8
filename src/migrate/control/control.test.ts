/** What the control plane has already, and what it does to a plan: pure parts, as tables. */
import { describe, expect, it } from 'vitest';
import type { Cluster } from '#apis/cluster/cluster.ts';
import { builtinKind } from '#apis/kubernetes/kinds.ts';
import type { FederatedResourceQuota } from '#apis/policy/federated-resource-quota.ts';
import type { Policy } from '#apis/policy/matching.ts';
import type { AnyOverridePolicy } from '#apis/policy/overrides/select.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { clusterNotes } from './clusters.ts';
import { overrideRules, overridesOf } from './overrides.ts';
import { rivals } from './owner.ts';
import { quotaNotes } from './quotas.ts';

const web = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace: 'shop', name: 'web', labels: { app: 'web' } },
  spec: { replicas: 2, template: { spec: { containers: [{ name: 'web', image: 'web:1' }] } } },
} as unknown as UnstructuredObject;
const deployments = { apiVersion: 'apps/v1', kind: 'Deployment' };

describe('the owner of a template', () => {
  const policy = (
    name: string,
    selector: object,
    more: { kind?: string; priority?: number; plan?: string } = {},
  ): Policy => {
    const { kind = 'PropagationPolicy', priority = 0, plan } = more;
    return {
      apiVersion: 'policy.karmada.io/v1alpha1',
      kind,
      metadata: {
        ...(kind === 'PropagationPolicy' ? { namespace: 'shop' } : {}),
        name,
        ...(plan ? { labels: { 'migrate.flotilla.io/plan': plan } } : {}),
      },
      spec: { priority, resourceSelectors: [{ ...deployments, ...selector }] },
    } as unknown as Policy;
  };
  it.each<[string, Policy, boolean]>([
    ['a wide policy steps back', policy('wide', {}), false],
    [
      'one that chooses by labels steps back',
      policy('labels', { labelSelector: { matchLabels: { app: 'web' } } }),
      false,
    ],
    ['a stronger one has it', policy('wide', {}, { priority: 1 }), true],
    ['an equal one has it by its name', policy('a', { name: 'web' }), true],
    ['an equal one of a later name steps back', policy('z', { name: 'web' }), false],
    ['one of another object has nothing to do with it', policy('a', { name: 'api' }, { priority: 9 }), false],
    ['one for the whole cluster steps back', policy('a', {}, { kind: 'ClusterPropagationPolicy', priority: 9 }), false],
    ['the plan’s own is no rival', policy('a', { name: 'web' }, { priority: 9, plan: 'shop' }), false],
  ])('%s', (_what, rival, has) => {
    expect(rivals([rival])(web, 'shop')).toBe(has ? rival : undefined);
  });
});

describe('overrides', () => {
  const label = (key: string) => ({ labelsOverrider: [{ operator: 'add', value: { [key]: 'x' } }] });
  const policy = (name: string, overrideRules: readonly object[], more: object = {}): AnyOverridePolicy =>
    ({
      kind: 'ClusterOverridePolicy',
      metadata: { name },
      spec: { overrideRules, ...more },
    }) as unknown as AnyOverridePolicy;
  const inMember2 = { targetCluster: { clusterNames: ['member2'] } };
  const policies = [
    policy('b', [{ overriders: label('b') }], { resourceSelectors: [deployments] }),
    policy('a', [{ overriders: label('a') }, { ...inMember2, overriders: label('a2') }]),
    policy('same', [{ overriders: { labelsOverrider: [{ operator: 'add', value: { app: 'web' } }] } }]),
    policy('other', [{ overriders: label('c') }], { resourceSelectors: [{ apiVersion: 'v1', kind: 'Service' }] }),
    policy('failing', [
      {
        targetCluster: { clusterNames: ['member3'] },
        overriders: { plaintext: [{ operator: 'remove', path: '/spec/no' }] },
      },
    ]),
  ];

  it('are told by policy, and by the clusters that they are for', () => {
    const rules = overrideRules(policies, new Map());
    const kind = builtinKind('apps', 'v1', 'Deployment')!;
    const { overrides, failures } = overridesOf(rules, web, ['member1', 'member2', 'member3'], kind);
    expect(overrides).toEqual([
      { policy: 'ClusterOverridePolicy a', clusters: ['member1'], fields: ['.metadata.labels.a'] },
      { policy: 'ClusterOverridePolicy b', clusters: ['member1', 'member2'], fields: ['.metadata.labels.b'] },
      {
        policy: 'ClusterOverridePolicy a',
        clusters: ['member2'],
        fields: ['.metadata.labels.a', '.metadata.labels.a2'],
      },
    ]);
    expect([...failures.keys()]).toEqual(['member3']);
  });
});

it('quotas are told where they leave less than is asked for, in all clusters together', () => {
  const quota = (namespace: string, cpu: string, used: string) =>
    ({
      kind: 'FederatedResourceQuota',
      metadata: { namespace, name: 'most' },
      spec: { overall: { cpu, pods: '1' } },
      status: { overallUsed: { cpu: used } },
    }) as unknown as FederatedResourceQuota;
  const replicas = { replicas: 3, requirements: { resourceRequest: { cpu: '500m', memory: '1Gi' } } };
  const asked = [{ namespace: 'shop', replicas, clusters: ['a', 'b'] }];
  expect(quotaNotes([quota('shop', '10', '7'), quota('blog', '1', '1')], asked)).toEqual([]);
  expect(quotaNotes([quota('shop', '10', '7500m')], asked)).toEqual([
    expect.stringMatching(/^FederatedResourceQuota shop\/most leaves cpu=2500m and the plan needs cpu=3:/),
  ]);
});

it('clusters are told that templates do not reach', () => {
  const cluster = (name: string, more: object = {}, spec: object = {}, ready = 'True') =>
    [
      name,
      {
        metadata: { name, ...more },
        spec,
        status: { conditions: [{ type: 'Ready', status: ready }] },
      } as unknown as Cluster,
    ] as const;
  const clusters = new Map([
    cluster('fine', {}, { taints: [{ key: 'k', effect: 'PreferNoSchedule' }] }),
    cluster('going', { deletionTimestamp: 'now' }),
    cluster('tainted', {}, { taints: [{ key: 'gpu', value: 'only', effect: 'NoSchedule' }] }),
    cluster('away', {}, {}, 'False'),
  ]);
  expect(clusterNotes([...clusters.keys(), 'unknown'], clusters)).toEqual([
    'going is being unjoined: nothing new is sent there',
    "tainted is tainted (gpu=only:NoSchedule): the plan's policies tolerate no taint, and do not choose it",
    'away is not ready',
    'unknown is not joined yet: nothing reaches it before',
  ]);
});
