import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimFor, withClaim } from '#apis/policy/claim.ts';
import type { ClusterPropagationPolicy } from '#apis/policy/cluster-propagation-policy.ts';
import type { Policy } from '#apis/policy/matching.ts';
import type { PropagationPolicy } from '#apis/policy/propagation-policy.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { decide, type PolicyView } from './plan.ts';

const template: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace: 'default', name: 'web' },
};
const byName = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
const byKind = { apiVersion: 'apps/v1', kind: 'Deployment' };

function policy<K extends Policy['kind']>(kind: K, name: string, spec: object = {}, ending = false) {
  const namespaced = kind === 'PropagationPolicy';
  const label = `${namespaced ? 'propagationpolicy' : 'clusterpropagationpolicy'}.karmada.io/permanent-id`;
  return {
    kind,
    metadata: {
      ...(namespaced ? { namespace: 'default' } : {}),
      name,
      labels: { [label]: `id-of-${name}` },
      ...(ending ? { deletionTimestamp: 'now' } : {}),
    },
    spec: { priority: 0, preemption: 'Never', resourceSelectors: [byKind], ...spec },
  } as unknown as K extends 'PropagationPolicy' ? PropagationPolicy : ClusterPropagationPolicy;
}
const pp = (name: string, spec?: object, ending?: boolean) => policy('PropagationPolicy', name, spec, ending);
const cpp = (name: string, spec?: object, ending?: boolean) => policy('ClusterPropagationPolicy', name, spec, ending);

function view(policies: readonly Policy[], preemption = true): PolicyView {
  return {
    claimed: (claim) => policies.find((each) => each.kind === claim.kind && each.metadata.name === claim.name),
    namespaced: policies.filter((each) => each.kind === 'PropagationPolicy') as PropagationPolicy[],
    clusterWide: policies.filter((each) => each.kind === 'ClusterPropagationPolicy') as ClusterPropagationPolicy[],
    preemption,
  };
}
const heldBy = (holder: Policy) => withClaim(template, claimFor(holder));
const followed = (object: KubeObject, policies: readonly Policy[], preemption?: boolean) =>
  decide(object, view(policies, preemption)).follow?.metadata.name;

describe('decide', () => {
  it('leaves what nothing matches alone', () => {
    expect(decide(template, view([pp('other', { resourceSelectors: [{ ...byName, name: 'db' }] })]))).toEqual({
      follow: undefined,
    });
  });

  it('keeps the claim although others are better', () => {
    const holder = cpp('holder');
    expect(followed(heldBy(holder), [holder, pp('better', { priority: 9 })])).toBe('holder');
  });

  it('waits for the end of a holder that is being deleted', () => {
    const holder = pp('holder', {}, true);
    expect(decide(heldBy(holder), view([holder, pp('next')]))).toMatchObject({ follow: undefined, waitFor: holder });
  });

  it('ends the claim of a policy that is gone, was made anew, or matches no more', () => {
    const holder = pp('holder');
    const held = heldBy(holder);
    expect(decide(held, view([]))).toMatchObject({ follow: undefined, release: { name: 'holder' } });
    const anew = { ...holder, metadata: { ...holder.metadata, labels: {} } } as Policy;
    expect(followed(held, [anew, cpp('next')])).toBe('holder');
    expect(decide(held, view([anew])).follow).toBe(anew);
    const elsewhere = pp('holder', { resourceSelectors: [{ ...byName, name: 'db' }] });
    expect(followed(held, [elsewhere, cpp('next')])).toBe('next');
    expect(decide(held, view([elsewhere]))).toMatchObject({ follow: undefined, release: { name: 'holder' } });
  });

  it('names whom a preemptor takes from', () => {
    const holder = pp('holder', { priority: 1 });
    const rival = pp('rival', { priority: 2, preemption: 'Always', resourceSelectors: [byName] });
    expect(decide(heldBy(holder), view([holder, rival]))).toEqual({ follow: rival, preempts: holder });
    expect(decide(heldBy(holder), view([holder, rival], false))).toEqual({ follow: holder });
  });

  const policies = fc.uniqueArray(
    fc.record({
      cluster: fc.boolean(),
      name: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      priority: fc.integer({ min: 0, max: 2 }),
      preemption: fc.constantFrom('Always', 'Never'),
      ending: fc.boolean(),
      selector: fc.constantFrom(byName, byKind),
    }),
    { selector: ({ cluster, name }) => `${cluster} ${name}`, maxLength: 6 },
  );
  const built = policies.map((list) =>
    list.map(({ cluster, name, ending, selector, ...spec }) =>
      (cluster ? cpp : pp)(name, { ...spec, resourceSelectors: [selector] }, ending),
    ),
  );

  it('comes to rest: following what it decides changes nothing more', () => {
    fc.assert(
      fc.property(built, (list) => {
        let object = template;
        for (let round = 0; round < 8; round++) {
          const { follow } = decide(object, view(list));
          if (!follow) return;
          const next = heldBy(follow);
          if (
            round > 0 &&
            next.metadata.labels?.x === object.metadata.labels?.x &&
            followed(next, list) === follow.metadata.name
          )
            return;
          object = next;
        }
        throw new Error('never comes to rest');
      }),
    );
  });

  it('answers the same whatever the order policies are known in', () => {
    fc.assert(
      fc.property(built, (list) => {
        expect(decide(template, view([...list].reverse())).follow).toBe(decide(template, view(list)).follow);
      }),
    );
  });
});
