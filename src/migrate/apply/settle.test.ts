/** What a binding says of how far an object is, and how long it is waited for. */
import { describe, expect, test } from 'vitest';
import type { Binding } from '#apis/work/binding.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { simulatedClock } from '#world/clock/simulated.ts';
import type { PlannedObject } from '../model.ts';
import type { Harm } from './pods.ts';
import { type SettleOptions, settle } from './settle.ts';
import { standingOf } from './standing.ts';

const object = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' } as PlannedObject;
const expected = {
  uid: 'u',
  from: 'member1',
  observed: true,
  isOwn: ({ name }: { readonly name: string }) => name === 'shop-1',
};
const claim = (name: string) => ({
  labels: { 'propagationpolicy.karmada.io/permanent-id': 'p' },
  annotations: { 'propagationpolicy.karmada.io/namespace': 'shop', 'propagationpolicy.karmada.io/name': name },
});
const done = (type: string, status = 'True', message = '') => ({ type, status, message });
const item = { clusterName: 'member1', applied: true, status: {}, health: 'Healthy' };
const bindingWith = (status: object, { uid = 'u', policy = 'shop-1' } = {}): Binding =>
  ({
    metadata: { name: 'web-deployment', namespace: 'shop', generation: 2, ...claim(policy) },
    spec: { resource: { uid } },
    status: { schedulerObservedGeneration: 2, ...status },
  }) as unknown as Binding;
const applied = { conditions: [done('Scheduled'), done('FullyApplied')], aggregatedStatus: [item] };

describe('where an object stands', () => {
  test.each<[string, Binding | undefined, string, string]>([
    ['without a binding', undefined, 'waiting', 'no policy has it yet'],
    ['of an earlier template', bindingWith(applied, { uid: 'old' }), 'waiting', 'earlier template'],
    ["another policy's", bindingWith(applied, { policy: 'theirs' }), 'refused', 'PropagationPolicy shop/theirs has it'],
    ['not scheduled', bindingWith({ conditions: [done('Scheduled', 'False', 'no room')] }), 'waiting', 'no room'],
    ['scheduled before', bindingWith({ ...applied, schedulerObservedGeneration: 1 }), 'waiting', 'not scheduled yet'],
    [
      'refused by the member',
      bindingWith({
        conditions: [done('Scheduled')],
        aggregatedStatus: [{ clusterName: 'member1', appliedMessage: 'no' }],
      }),
      'waiting',
      'member1: no',
    ],
    ['not written', bindingWith({ conditions: [done('Scheduled')] }), 'waiting', 'not written yet'],
    [
      'elsewhere',
      bindingWith({ ...applied, aggregatedStatus: [{ ...item, clusterName: 'member2' }] }),
      'refused',
      'not to member1',
    ],
    [
      'unobserved',
      bindingWith({ ...applied, aggregatedStatus: [{ ...item, status: undefined }] }),
      'waiting',
      'its status',
    ],
  ])('%s', (_, binding, is, why) => {
    expect(standingOf(binding, expected)).toEqual({ is, why: expect.stringContaining(why) });
  });

  test('taken over', () => expect(standingOf(bindingWith(applied), expected)).toEqual({ is: 'applied' }));
});

describe('waiting for a batch', () => {
  const run = async (some: Partial<SettleOptions>, ms: number) => {
    const clock = simulatedClock();
    const options: SettleOptions = {
      from: 'member1',
      bindingOf: () => bindingWith(applied),
      guard: { replaced: async () => [], unready: () => [] },
      isOwn: expected.isOwn,
      clock,
      timeoutMs: 1_000,
      trouble: () => undefined,
      stopping: () => false,
      told: () => {},
      arrival: async () => undefined,
      ...some,
    };
    const settled = settle(options, [{ object, uid: 'u', observed: true, edit: {} as UnstructuredObject }]);
    settled.catch(() => {});
    await clock.advance(ms);
    return settled;
  };
  const harm: Harm = { object, why: 'its Pod is gone' };

  test('ends where all is taken over', async () => {
    expect(await run({}, 0)).toEqual({ applied: [object], failed: [], replaced: [], stopped: false });
  });

  test('fails what makes no progress, and what runs worse than before', async () => {
    expect(await run({ bindingOf: () => undefined }, 1_100)).toMatchObject({
      applied: [],
      failed: [{ why: 'no policy has it yet' }],
    });
    const unready = { replaced: async () => [], unready: () => [harm] };
    expect(await run({ guard: unready }, 1_100)).toMatchObject({ applied: [], failed: [harm] });
  });

  test('fails an edit that does not come to a cluster, whatever the binding says', async () => {
    const late = 'member2 does not have the edited .data.a yet';
    expect(await run({ arrival: async () => late }, 1_700)).toMatchObject({ applied: [], failed: [{ why: late }] });
  });

  test('ends at once where a Pod is replaced, or it is asked to stop', async () => {
    const replaced = { replaced: async () => [harm], unready: () => [] };
    expect(await run({ guard: replaced, bindingOf: () => undefined }, 0)).toMatchObject({ replaced: [harm] });
    expect(await run({ stopping: () => true, bindingOf: () => undefined }, 0)).toMatchObject({ stopped: true });
  });

  test('counts no time in which a server does not answer, and gives up on it in the end', async () => {
    const away = new Error('away');
    await expect(run({ bindingOf: () => undefined, trouble: () => away }, 301_000)).rejects.toThrow('away');
  });
});
