/** The main job, step by step as the documents go: golden 00-06 without Pods. */
import { afterEach, describe, expect, it } from 'vitest';
import { type Flow, startFlow } from '#harness/flow.ts';
import { applied, bindingOf, handsOn, nginx, nginxService, onMembers, policyFor, worksOf } from '#harness/samples.ts';

let flow: Flow;
afterEach(() => flow.stop());

const migrate = policyFor('migrate-pp', [
  { apiVersion: 'apps/v1', kind: 'Deployment' },
  { apiVersion: 'v1', kind: 'Service' },
]);

describe('migration', () => {
  it('takes what runs, and changes nothing but marks', async () => {
    flow = await startFlow();
    const { control, member1 } = handsOn(flow);
    const before = await member1.apply(nginx);
    await member1.apply(nginxService);
    await control.apply(nginx);
    await control.apply(nginxService);
    await control.apply(migrate);
    const binding = await applied(flow, nginx);
    await applied(flow, nginxService);
    expect(binding.spec.clusters).toEqual([{ name: 'member1', replicas: 2 }]);
    const after = await member1.get(nginx);
    expect(after.spec).toEqual(before.spec);
    expect(after.metadata.uid).toBe(before.metadata.uid);
    expect(await control.find(bindingOf({ ...nginxService, metadata: { namespace: 'default', name: 'kubernetes' } }))).toBeUndefined();
    expect((await worksOf(flow, nginx)).length).toBe(1);
    expect(onMembers('a')).toBeTruthy();
  });
});
