/** Every default of compatibility.md section 7 for policies. */
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '#kube/meta/object.ts';
import { mutatePolicy } from './mutate.ts';
import { type Anything, ask, clusterId, id, policy, selector } from './policy.fixture.ts';

describe('what nobody says', () => {
  const defaulted = (object: KubeObject, old?: KubeObject) => {
    const answer = mutatePolicy(() => 'new')(ask(object, old)) as { readonly object?: KubeObject };
    return (answer.object ?? object) as KubeObject & { readonly spec: Anything };
  };
  const specOf = (spec: Anything, kind?: string) => defaulted(policy(spec, {}, kind), policy(spec, {}, kind)).spec;

  it('is who a new policy is, whatever the client sent; later nothing is changed', () => {
    expect(defaulted(policy({})).metadata).toMatchObject({
      labels: { [id]: 'new' },
      finalizers: ['karmada.io/propagation-policy-controller'],
    });
    expect(defaulted(policy({}, { finalizers: ['x'] }, 'ClusterPropagationPolicy')).metadata).toMatchObject({
      labels: { [clusterId]: 'new' },
      finalizers: ['x', 'karmada.io/cluster-propagation-policy-controller'],
    });
    const there = policy({ placement: {} });
    expect(defaulted(policy({}), there).spec.placement).toEqual({});
    expect(defaulted(there, there)).toBe(there);
  });

  it('is the namespace of a selector, in a PropagationPolicy only', () => {
    const resourceSelectors = [{ apiVersion: 'v1', kind: 'Service' }];
    expect(specOf({ resourceSelectors })).toMatchObject({ resourceSelectors: [{ namespace: 'shop' }] });
    expect(specOf({ resourceSelectors }, 'ClusterPropagationPolicy').resourceSelectors).toEqual(resourceSelectors);
  });

  it.each<[string, Anything, Anything]>([
    [
      'minGroups, and the field of a constraint without any; never maxGroups',
      { placement: { spreadConstraints: [{ maxGroups: 0 }, { spreadByLabel: 'a', minGroups: 2 }] } },
      {
        placement: {
          spreadConstraints: [
            { spreadByField: 'cluster', minGroups: 1, maxGroups: 0 },
            { spreadByLabel: 'a', minGroups: 2 },
          ],
        },
      },
    ],
    [
      'how replicas are divided',
      { placement: { replicaScheduling: { replicaSchedulingType: 'Divided' } } },
      { placement: { replicaScheduling: { replicaSchedulingType: 'Divided', replicaDivisionPreference: 'Weighted' } } },
    ],
    [
      'nothing of how they are duplicated',
      { placement: { replicaScheduling: { replicaSchedulingType: 'Duplicated' } } },
      { placement: { replicaScheduling: { replicaSchedulingType: 'Duplicated' } } },
    ],
    [
      'the grace of an application that is left gracefully',
      { failover: { application: { purgeMode: 'Gracefully' } } },
      { failover: { application: { purgeMode: 'Gracefully', gracePeriodSeconds: 600 } } },
    ],
    [
      'the same by the older word',
      { failover: { application: { purgeMode: 'Graciously' } } },
      { failover: { application: { purgeMode: 'Graciously', gracePeriodSeconds: 600 } } },
    ],
    [
      'no other grace than what was said',
      { failover: { application: { purgeMode: 'Gracefully', gracePeriodSeconds: 5 } } },
      { failover: { application: { purgeMode: 'Gracefully', gracePeriodSeconds: 5 } } },
    ],
    [
      'none for one that is left at once',
      { failover: { application: { purgeMode: 'Directly' } } },
      { failover: { application: { purgeMode: 'Directly' } } },
    ],
    [
      'that an imported Service brings what it needs',
      { resourceSelectors: [{ ...selector, kind: 'ServiceImport' }], propagateDeps: false },
      { propagateDeps: true },
    ],
    [
      'so where one of several is such',
      { resourceSelectors: [selector, { ...selector, kind: 'ServiceImport' }], propagateDeps: false },
      { propagateDeps: true },
    ],
    [
      'no other namespace than what was said',
      { resourceSelectors: [{ ...selector, namespace: 'other' }] },
      { resourceSelectors: [{ ...selector, namespace: 'other' }] },
    ],
  ])('is %s', (_what, given, wanted) => {
    // What is not in `wanted` is defaulted nowhere within its keys.
    expect(specOf(given)).toEqual(expect.objectContaining(wanted));
    expect(specOf(specOf(given))).toEqual(specOf(given));
  });
});
