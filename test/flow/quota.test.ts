/** What a FederatedResourceQuota gives single clusters is there a ResourceQuota, and what that tells comes back. */
import { afterEach, expect, it } from 'vitest';
import { featureGates } from '#app/components/settings.ts';
import { type Flow, startFlow } from '#harness/flow.ts';
import type { Anything } from '#harness/kubectl.ts';
import { applied, handsOn, policyFor, quiet, requesting } from '#harness/samples.ts';

let flow: Flow;
afterEach(() => flow.stop());

it('reaches its clusters and comes back from them, changes with it and goes with it', async () => {
  flow = await startFlow();
  const { control, member1, member2 } = handsOn(flow);
  const assigned = (...staticAssignments: readonly Anything[]): Anything => ({
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: 'FederatedResourceQuota',
    metadata: { namespace: 'default', name: 'q' },
    spec: { overall: { cpu: '4' }, staticAssignments },
  });
  const there: Anything = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { namespace: 'default', name: 'q' } };
  const one = { clusterName: 'member1', hard: { cpu: '1' } };
  await control.apply(assigned(one, { clusterName: 'member2', hard: { cpu: '2' } }));
  await flow.until('both have their share', async () => (await member1.find(there)) && member2.find(there));
  expect((await member2.get(there)).spec.hard).toEqual({ cpu: '2' });
  await member1.say(there, { hard: { cpu: '1' }, used: { cpu: '300m' } });
  await member2.say(there, { hard: { cpu: '2' }, used: { cpu: '1500m' } });
  const status = await flow.until('the use is told', async () => {
    const { status: told } = await control.get(assigned());
    return told?.overallUsed?.cpu === '1800m' && told;
  });
  expect(status).toMatchObject({
    overall: { cpu: '4' },
    aggregatedStatus: [{ used: { cpu: '300m' } }, { clusterName: 'member2' }],
  });
  await control.apply(assigned({ ...one, hard: { cpu: '3' } }));
  await flow.until('one has more, the other none', async () => {
    return (await member1.get(there)).spec.hard.cpu === '3' && !(await member2.find(there));
  });
  await flow.stopComponents('karmada-controller-manager');
  await control.delete(assigned());
  await flow.startComponents();
  await flow.until('it is gone', async () => !(await member1.find(there)));
});

it('is counted again soon after its limits changed, and now and then', async () => {
  flow = await startFlow({ settings: { gates: { ...featureGates, FederatedQuotaEnforcement: true } } });
  const { control } = handsOn(flow);
  const limited = (cpu: string): Anything => ({
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: 'FederatedResourceQuota',
    metadata: { namespace: 'default', name: 'q' },
    spec: { overall: { cpu } },
  });
  const web = requesting('1', 2);
  const used = async () => (await control.get(limited('4'))).status.overallUsed;
  await control.apply(web);
  await control.apply(policyFor('pp', [web]));
  await applied(flow, web);
  await control.apply(limited('4'));
  await quiet(flow);
  expect(await used()).toEqual({ cpu: '2' });
  await control.apply(limited('5'));
  await flow.pass(100);
  await control.say(limited('5'), { overallUsed: { cpu: '3' } });
  await flow.pass(6_000);
  expect(await used()).toEqual({ cpu: '2' });
  await control.say(limited('5'), { overallUsed: { cpu: '3' } });
  await flow.pass(10_000);
  expect(await used()).toEqual({ cpu: '3' });
  await flow.pass(300_000);
  expect(await used()).toEqual({ cpu: '2' });
});
