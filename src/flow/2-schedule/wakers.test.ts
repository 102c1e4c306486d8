import { describe, expect, it } from 'vitest';
import type { Cluster } from '#apis/cluster/cluster.ts';
import { policyId } from '#apis/names/labels.ts';
import type { Binding } from '#apis/work/binding.ts';
import type { Change, Informer } from '#client/informer/informer.ts';
import { keyOf } from '#kube/meta/key.ts';
import { createMetrics } from '#runtime/telemetry/metrics.ts';
import { simulatedClock } from '#world/clock/simulated.ts';
import { assumptions as assumptionsOn } from './assumptions.ts';
import { schedulerMeter } from './meter.ts';
import { wakeBy } from './wakers.ts';
import { placingNow } from './write.ts';

const scheduled = (reason?: string) => ({
  conditions: [{ type: 'Scheduled', status: reason ? 'False' : 'True', reason: reason ?? 'Success' }],
});

function binding(name: string, { spec = {}, status = {} }: { readonly spec?: object; readonly status?: object } = {}) {
  return {
    apiVersion: 'work.karmada.io/v1alpha2',
    kind: 'ResourceBinding',
    metadata: { namespace: 'default', name, generation: 1, labels: { [policyId]: 'id' } },
    spec: { placement: {}, resource: { apiVersion: 'apps/v1', kind: 'Deployment', name }, ...spec },
    status,
  } as unknown as Binding;
}

const inGroup = (antiAffinityGroup: string, ...clusters: readonly string[]) => ({
  workloadAffinityGroups: { antiAffinityGroup },
  clusters: clusters.map((name) => ({ name })),
});

/** The scheduler's wakers over bindings that were there from the beginning; `woken`: since it was asked last. */
function setUp(...given: readonly Binding[]) {
  const clock = simulatedClock();
  const known = new Map(given.map((each) => [keyOf(each), each]));
  const list = () => [...known.values()];
  const groupOf = ({ spec }: Binding) => spec.workloadAffinityGroups?.antiAffinityGroup;
  const assumptions = assumptionsOn(clock);
  let hear: (change: Change<Binding>) => void = () => {};
  let woken: string[] = [];
  const cluster = { kind: 'Cluster', metadata: { name: 'a' }, spec: {} } as unknown as Cluster;
  const waking: Parameters<typeof wakeBy>[0] = {
    bindings: {
      get: (key) => known.get(key),
      list,
      update: async (each) => each,
      updateStatus: async (each) => each,
      onChange: (handler) => {
        hear = handler;
      },
      namespaced: undefined as never,
    },
    clusters: {
      get: (name: string) => (name === 'a' ? cluster : undefined),
      onChange: () => () => {},
    } as unknown as Informer<Cluster>,
    placing: placingNow(),
    peers: {
      of: () => undefined,
      others: (one) =>
        groupOf(one) ? list().filter((each) => keyOf(each) !== keyOf(one) && groupOf(each) === groupOf(one)) : [],
    },
    assumptions,
    meter: schedulerMeter(createMetrics(), clock),
    clock,
    schedulerName: 'default-scheduler',
  };
  wakeBy(waking, (key) => woken.push(key.replace('default/', '')));
  for (const object of given) hear({ type: 'added', object, initial: true });
  const take = async () => {
    await clock.advance(100);
    const names = [...new Set(woken)].sort();
    woken = [];
    return names;
  };
  return {
    assumptions,
    woken: take,
    update: async (object: Binding) => {
      await take();
      const old = known.get(keyOf(object))!;
      known.set(keyOf(object), object);
      hear({ type: 'updated', object, old, initial: false });
      return take();
    },
    remove: async (object: Binding) => {
      await take();
      known.delete(keyOf(object));
      hear({ type: 'deleted', object, initial: false });
      return take();
    },
  };
}

describe('a peer wakes those of its group that are not placed', () => {
  const waiting = binding('waiting', { spec: inGroup('app=web'), status: scheduled('NoClusterFit') });
  const other = binding('other', { spec: inGroup('app=db'), status: scheduled('NoClusterFit') });
  const placed = binding('placed', { spec: inGroup('app=web', 'a'), status: scheduled() });

  it('when it goes elsewhere, and when it is gone', async () => {
    const { update, remove } = setUp(waiting, other, placed);
    const moved = binding('placed', { spec: inGroup('app=web', 'b'), status: scheduled() });
    expect(await update(moved)).toEqual(['waiting']);
    expect(await remove(moved)).toEqual(['waiting']);
  });

  it('when it leaves the group, and when it comes into one', async () => {
    const { update } = setUp(waiting, other, placed);
    expect(await update(binding('placed', { spec: inGroup('app=db', 'a'), status: scheduled() }))).toEqual([
      'other',
      'waiting',
    ]);
  });

  it('not when only its status changes', async () => {
    const { update } = setUp(waiting, placed);
    const status = { ...scheduled(), aggregatedStatus: [{ clusterName: 'a', health: 'Healthy' }] };
    expect(await update(binding('placed', { spec: inGroup('app=web', 'a'), status }))).toEqual([]);
  });
});

describe('what was assumed and takes room no more wakes those that wait for room', () => {
  const waiting = binding('waiting', { status: scheduled('Unschedulable') });
  const clusters = [{ name: 'a', replicas: 2 }];
  const placed = binding('placed', { spec: { replicas: 2, clusters }, status: scheduled() });

  it('once it runs', async () => {
    const { assumptions, update } = setUp(waiting, placed);
    assumptions.place(binding('placed'), clusters);
    const status = { ...scheduled(), aggregatedStatus: [{ clusterName: 'a', health: 'Healthy' }] };
    const runs = binding('placed', { spec: { replicas: 2, clusters }, status });
    expect(await update(runs)).toEqual(['waiting']);
    expect(await update(binding('placed', { ...runs }))).toEqual([]);
  });

  it('once it is gone', async () => {
    const { assumptions, remove } = setUp(waiting, placed);
    assumptions.place(binding('placed'), clusters);
    expect(await remove(placed)).toEqual(['waiting']);
  });
});
