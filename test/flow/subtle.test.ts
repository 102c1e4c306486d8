/** The behaviours that are easy to miss (compatibility.md section 14), by its numbers: policies, claims and bindings. */
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
  requesting,
  worksOf,
} from '#harness/samples.ts';
import { findCondition } from '#kube/conditions/conditions.ts';

let flow: Flow;
afterEach(() => flow.stop());

const claimOf = ({ metadata: { annotations = {} } }: Anything): string =>
  annotations['propagationpolicy.karmada.io/name'] ?? annotations['clusterpropagationpolicy.karmada.io/name'] ?? '';

/** Holds the scheduler back, so that a test may say itself where the template is to go. */
const suspendScheduling = (template: Anything) =>
  handsOn(flow).control.edit(bindingOf(template), (now) => ({
    ...now,
    spec: { ...now.spec, suspension: { ...now.spec.suspension, scheduling: true } },
  }));

describe('1. Binding result beats template replicas in Works, also in Duplicated mode', () => {
  it.each(['Duplicated', undefined])('a paused schedule (%s) keeps members at old replicas', async (type) => {
    flow = await startFlow();
    const { control, member1 } = handsOn(flow);
    const replicaScheduling = type && { replicaSchedulingType: type };
    await control.apply(nginx);
    await control.apply(policyFor('pp', [nginx], { placement: { ...onMembers('member1'), replicaScheduling } }));
    await applied(flow, nginx);
    await suspendScheduling(nginx);
    await control.scale(nginx, 5);
    await control.setImage(nginx, 'nginx', 'nginx:1.28');
    await flow.until('the image is there', async () => {
      const live = await member1.get(nginx);
      return live.spec.template.spec.containers[0].image === 'nginx:1.28';
    });
    expect((await member1.get(nginx)).spec.replicas).toBe(2);
    const [work] = await worksOf(flow, nginx);
    expect(work.spec.workload.manifests[0].spec.replicas).toBe(2);
  });
});

describe('2. Claim is sticky', () => {
  it('policies are not re-evaluated; PP beats CPP on first match; deletion keeps binding and members', async () => {
    flow = await startFlow();
    const { control, member1 } = handsOn(flow);
    await control.apply(clusterPolicyFor('high', [nginx], { priority: 100 }));
    await control.apply(policyFor('low', [nginx], { priority: -100 }));
    await control.apply(nginx);
    await applied(flow, nginx);
    expect(claimOf(await control.get(nginx))).toBe('low');
    await control.apply(policyFor('better', [nginx], { priority: 100 }));
    await control.setImage(nginx, 'nginx', 'nginx:1.28');
    await quiet(flow);
    expect(claimOf(await control.get(nginx))).toBe('low');

    const other = named(nginx, 'other');
    const alone = policyFor('alone', [other]);
    await control.apply(other);
    await control.apply(alone);
    const bound = await applied(flow, other);
    await control.delete(alone);
    await quiet(flow);
    const binding = await control.get(bindingOf(other));
    expect([claimOf(await control.get(other)), claimOf(binding)]).toEqual(['', '']);
    expect([binding.metadata.uid, binding.spec.clusters]).toEqual([bound.metadata.uid, bound.spec.clusters]);
    expect(await member1.find(other)).toBeDefined();
  });
});

describe('13. Attached RBs have no placement; strategy fields merge by any-Overwrite / any-true', () => {
  it('as long as somebody needs them', async () => {
    flow = await startFlow();
    const { control, member1, member2 } = handsOn(flow);
    const config: Anything = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { namespace: 'default', name: 'shared' },
    };
    const needing = (name: string): Anything => {
      const { template, ...spec } = nginx.spec;
      const [container] = template.spec.containers;
      const containers = [{ ...container, envFrom: [{ configMapRef: { name: 'shared' } }] }];
      return { ...named(nginx, name), spec: { ...spec, template: { ...template, spec: { containers } } } };
    };
    const deps = { propagateDeps: true };
    await control.apply(config);
    await control.apply(needing('a'));
    await control.apply(policyFor('a', [needing('a')], { ...deps, conflictResolution: 'Overwrite' }));
    await applied(flow, needing('a'));
    await flow.until('it came along', () => member1.find(config));
    const attached = async () => (await control.get(bindingOf(config))).spec;
    expect(await attached()).toMatchObject({ conflictResolution: 'Overwrite' });
    await control.apply(needing('b'));
    const placement = onMembers('member2');
    const cautious = { conflictResolution: 'Abort', preserveResourcesOnDeletion: true, placement };
    await control.apply(policyFor('b', [needing('b')], { ...deps, ...cautious }));
    await flow.until('it came along to the other', () => member2.find(config));
    const both = await attached();
    expect(both).toMatchObject({ conflictResolution: 'Overwrite', preserveResourcesOnDeletion: true });
    expect(both.requiredBy.map(({ name }: Anything) => name).sort()).toEqual(['a-deployment', 'b-deployment']);
    for (const key of ['placement', 'clusters']) expect(both).not.toHaveProperty(key);
    await control.delete(needing('a'));
    await flow.until('only one needs it', async () => (await attached()).conflictResolution === 'Abort');
    expect(await attached()).toMatchObject({ preserveResourcesOnDeletion: true });
  });
});

