import { expect, it } from 'vitest';
import { type ScheduleFacts, scheduleStep } from './schedule.ts';

const binding = {
  kind: 'ResourceBinding',
  metadata: { namespace: 'shop', name: 'web-deployment' },
  spec: { resource: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, clusters: [{ name: 'member1' }] },
};
const stepWith = (more: object) =>
  scheduleStep({
    binding,
    policy: undefined,
    clusters: [],
    verdict: { verdict: { outcome: 'scheduled', clusters: [] }, terms: [], ...more },
  } as unknown as ScheduleFacts);

it('says what is only assumed of the scheduler, and nothing of the kind of its own verdict', () => {
  expect(
    stepWith({ assumed: 'flags as its Deployment in karmada-host has them' }).below?.map(({ text }) => text),
  ).toEqual([
    "worked out here, as the scheduler's own verdict is not served: flags as its Deployment in karmada-host has them; no estimators asked",
  ]);
  expect(stepWith({}).below).toBeUndefined();
});

it('says that what another scheduler has not placed is held up', () => {
  const policy = { kind: 'PropagationPolicy', metadata: { namespace: 'shop', name: 'web' } };
  const verdict = 'spec.schedulerName says that blue schedules it, and this one is default-scheduler';
  const step = (clusters: readonly object[]) =>
    scheduleStep({
      binding: { ...binding, spec: { ...binding.spec, clusters, schedulerName: 'blue' } },
      policy,
      clusters: [],
      verdict,
    } as unknown as ScheduleFacts);
  expect(step([])).toMatchObject({
    is: 'bad',
    block: {
      sentence: `ResourceBinding shop/web-deployment waits for a scheduler named blue: ${verdict}.`,
      mend: { command: 'flotilla delete propagationpolicy/web -n shop' },
    },
  });
  expect(step([{ name: 'member1' }])).toMatchObject({
    is: 'note',
    text: `not scheduled: ${verdict}; it is in member1`,
  });
});
