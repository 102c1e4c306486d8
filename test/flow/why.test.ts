/** What `why` says first of everything that can keep a template from its members, and what it has people type. */

import { afterEach, describe, expect, it } from 'vitest';
import { Deployments } from '#apis/kubernetes/types.ts';
import { whyOf } from '#harness/explaining.ts';
import { type Flow, startFlow } from '#harness/flow.ts';
import type { Anything } from '#harness/kubectl.ts';
import { applied, bindingOf, handsOn, nginx, onMembers, policyFor, quiet } from '#harness/samples.ts';
import type { Step } from '#migrate/why/story.ts';

let flow: Flow;
afterEach(() => flow.stop());

async function begin(...objects: readonly Anything[]) {
  flow = await startFlow();
  const hands = handsOn(flow);
  for (const object of objects) await hands.control.apply(object);
  await quiet(flow);
  return hands;
}

const steps = (walk: readonly Step[]): readonly Step[] => walk.flatMap((step) => [step, ...steps(step.below ?? [])]);
const about = () => whyOf(flow, 'deployment', 'nginx-deploy');
const web = 'Deployment default/nginx-deploy';
const patchPolicy = (patch: string) => `flotilla patch propagationpolicy/web -n default --type merge -p '${patch}'`;
/** Types a printed merge patch of the Deployment. */
const typedPatch = (command: string) => {
  const [, patch = ''] =
    /^flotilla patch deployment\/nginx-deploy -n default --type merge -p '(.+)'$/.exec(command) ?? [];
  const key = { namespace: 'default', name: 'nginx-deploy' };
  return flow.control.resource(Deployments).patch(key, 'merge', JSON.parse(patch));
};
const policy = (spec: Anything = {}) => policyFor('web', [nginx], spec);

