/**
 * The behaviours that are easy to miss (compatibility.md section 14), by its numbers: scheduling. As rules alone they
 * are tested beside the scheduler's plan; 10 (division and its ties) in plan/assign, 16 (API enablement) in plan/filter.
 */
import { afterEach, describe, expect, it } from 'vitest';
import { type Flow, startFlow } from '#harness/flow.ts';
import type { Anything } from '#harness/kubectl.ts';
import { applied, bindingOf, handsOn, nginx, onMembers, policyFor, quiet, worksOf } from '#harness/samples.ts';

let flow: Flow;
afterEach(() => flow.stop());

const group = (affinityName: string, ...clusterNames: readonly string[]) => ({ affinityName, clusterNames });
const divided = { replicaSchedulingType: 'Divided', replicaDivisionPreference: 'Weighted' };
const bindingNow = () => handsOn(flow).control.get(bindingOf(nginx));
const place = (placement: Anything) => handsOn(flow).control.patch(policyFor('pp', [nginx]), { spec: { placement } });
const conditionOf = (binding: Anything): Anything =>
  binding.status.conditions.find((each: Anything) => each.type === 'Scheduled');

describe('3. placementChanged compares only the observed affinity term and ignores workloadAffinity', () => {
  it('a change elsewhere is seen and not acted on', async () => {
    flow = await startFlow({ members: ['member1', 'member2', 'member3'] });
    const { control } = handsOn(flow);
    const second = (name: string) => ({
      clusterAffinities: [group('first', 'member1'), group('second', name)],
      replicaScheduling: divided,
    });
    await control.apply(nginx);
    await control.apply(policyFor('pp', [nginx], { placement: second('member2') }));
    const before = await applied(flow, nginx);
    expect(before.status.schedulerObservingAffinityName).toBe('first');
    for (const change of [second('member3'), { workloadAffinity: { affinity: { groupByLabelKey: 'app' } } }]) {
      await flow.pass(2_000);
      await place(change);
      await quiet(flow);
      const after = await bindingNow();
      expect(after.metadata.generation).toBeGreaterThan(before.metadata.generation);
      expect(after.status).toMatchObject({
        schedulerObservedGeneration: after.metadata.generation,
        lastScheduledTime: before.status.lastScheduledTime,
      });
    }
    await place({ clusterAffinities: [group('first', 'member2'), group('second', 'member3')] });
    await flow.until('it has moved', async () => (await bindingNow()).spec.clusters[0]?.name === 'member2');
  });
});

describe('4. clusterAffinities never falls back to an earlier group by itself', () => {
  it('although that would serve again', async () => {
    flow = await startFlow();
    const { control } = handsOn(flow);
    const cluster: Anything = {
      apiVersion: 'cluster.karmada.io/v1alpha1',
      kind: 'Cluster',
      metadata: { name: 'member1' },
    };
    const cordon = { key: 'cluster.karmada.io/unschedulable', effect: 'NoSchedule' };
    await control.patch(cluster, { spec: { taints: [cordon] } });
    await control.apply(nginx);
    const clusterAffinities = [group('first', 'member1'), group('second', 'member2')];
    await control.apply(policyFor('pp', [nginx], { placement: { clusterAffinities } }));
    await applied(flow, nginx);
    await control.patch(cluster, { spec: { taints: [] } });
    await control.scale(nginx, 3);
    await quiet(flow);
    const { spec, status } = await bindingNow();
    expect([spec.clusters, status.schedulerObservingAffinityName]).toEqual([
      [{ name: 'member2', replicas: 3 }],
      'second',
    ]);
  });
});

describe('5. maxGroups=0 selects zero clusters; only minGroups is defaulted', () => {
  it('and nothing goes anywhere', async () => {
    flow = await startFlow();
    const { control } = handsOn(flow);
    const spreadConstraints = [{ spreadByField: 'cluster', maxGroups: 0 }];
    await control.apply(nginx);
    await control.apply(policyFor('pp', [nginx], { placement: { spreadConstraints } }));
    await quiet(flow);
    const { spec } = await bindingNow();
    expect(spec.placement.spreadConstraints).toEqual([{ spreadByField: 'cluster', maxGroups: 0, minGroups: 1 }]);
    expect([spec.clusters ?? [], await worksOf(flow, nginx)]).toEqual([[], []]);
  });
});

describe('15. NoClusterFit empties spec.clusters (single affinity) and is not retried until an event', () => {
  it('then it goes where it may', async () => {
    flow = await startFlow();
    const { control, member1 } = handsOn(flow);
    await control.apply(nginx);
    await control.apply(policyFor('pp', [nginx]));
    await applied(flow, nginx);
    await place(onMembers('member3'));
    await flow.until('it has left', async () => !(await member1.find(nginx)));
    const lost = await bindingNow();
    expect(lost.spec.clusters ?? []).toEqual([]);
    expect(conditionOf(lost)).toMatchObject({ status: 'False', reason: 'NoClusterFit' });
    await quiet(flow);
    const writes = flow.writes.length;
    await flow.pass(60_000);
    expect(flow.writes.slice(writes).filter(({ component }) => component === 'karmada-scheduler')).toEqual([]);
    await flow.addMember('member3');
    await flow.until('it is there', async () => (await bindingNow()).spec.clusters?.[0]?.name === 'member3');
  });
});
