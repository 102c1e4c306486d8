/** Placement with living members: replicas go where there is room, and move no more than what is asked for makes them. */
import { expect, it } from 'vitest';
import type { Anything } from '#harness/kubectl.ts';
import { bindingOf, handsOn, policyFor } from '#harness/samples.ts';
import { startFleet } from '../simulation/fleet.ts';

const web = (replicas: number): Anything => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace: 'default', name: 'web' },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'main', image: 'x', resources: { requests: { cpu: '100m' } } }] },
    },
  },
});
const divided = (preference: Anything, more: Anything = {}) => ({
  placement: { replicaScheduling: { replicaSchedulingType: 'Divided', ...preference }, ...more },
});
const byRoom = divided({
  replicaDivisionPreference: 'Weighted',
  weightPreference: { dynamicWeight: 'AvailableReplicas' },
});
const inOne = divided(
  { replicaDivisionPreference: 'Aggregated' },
  { spreadConstraints: [{ spreadByField: 'cluster', minGroups: 1, maxGroups: 1 }] },
);

it('replicas are divided by the room members tell of, steadily, and gather when that is asked for', async () => {
  const { flow } = await startFleet(7);
  const { control, member1, member2 } = handsOn(flow);
  const onMembers = async () =>
    Promise.all([member1, member2].map(async (member) => (await member.find(web(0)))?.spec.replicas ?? 0));
  const running = (total: number) =>
    flow.until(`${total} replicas running`, async () => {
      const { status } = await control.get(web(0));
      const placed = await onMembers();
      return status?.readyReplicas === total && placed.reduce((sum, count) => sum + count, 0) === total && placed;
    });
  try {
    await control.apply(policyFor('web', [web(0)], byRoom));
    await control.apply(web(6));
    expect(await running(6)).toEqual([3, 3]);

    await control.apply(web(9));
    expect((await running(9)).toSorted((left, right) => left - right)).toEqual([4, 5]);

    await control.apply(policyFor('web', [web(0)], inOne));
    expect((await running(9)).toSorted((left, right) => left - right)).toEqual([0, 9]);

    await control.apply(web(1_000_000));
    const condition = await flow.until('too many replicas to be refused', async () => {
      const { conditions } = (await control.get(bindingOf(web(0)))).status;
      return conditions.find(({ type, status }: Anything) => type === 'Scheduled' && status === 'False');
    });
    expect(condition).toMatchObject({
      reason: 'SchedulerError',
      message: 'failed to select clusters: no enough resource when selecting 1 clusters',
    });
    expect((await onMembers()).toSorted((left, right) => left - right)).toEqual([0, 9]);
  } finally {
    await flow.stop();
  }
});
