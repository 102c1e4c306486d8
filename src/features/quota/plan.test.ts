import { describe, expect, it } from 'vitest';
import type { FederatedResourceQuota } from '#apis/policy/federated-resource-quota.ts';
import { manifestsOf, type Work } from '#apis/work/work.ts';
import { planShares, shareWork, withOverall, withShares } from './plan.ts';

const quota = (spec: object, status?: object) =>
  ({ metadata: { namespace: 'shop', name: 'q' }, spec, ...(status ? { status } : {}) }) as FederatedResourceQuota;
const shares = (...hard: readonly (readonly [string, object])[]) =>
  quota({ overall: { cpu: '9' }, staticAssignments: hard.map(([clusterName, each]) => ({ clusterName, hard: each })) });
const workOf = (cluster: string, hard: object, more: object = {}): Work => {
  const work = shareWork(quota({ overall: {} }), { clusterName: cluster, hard } as never);
  return { ...work, ...more, metadata: { ...work.metadata, ...(more as Partial<Work>).metadata } } as Work;
};

describe('shares', () => {
  it('are ResourceQuotas of the same name, known by their labels', () => {
    const work = workOf('member1', { cpu: '2' });
    expect(work.metadata).toMatchObject({
      namespace: 'karmada-es-member1',
      labels: { 'federatedresourcequota.karmada.io/namespace': 'shop', 'federatedresourcequota.karmada.io/name': 'q' },
    });
    expect(manifestsOf(work)).toEqual([
      {
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: { namespace: 'shop', name: 'q' },
        spec: { hard: { cpu: '2' } },
      },
    ]);
  });

  it('are given to clusters that are there, changed, and taken from those that have none', () => {
    const clusters = new Set(['member1', 'member2', 'member3']);
    const [same, other, gone] = [workOf('member1', { cpu: '1' }), workOf('member2', { cpu: '1' }), workOf('old', {})];
    const going = workOf('member3', {}, { metadata: { deletionTimestamp: 'now' } });
    const given = shares(['member1', { cpu: '1' }], ['member2', { cpu: '2' }], ['away', { cpu: '3' }], ['member1', {}]);
    const plan = planShares(given, clusters, [same, other, gone, going]);
    expect(plan.update.map((work) => [work.metadata, manifestsOf(work)[0]!.spec])).toEqual([
      [other.metadata, { hard: { cpu: '2' } }],
    ]);
    expect([plan.create, plan.remove]).toEqual([[], [gone]]);
    expect(planShares(given, clusters, []).create.map(({ metadata }) => metadata.namespace)).toEqual([
      'karmada-es-member1',
      'karmada-es-member2',
    ]);
    expect(planShares(undefined, clusters, [same])).toEqual({ create: [], update: [], remove: [same] });
  });
});

describe('the status', () => {
  const told = (cluster: string, status: object, applied = 'True') =>
    workOf(
      cluster,
      {},
      { status: { conditions: [{ type: 'Applied', status: applied }], manifestStatuses: [{ status }] } },
    );

  it('tells what clusters tell of their shares, and the sum where nobody else counts', () => {
    const works = [
      told('member2', { hard: { cpu: '2' }, used: { cpu: '500m' } }),
      told('member1', { hard: { cpu: '1' }, used: { cpu: '1' } }),
      told('member3', { used: { cpu: '7' } }, 'False'),
    ];
    const aggregatedStatus = [
      { clusterName: 'member1', hard: { cpu: '1' }, used: { cpu: '1' } },
      { clusterName: 'member2', hard: { cpu: '2' }, used: { cpu: '500m' } },
    ];
    const counted = withShares(shares(), works, true);
    expect(counted.status).toEqual({ overall: { cpu: '9' }, overallUsed: { cpu: '1500m' }, aggregatedStatus });
    expect(withShares(counted, works, true)).toBe(counted);
    const charged = { ...shares(), status: { overallUsed: { cpu: '3' } } };
    expect(withShares(charged, works, false).status).toMatchObject({ overallUsed: { cpu: '3' }, aggregatedStatus });
    expect(withShares(counted, [], true).status).toEqual({ overall: { cpu: '9' } });
  });

  it('counts bindings where their use is limited', () => {
    const bindings = [
      { spec: { replicaRequirements: { resourceRequest: { cpu: '2' } }, clusters: [{ name: 'a', replicas: 2 }] } },
    ] as never;
    const counted = withOverall(quota({ overall: { cpu: '9' } }, { aggregatedStatus: [] }), bindings);
    expect(counted.status).toEqual({ overall: { cpu: '9' }, overallUsed: { cpu: '4' }, aggregatedStatus: [] });
    expect(withOverall(counted, bindings)).toBe(counted);
    expect(withOverall(counted, []).status).toEqual({ overall: { cpu: '9' }, aggregatedStatus: [] });
  });
});
