/** Templates that wait for what their policy names, lazy policies that end, and what is protected from deletion. */
import { afterEach, describe, expect, it } from 'vitest';
import { featureGates } from '#app/components/settings.ts';
import { type Flow, startFlow } from '#harness/flow.ts';
import type { Anything } from '#harness/kubectl.ts';
import { eventsOf } from '#harness/migrated.ts';
import {
  applied,
  bindingOf,
  clusterPolicyFor,
  handsOn,
  named,
  nginx,
  onMembers,
  policyFor,
  quiet,
} from '#harness/samples.ts';

let flow: Flow;
afterEach(() => flow.stop());

const overridePolicy = (name: string, kind = 'OverridePolicy'): Anything => ({
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind,
  metadata: { ...(kind === 'OverridePolicy' ? { namespace: 'default' } : {}), name },
  spec: { overrideRules: [{ overriders: { labelsOverrider: [{ operator: 'add', value: { by: name } }] } }] },
});
const claimOf = ({ metadata: { annotations = {} } }: Anything): string =>
  annotations['propagationpolicy.karmada.io/name'] ?? annotations['clusterpropagationpolicy.karmada.io/name'] ?? '';

describe('override policies that a policy depends on', () => {
  it.each([
    ['PropagationPolicy', policyFor, 'OverridePolicy', 'Apply policy(default/pp)', ' in namespace default'],
    ['ClusterPropagationPolicy', clusterPolicyFor, 'ClusterOverridePolicy', 'Apply cluster policy(pp)', ''],
  ] as const)('hold back a template of a %s until all are there', async (_kind, policyOf, kind, applying, place) => {
    flow = await startFlow();
    const { control } = handsOn(flow);
    await control.apply(nginx);
    await control.apply(overridePolicy('one', kind));
    await control.apply(policyOf('pp', [nginx], { dependentOverrides: ['one', 'two', 'three'] }));
    await quiet(flow);
    expect(claimOf(await control.get(nginx))).toBe('');
    expect(await control.find(bindingOf(nginx))).toBeUndefined();
    expect(await eventsOf(flow, 'nginx-deploy')).toContain(
      `Deployment Warning ApplyPolicyFailed resource-detector: ${applying} failed: waiting for dependent overrides: no ${kind} two, three${place}`,
    );
    await control.apply(overridePolicy('two', kind));
    await quiet(flow);
    expect(await control.find(bindingOf(nginx))).toBeUndefined();
    await control.apply(overridePolicy('three', kind));
    await applied(flow, nginx);
    expect(claimOf(await control.get(nginx))).toBe('pp');
    await flow.pass(1_000);
    expect(await eventsOf(flow, 'nginx-deploy')).toContain(
      `Deployment Normal ApplyPolicySucceed resource-detector: ${applying} succeed`,
    );
  });
});

describe('the class of a binding’s priority', () => {
  it('holds the binding back until it is there', async () => {
    flow = await startFlow({ settings: { gates: { ...featureGates, PriorityBasedScheduling: true } } });
    const { control } = handsOn(flow);
    const schedulePriority = { priorityClassSource: 'KubePriorityClass', priorityClassName: 'urgent' };
    await control.apply(nginx);
    await control.apply(policyFor('pp', [nginx], { schedulePriority }));
    await quiet(flow);
    expect(await control.find(bindingOf(nginx))).toBeUndefined();
    expect(await eventsOf(flow, 'nginx-deploy')).toContain(
      'Deployment Warning ApplyPolicyFailed resource-detector: Apply policy(default/pp) failed: no PriorityClass urgent, which spec.schedulePriority of the policy names',
    );
    await control.apply({
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name: 'urgent' },
      value: 1000,
    });
    await applied(flow, nginx);
    expect((await control.get(bindingOf(nginx))).spec.schedulePriority).toEqual({ priority: 1000 });
  });
});