describe('why', () => {
  it.each<[string, readonly Anything[], string, string]>([
    [
      'no policy',
      [nginx],
      `No policy matches ${web}: it stays in the control plane.`,
      'flotilla get deployment/nginx-deploy -n default -o yaml | flotilla apply -f - -C member1,member2',
    ],
    [
      'a policy whose name differs by a letter',
      [nginx, policyFor('web', [{ ...nginx, metadata: { name: 'nginx-deplou' } }])],
      `No policy matches ${web}: PropagationPolicy default/web comes near, but it selects "nginx-deplou", not "nginx-deploy".`,
      `flotilla patch propagationpolicy/web -n default --type json -p '[{"op":"replace","path":"/spec/resourceSelectors/0/name","value":"nginx-deploy"}]'`,
    ],
    [
      'a policy that waits for an override',
      [nginx, policy({ dependentOverrides: ['later'] })],
      'PropagationPolicy default/web waits for the OverridePolicy later (spec.dependentOverrides), which is not there.',
      patchPolicy('{"spec":{"dependentOverrides":null}}'),
    ],
    [
      'an affinity that no cluster matches',
      [nginx, policy({ placement: onMembers('member9') })],
      `No cluster takes ${web}: 0/2 clusters are available: 2 cluster(s) did not match the placement cluster affinity constraint.`,
      patchPolicy(
        '{"spec":{"placement":{"clusterAffinity":{"clusterNames":["member1","member2"]},"clusterAffinities":null}}}',
      ),
    ],
    [
      'suspension',
      [nginx, policy({ suspension: { dispatching: true } })],
      `Dispatching of ${web} to member1 is suspended by spec.suspension of PropagationPolicy default/web.`,
      patchPolicy('{"spec":{"suspension":null}}'),
    ],
    [
      'an override that cannot be applied',
      [
        {
          apiVersion: 'policy.karmada.io/v1alpha1',
          kind: 'OverridePolicy',
          metadata: { namespace: 'default', name: 'broken' },
          spec: {
            overrideRules: [
              { overriders: { plaintext: [{ path: '/spec/nothing/0', operator: 'replace', value: 1 }] } },
            ],
          },
        },
        nginx,
        policy(),
      ],
      'The overrides for member1 cannot be applied: OverridePolicy default/broken: spec.overrideRules[0].overriders.plaintext[0]: there is nothing to replace at /spec/nothing/0.',
      'flotilla delete overridepolicy/broken -n default',
    ],
  ])('names %s', async (_what, objects, sentence, command) => {
    await begin(...objects);
    const { blocked } = await about();
    expect(blocked?.sentence).toBe(sentence);
    expect(blocked?.mend.command).toBe(command);
  });

  it('names a lazy policy, and what it types has it act', async () => {
    const { control, member1 } = await begin();
    await control.apply(nginx);
    await flow.pass(10_000);
    await control.apply(policy({ activationPreference: 'Lazy' }));
    await quiet(flow);
    const { blocked } = await about();
    expect(blocked?.sentence).toBe(
      `PropagationPolicy default/web is lazy (spec.activationPreference): it waits until somebody changes ${web}.`,
    );
    expect(blocked?.mend.command).toBe(
      'flotilla annotate deployment/nginx-deploy -n default policy-activated=true --overwrite',
    );
    await control.annotate(nginx, 'policy-activated', 'true');
    await applied(flow, nginx);
    await member1.say(nginx, {
      observedGeneration: 1,
      replicas: 2,
      updatedReplicas: 2,
      readyReplicas: 2,
      availableReplicas: 2,
    });
    await flow.until('nothing blocks', async () => (await about()).blocked === undefined);
  });

  it('names an object of the member’s own, and what it types takes it over', async () => {
    const { control, member1 } = await begin();
    await member1.apply(nginx);
    await control.apply(nginx);
    await control.apply(policy({ conflictResolution: 'Abort' }));
    await quiet(flow);
    const { blocked } = await about();
    expect(blocked?.sentence).toBe(
      `member1 has a ${web} of its own, and conflicts are not to be overwritten (conflictResolution: Abort).`,
    );
    expect(blocked?.mend.command).toBe(
      'flotilla annotate deployment/nginx-deploy -n default work.karmada.io/conflict-resolution=overwrite --overwrite',
    );
    await control.annotate(nginx, 'work.karmada.io/conflict-resolution', 'overwrite');
    await applied(flow, nginx);
    const walked = steps((await about()).walk);
    expect(walked.find(({ step }) => step === 'member')?.text).toMatch(/^it is there and managed, \d+ fields stated/);
  });

  it('tells of the template when asked about its binding or Work, and of a Pod that is not ready', async () => {
    const { control, member1 } = await begin(nginx, policy());
    await applied(flow, nginx);
    await member1.say(nginx, { observedGeneration: 1, replicas: 2, updatedReplicas: 2, availableReplicas: 0 });
    const { selector, template } = nginx.spec;
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'default', name: 'nginx-1' } };
    await member1.create({ ...pod, metadata: { ...pod.metadata, labels: selector.matchLabels }, spec: template.spec });
    await member1.say(pod, {
      phase: 'Pending',
      conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'no room.' }],
    });
    await flow.until('it is unhealthy', async () => {
      const { status } = await control.get(bindingOf(nginx));
      return status?.aggregatedStatus?.[0]?.health === 'Unhealthy';
    });
    const sentence = `${web} is in member1, and is not healthy there: Pod nginx-1: Unschedulable: no room.`;
    const { name } = bindingOf(nginx).metadata;
    for (const [type, own] of [
      ['deployment', 'nginx-deploy'],
      ['rb', name],
    ]) {
      const told = await whyOf(flow, type, own);
      expect([told.object.kind, told.blocked?.sentence]).toEqual(['Deployment', sentence]);
      expect(told.blocked?.mend.command).toBe(
        'flotilla describe pod/nginx-1 -n default --operation-scope members -C member1',
      );
    }
    const [work] = (await control.list('work.karmada.io/v1alpha1', 'Work', 'karmada-es-member1')).filter(
      ({ metadata }: Anything) => metadata.name.startsWith('nginx'),
    );
    expect((await whyOf(flow, 'work', work!.metadata.name, 'karmada-es-member1')).madeBy).toEqual([web]);
  });

  it('names the finalizers that a deleted template waits for, and what it types ends it', async () => {
    const kept = { ...nginx, metadata: { ...nginx.metadata, finalizers: ['example.io/keeper'] } };
    const { control } = await begin(kept);
    await control.delete(nginx);
    const { blocked } = await about();
    expect(blocked?.sentence).toBe(
      `${web} is being deleted, and waits for whoever set its finalizers: example.io/keeper.`,
    );
    expect(blocked?.mend.command).toBe(
      `flotilla patch deployment/nginx-deploy -n default --type merge -p '{"metadata":{"finalizers":null}}'`,
    );
    await typedPatch(blocked!.mend.command);
    await flow.until('it is gone', async () => (await control.find(nginx)) === undefined);
  });

  it('names a quota that a member refuses by, and what it says to look at is there', async () => {
    const { control, member1 } = await begin();
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'default', name: 'alone' } };
    const quota = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { namespace: 'default', name: 'small' } };
    await member1.apply({ ...quota, spec: { hard: { pods: '0' } } });
    await member1.say(quota, { hard: { pods: '0' }, used: { pods: '0' } });
    await control.apply({ ...pod, spec: nginx.spec.template.spec });
    await control.apply(policyFor('web', [pod]));
    await quiet(flow);
    const { blocked } = await whyOf(flow, 'pod', 'alone');
    expect(blocked?.sentence).toMatch(/^member1 does not take Pod default\/alone: .*exceeded quota: small/);
    expect(blocked?.mend.command).toBe(
      'flotilla describe resourcequota/small -n default --operation-scope members -C member1',
    );
    expect((await member1.get(quota)).spec.hard).toEqual({ pods: '0' });
    await member1.edit(quota, (live) => ({ ...live, spec: { hard: { pods: '5' } } }));
    await member1.say(quota, { hard: { pods: '5' }, used: { pods: '0' } });
    await flow.until('it is there', () => member1.find(pod));
  });

  it('names a cluster that is gone, health that fails, and who made a Pod', async () => {
    const { control, member1 } = await begin(nginx, policy());
    await applied(flow, nginx);
    await member1.say(nginx, { observedGeneration: 1, replicas: 2, updatedReplicas: 2, availableReplicas: 0 });
    await flow.until('it is unhealthy', async () => {
      const binding = await control.get(bindingOf(nginx));
      return binding.status?.aggregatedStatus?.[0]?.health === 'Unhealthy';
    });
    expect((await about()).blocked).toEqual({
      sentence: `${web} is in member1, and is not healthy there.`,
      mend: {
        does: 'look at it there',
        command: 'flotilla describe deployment/nginx-deploy -n default --operation-scope members -C member1',
      },
    });
    const { uid } = (await member1.get(nginx)).metadata;
    const made = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'nginx-deploy', uid, controller: true };
    const { template, selector } = nginx.spec;
    await member1.create({
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { namespace: 'default', name: 'nginx-1', ownerReferences: [made] },
      spec: { template, selector },
    });
    const set = await whyOf(flow, 'rs', 'nginx-1');
    expect([set.madeBy, set.object.kind, set.object.name]).toEqual([[web], 'Deployment', 'nginx-deploy']);
    await control.delete({ apiVersion: 'cluster.karmada.io/v1alpha1', kind: 'Cluster', metadata: { name: 'member2' } });
    await member1.apply({ ...nginx, metadata: { namespace: 'default', name: 'alone' } });
    const alone = await whyOf(flow, 'deployment', 'alone');
    expect(alone.blocked?.sentence).toBe(
      'Deployment default/alone is not managed: it is in member1, and the control plane has no template of it.',
    );
    expect(alone.blocked?.mend.command).toBe(
      'flotilla migrate plan --from member1 -n default --kinds deployment --out plans/alone',
    );
    expect((await whyOf(flow, 'namespace', 'default')).blocked?.sentence).toBe(
      "Namespace default is never propagated: it is the control plane's own.",
    );
    const accounts = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { namespace: 'default', name: 'kube-root-ca.crt' },
    };
    await member1.apply(accounts);
    expect((await whyOf(flow, 'configmap', 'kube-root-ca.crt')).blocked?.sentence).toBe(
      "ConfigMap default/kube-root-ca.crt is not managed, nor is it ever taken over: the cluster's own.",
    );
    await member1.label({ ...nginx, metadata: { namespace: 'default', name: 'alone' } }, 'karmada.io/managed', 'true');
    expect((await whyOf(flow, 'deployment', 'alone')).blocked?.mend.command).toBe(
      'flotilla label deployment/alone -n default karmada.io/managed- --context member1',
    );
    await expect(whyOf(flow, 'deployment', 'nobody')).rejects.toThrow('deployments.apps "nobody" not found');
    const cluster = { apiVersion: 'cluster.karmada.io/v1alpha1', kind: 'Cluster', metadata: { name: 'member1' } };
    await flow.stopComponents();
    await control.say(cluster, {
      conditions: [
        {
          type: 'Ready',
          status: 'False',
          reason: 'ClusterNotReachable',
          message: 'cluster is not reachable',
          lastTransitionTime: '2026-01-01T00:00:00Z',
        },
      ],
    });
    const { blocked } = await about();
    expect(blocked?.sentence).toBe(
      `member1 cannot be reached, so that ${web} is not written there: cluster is not reachable.`,
    );
    expect(blocked?.mend.command).toBe('flotilla describe cluster/member1');
  });
});
