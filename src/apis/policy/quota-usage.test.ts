import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, sameAmounts, textsOf } from '#apis/kubernetes/quota/amounts.ts';
import type { BindingSpec } from '#apis/work/binding-spec.ts';
import type { FederatedResourceQuota } from './federated-resource-quota.ts';
import { overallUsed, usageChange, usageOf, usedWith } from './quota-usage.ts';

const spec = (more: Partial<BindingSpec>): BindingSpec => more as BindingSpec;
const requests = (resourceRequest: Readonly<Record<string, string>>) => ({ resourceRequest });
const quota = (overall: object, used?: object) =>
  ({ spec: { overall }, ...(used ? { status: { overallUsed: used } } : {}) }) as unknown as FederatedResourceQuota;

describe('what a binding uses', () => {
  it.each<[string, BindingSpec, object]>([
    ['nothing without clusters', spec({ replicas: 3, replicaRequirements: requests({ cpu: '1' }) }), {}],
    [
      'its replicas in all of them, whatever was asked for',
      spec({
        replicas: 9,
        replicaRequirements: requests({ cpu: '250m', memory: '512Mi', 'example.com/gpu': '1' }),
        clusters: [
          { name: 'a', replicas: 4 },
          { name: 'b', replicas: 2 },
        ],
      }),
      { cpu: '1500m', memory: '3Gi', 'example.com/gpu': '6' },
    ],
    ['nothing of a replica that asks for nothing', spec({ clusters: [{ name: 'a', replicas: 4 }] }), {}],
    [
      'every component in each cluster',
      spec({
        components: [
          { name: 'a', replicas: 1, replicaRequirements: requests({ cpu: '1', memory: '1000' }) },
          { name: 'b', replicas: 3, replicaRequirements: requests({ cpu: '500m' }) },
          { name: 'c', replicas: 5 },
        ],
        clusters: [{ name: 'a' }, { name: 'b' }],
      }),
      { cpu: '5', memory: '2000' },
    ],
  ])('is %s', (_what, binding, used) => {
    expect(textsOf(usageOf(binding))).toEqual(used);
  });

  it('counts for a quota as far as that limits it', () => {
    const bindings = [1, 2].map((replicas) => ({
      spec: spec({ replicaRequirements: requests({ cpu: '1', memory: '1Gi' }), clusters: [{ name: 'a', replicas }] }),
    }));
    expect(textsOf(overallUsed(quota({ cpu: '10', pods: '3' }), bindings))).toEqual({ cpu: '3' });
    const change = usageChange(bindings[1]!.spec, bindings[0]!.spec);
    expect(textsOf(change)).toEqual({ cpu: '1', memory: '1Gi' });
    expect(textsOf(usedWith(quota({ cpu: '10' }, { cpu: '1500m' }), change)!)).toEqual({ cpu: '2500m' });
    expect(usedWith(quota({ pods: '3' }), change)).toBeUndefined();
  });

  it('changes by what makes the difference', () => {
    const bindings = fc.record({
      request: fc.integer({ min: 0, max: 5 }),
      replicas: fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 4 }),
    });
    fc.assert(
      fc.property(bindings, bindings, (left, right) => {
        const [before, now] = [left, right].map(({ request, replicas }) =>
          spec({
            replicaRequirements: requests({ cpu: `${request}00m` }),
            clusters: replicas.map((count, i) => ({ name: `m${i}`, replicas: count })),
          }),
        ) as [BindingSpec, BindingSpec];
        const sum = add({ cpu: { nano: 0n, format: 'DecimalSI' }, ...usageOf(before) }, usageChange(now, before));
        expect(sameAmounts(sum, { cpu: { nano: 0n, format: 'DecimalSI' }, ...usageOf(now) })).toBe(true);
      }),
    );
  });
});