describe('a lazy policy', () => {
  const lazy = (name: string, objects: readonly Anything[] = [nginx]) =>
    policyFor(name, objects, { activationPreference: 'Lazy' });

  it('that ends before it was put into effect leaves its template to others', async () => {
    flow = await startFlow();
    const { control, member1 } = handsOn(flow);
    await control.apply(nginx);
    await quiet(flow);
    await control.apply(lazy('lazy'));
    await quiet(flow);
    expect(claimOf(await control.get(nginx))).toBe('lazy');
    expect(await control.find(bindingOf(nginx))).toBeUndefined();
    await control.delete(lazy('lazy'));
    await quiet(flow);
    expect(claimOf(await control.get(nginx))).toBe('');
    await control.apply(policyFor('next', [nginx]));
    await applied(flow, nginx);
    expect(await member1.find(nginx)).toBeDefined();
  });

  it('that takes over from another waits, too, and the end of that one changes nothing in the clusters', async () => {
    flow = await startFlow();
    const { control, member1, member2 } = handsOn(flow);
    const first = policyFor('first', [nginx]);
    await control.apply(nginx);
    await control.apply(first);
    await applied(flow, nginx);
    const taking = { activationPreference: 'Lazy', preemption: 'Always', priority: 9, placement: onMembers('member2') };
    await control.apply(policyFor('lazy', [nginx], taking));
    await quiet(flow);
    const claims = async () => [claimOf(await control.get(nginx)), claimOf(await control.get(bindingOf(nginx)))];
    expect(await claims()).toEqual(['lazy', 'first']);
    await control.delete(first);
    await quiet(flow);
    expect(await claims()).toEqual(['lazy', '']);
    expect([await member1.find(nginx), await member2.find(nginx)]).toEqual([expect.anything(), undefined]);
    await control.setImage(nginx, 'nginx', 'nginx:1.28');
    await flow.until('it has moved', async () => (await member2.find(nginx)) && !(await member1.find(nginx)));
    expect(await claims()).toEqual(['lazy', 'lazy']);
  });

  it('acts on a template that comes along with it, whichever is heard of first', async () => {
    flow = await startFlow();
    const { control } = handsOn(flow);
    await Promise.all([control.apply(nginx), control.apply(lazy('lazy', [nginx, named(nginx, 'b')]))]);
    await applied(flow, nginx);
    await control.apply(named(nginx, 'b'));
    await applied(flow, named(nginx, 'b'));
  });
});

describe('what is protected', () => {
  const protectedOne = (object: Anything): Anything => ({
    ...object,
    metadata: { ...object.metadata, labels: { 'resourcetemplate.karmada.io/deletion-protected': 'Always' } },
  });
  const why = 'make sure to remove the label: resourcetemplate.karmada.io/deletion-protected';

  it('is not deleted, of whatever kind it is, by name or by selection, until its label goes', async () => {
    flow = await startFlow();
    const { control } = handsOn(flow);
    const space: Anything = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
    const config: Anything = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'shop', name: 'c' } };
    const policy = policyFor('pp', [nginx]);
    await control.apply(space);
    for (const object of [config, nginx, policy]) {
      await control.apply(protectedOne(object));
      await expect(control.delete(object)).rejects.toThrow(why);
    }
    const configs = flow.control.resource({
      group: '',
      version: 'v1',
      kind: 'ConfigMap',
      resource: 'configmaps',
      namespaced: true,
    });
    await expect(configs.deleteCollection({ namespace: 'shop' })).rejects.toThrow(why);
    await control.delete(space);
    await quiet(flow);
    expect((await control.get(space)).metadata.deletionTimestamp).toBeDefined();
    expect(await control.find(config)).toBeDefined();
    await control.label(config, 'resourcetemplate.karmada.io/deletion-protected', 'Never');
    await flow.until('the namespace is gone', async () => (await control.find(space)) === undefined);
  });

  it('stays in members too while its namespace is being deleted; what is not goes', async () => {
    flow = await startFlow();
    const { control, member1 } = handsOn(flow);
    const space: Anything = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
    const kind = { apiVersion: 'v1', kind: 'ConfigMap' };
    const [kept, other] = ['kept', 'other'].map((name) => ({ ...kind, metadata: { namespace: 'shop', name } }));
    const policy = { ...policyFor('pp', [kind as Anything]), metadata: { namespace: 'shop', name: 'pp' } };
    for (const object of [space, policy, protectedOne(kept!), other!]) await control.apply(object);
    for (const object of [kept!, other!]) await applied(flow, object);
    await control.delete(space);
    await flow.until('the other is gone', async () => (await member1.find(other!)) === undefined);
    await quiet(flow);
    expect(await control.find(policy)).toBeUndefined();
    expect((await control.get(bindingOf(kept!))).metadata.deletionTimestamp).toBeDefined();
    expect(await member1.find(kept!)).toBeDefined();
    await control.label(kept!, 'resourcetemplate.karmada.io/deletion-protected', 'Never');
    await flow.until('the namespace is gone', async () => (await control.find(space)) === undefined);
    await flow.until('it is gone from the member', async () => (await member1.find(kept!)) === undefined);
  });
});