describe('14. RB webhook updates FRQ status as a side effect', () => {
  const quota: Anything = {
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: 'FederatedResourceQuota',
    metadata: { namespace: 'default', name: 'q' },
    spec: { overall: { cpu: '1' } },
  };

  it('and refuses what is too much, which the binding tells; a deletion gives back', async () => {
    flow = await startFlow({ settings: { gates: { ...featureGates, FederatedQuotaEnforcement: true } } });
    const { control } = handsOn(flow);
    await control.apply(quota);
    const web = requesting('300m', 2);
    await control.apply(web);
    await control.apply(policyFor('pp', [web]));
    await applied(flow, web);
    const statusOf = async () => (await control.get(quota)).status;
    expect(await statusOf()).toEqual({ overall: { cpu: '1' }, overallUsed: { cpu: '600m' } });
    const charges = flow.writes.filter(({ request }) => request.path.resource === 'federatedresourcequotas');
    // What is used was not written by a controller: that only told of the limit, before there was anything.
    expect(charges.filter(({ failed }) => !failed).length).toBe(1);

    const binding = bindingOf(web);
    const more = async (dryRun: boolean, replicas: number) => {
      const live = await control.get(binding);
      const clusters = [{ name: 'member1', replicas }];
      return flow.control
        .resource({
          group: 'work.karmada.io',
          version: 'v1alpha2',
          kind: 'ResourceBinding',
          resource: 'resourcebindings',
          namespaced: true,
        })
        .update({ ...live, spec: { ...live.spec, clusters } } as never, { dryRun });
    };
    await more(true, 3);
    expect((await statusOf()).overallUsed).toEqual({ cpu: '600m' });
    await expect(more(true, 4)).rejects.toMatchObject({
      status: {
        code: 403,
        reason: 'QuotaExceeded',
        message:
          'admission webhook "resourcebinding.karmada.io" denied the request: FederatedResourceQuota(default/q) exceeded for resource cpu: requested sum 1200m, limit 1.',
      },
    });

    await control.scale(web, 5);
    const told = await flow.until('the binding tells that there is no quota', async () => {
      const condition = findCondition((await control.get(binding)).status.conditions, 'Scheduled');
      return condition?.reason === 'QuotaExceeded' && condition;
    });
    expect(told.message).toContain('requested sum 1500m, limit 1.');
    expect((await control.get(binding)).spec.clusters).toEqual([{ name: 'member1', replicas: 2 }]);
    await control.delete(web);
    await flow.until('nothing is used', async () => (await statusOf()).overallUsed?.cpu === undefined);
  });
});

describe('17. Lazy detection = only `.karmada.io` keys changed', () => {
  it('what we or the policy change is not acted on; what a user changes is, and the mark of skipped namespaces', async () => {
    flow = await startFlow();
    const { control, member1, member2 } = handsOn(flow);
    const config: Anything = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'default', name: 'c' } };
    const lazily = clusterPolicyFor('lazy', [nginx, config], { activationPreference: 'Lazy' });
    await control.apply(lazily);
    await control.apply(nginx);
    await control.apply(config);
    await applied(flow, nginx);
    await applied(flow, config);
    await control.patch(lazily, { spec: { placement: onMembers('member2') } });
    await quiet(flow);
    await control.label(nginx, 'example.karmada.io/a', 'b');
    await control.annotate(nginx, 'example.karmada.io/a', 'b');
    await control.say(nginx, { observedGeneration: 1 });
    await control.label(config, 'example.karmada.io/a', 'b');
    await quiet(flow);
    const clustersOf = async (template: Anything) =>
      (await control.get(bindingOf(template))).spec.placement.clusterAffinity.clusterNames;
    expect([await clustersOf(nginx), await clustersOf(config)]).toEqual([['member1'], ['member1']]);
    await control.label(config, 'namespace.karmada.io/skip-auto-propagation', 'true');
    await quiet(flow);
    expect([await clustersOf(nginx), await clustersOf(config)]).toEqual([['member1'], ['member2']]);
    await control.annotate(nginx, 'example.com/a', 'b');
    await flow.until('it has moved', async () => (await member2.find(nginx)) && !(await member1.find(nginx)));
  });
});

describe('20. GC: different ownerReference UID on an existing binding blocks updates until collected', () => {
  it('of an earlier template of that name', async () => {
    flow = await startFlow();
    const { control, member1 } = handsOn(flow);
    await control.apply(nginx);
    await control.apply(policyFor('pp', [nginx]));
    const before = await applied(flow, nginx);
    await quiet(flow);
    await flow.stopComponents('kube-controller-manager');
    await control.delete(nginx);
    await control.apply({ ...nginx, spec: { ...nginx.spec, replicas: 3 } });
    await flow.pass(5_000);
    expect(await control.get(bindingOf(nginx))).toMatchObject({
      metadata: { uid: before.metadata.uid },
      spec: before.spec,
    });
    expect(await eventsOf(flow, 'nginx-deploy')).toContainEqual(
      expect.stringMatching(/Warning ApplyPolicyFailed .*still belongs to an earlier Deployment nginx-deploy/),
    );
    await flow.startComponents();
    await flow.until('the new one is there', async () => (await member1.find(nginx))?.spec.replicas === 3);
    expect((await applied(flow, nginx)).metadata.uid).not.toBe(before.metadata.uid);
  });
});
