/** What a binding says reaches the member, and what the member says comes back. */
import { afterEach, describe, expect, it } from 'vitest';
import { type Flow, startFlow } from '#harness/flow.ts';
import { eventsOf, migratedFlow } from '#harness/migrated.ts';
import { applied, bindingOf, handsOn, nginx, onMembers, policyFor, quiet, worksOf } from '#harness/samples.ts';

let flow: Flow;
afterEach(() => flow.stop());

async function migrated() {
  const started = await migratedFlow();
  flow = started.flow;
  return started;
}

describe('what the binding says reaches the member, and back', () => {
  it('suspends dispatching, as a whole and on single clusters, and goes on', async () => {
    flow = await startFlow();
    const { control, member1, member2 } = handsOn(flow);
    const policy = policyFor('pp', [nginx], {
      placement: onMembers('member1', 'member2'),
      suspension: { dispatchingOnClusters: { clusterNames: ['member2'] } },
    });
    await control.apply(nginx);
    await control.apply(policy);
    await flow.until('it is in member1', () => member1.find(nginx));
    await quiet(flow);
    expect(await member2.find(nginx)).toBeUndefined();
    const held = (await worksOf(flow, nginx)).find((work) => work.metadata.namespace === 'karmada-es-member2');
    expect(held.status.conditions).toMatchObject([
      {
        type: 'Dispatching',
        status: 'False',
        reason: 'SuspendDispatching',
        message: 'Work dispatching is in a suspended state.',
      },
    ]);
    await control.patch(policy, { spec: { suspension: { dispatching: true, dispatchingOnClusters: null } } });
    await quiet(flow);
    await control.scale(nginx, 4);
    await quiet(flow);
    expect((await member1.get(nginx)).spec.replicas).toBe(2);
    await control.patch(policy, { spec: { suspension: null } });
    await quiet(flow);
    expect((await member1.get(nginx)).spec.replicas).toBe(4);
    expect((await member2.get(nginx)).spec.replicas).toBe(4);
  });

  it('does not schedule while scheduling is suspended', async () => {
    flow = await startFlow();
    const { control, member1 } = handsOn(flow);
    await control.apply(nginx);
    await control.apply(policyFor('pp', [nginx]));
    await applied(flow, nginx);
    const binding = bindingOf(nginx);
    await control.edit(binding, (now) => ({ ...now, spec: { ...now.spec, suspension: { scheduling: true } } }));
    await control.scale(nginx, 5);
    await quiet(flow);
    expect((await control.get(binding)).spec).toMatchObject({
      replicas: 5,
      clusters: [{ name: 'member1', replicas: 2 }],
      suspension: { scheduling: true },
    });
    expect((await member1.get(nginx)).spec.replicas).toBe(2);
    await control.edit(binding, (now) => ({ ...now, spec: { ...now.spec, suspension: undefined } }));
    await quiet(flow);
    expect((await member1.get(nginx)).spec.replicas).toBe(5);
  });

  it('brings the member’s status back to binding and template, and the object back when it was deleted there', async () => {
    const { control, member1 } = await migrated();
    const live = await member1.get(nginx);
    const status = {
      observedGeneration: live.metadata.generation,
      replicas: 2,
      readyReplicas: 2,
      updatedReplicas: 2,
      availableReplicas: 2,
    };
    await flow
      .member('member1')
      .resource({ group: 'apps', version: 'v1', kind: 'Deployment', resource: 'deployments', namespaced: true })
      .patch({ namespace: 'default', name: 'nginx-deploy' }, 'merge', { status }, { subresource: 'status' });
    await quiet(flow);
    const binding = await control.get(bindingOf(nginx));
    expect(binding.status.aggregatedStatus[0]).toMatchObject({
      applied: true,
      clusterName: 'member1',
      health: 'Healthy',
      status: {
        availableReplicas: 2,
        observedGeneration: 2,
        generation: 2,
        resourceTemplateGeneration: 2,
        readyReplicas: 2,
        replicas: 2,
        updatedReplicas: 2,
      },
    });
    expect(await eventsOf(flow, 'nginx-deploy')).toContain(
      'Deployment Normal AggregateStatusSucceed resource-binding-status-controller: Update Resource with AggregatedStatus successfully.',
    );
    expect((await control.get(nginx)).status).toEqual({
      observedGeneration: 2,
      replicas: 2,
      readyReplicas: 2,
      updatedReplicas: 2,
      availableReplicas: 2,
    });
    await member1.delete(nginx);
    await flow.until('it is there again', async () => {
      const again = await member1.find(nginx);
      return again && again.metadata.uid !== live.metadata.uid;
    });
  });
});
