/** A WorkloadRebalancer has bindings scheduled anew, and says of which there was none. */
import { afterEach, expect, it } from 'vitest';
import { type Flow, startFlow } from '#harness/flow.ts';
import type { Anything } from '#harness/kubectl.ts';
import { applied, bindingOf, handsOn, named, nginx, policyFor, quiet } from '#harness/samples.ts';

let flow: Flow;
afterEach(() => flow.stop());

it('schedules anew what it names, once, and goes when its time is over', async () => {
  flow = await startFlow();
  const { control } = handsOn(flow);
  const workloadOf = ({ apiVersion, kind, metadata }: Anything) => ({ apiVersion, kind, ...metadata });
  const rebalancer: Anything = {
    apiVersion: 'apps.karmada.io/v1alpha1',
    kind: 'WorkloadRebalancer',
    metadata: { name: 'again' },
    spec: { workloads: [workloadOf(nginx), workloadOf(named(nginx, 'nobody'))], ttlSecondsAfterFinished: 60 },
  };
  await control.apply(nginx);
  await control.apply(policyFor('pp', [nginx]));
  const before = await applied(flow, nginx);
  await flow.pass(5_000);
  await control.apply(rebalancer);
  await quiet(flow);
  const { status, metadata } = await control.get(rebalancer);
  expect(status).toMatchObject({
    observedGeneration: 1,
    finishTime: expect.any(String),
    observedWorkloads: [
      { workload: workloadOf(nginx), result: 'Successful' },
      { workload: workloadOf(named(nginx, 'nobody')), result: 'Failed', reason: 'ReferencedBindingNotFound' },
    ],
  });
  const after = await control.get(bindingOf(nginx));
  expect(after.spec.rescheduleTriggeredAt).toBe(metadata.creationTimestamp);
  expect(Date.parse(after.status.lastScheduledTime)).toBeGreaterThan(Date.parse(before.status.lastScheduledTime));
  await control.label(nginx, 'edited', 'yes');
  await quiet(flow);
  expect((await control.get(bindingOf(nginx))).spec.rescheduleTriggeredAt).toBe(metadata.creationTimestamp);
  await flow.pass(60_000);
  expect(await control.find(rebalancer)).toBeUndefined();
});
