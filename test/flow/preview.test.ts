/** What a preview of policies says, and that it is what happens once they are applied. */
import { afterEach, describe, expect, it } from 'vitest';
import { previewOf, previewOn } from '#harness/explaining.ts';
import { type Flow, startFlow } from '#harness/flow.ts';
import type { Anything } from '#harness/kubectl.ts';
import { applied, bindingOf, handsOn, nginx, onMembers, policyFor, quiet, worksOf } from '#harness/samples.ts';
import { interpreterOf } from '#interpreter/interpreter.ts';
import { harmed } from '#migrate/preview/model.ts';

let flow: Flow;
afterEach(() => flow.stop());

async function begin(...objects: readonly Anything[]) {
  flow = await startFlow();
  const hands = handsOn(flow);
  for (const object of objects) await hands.control.apply(object);
  await quiet(flow);
  return hands;
}

const policy = (spec: Anything = {}) => policyFor('web', [nginx], spec);
const both = onMembers('member1', 'member2');
const divided = { replicaSchedulingType: 'Divided', replicaDivisionPreference: 'Weighted' };
const override = (overriders: Anything) => ({
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind: 'OverridePolicy',
  metadata: { namespace: 'default', name: 'web' },
  spec: { overrideRules: [{ targetCluster: { clusterNames: ['member1'] }, overriders }] },
});
const owned = 'PropagationPolicy default/web';
const has = { owner: { before: owned, after: owned, is: 'kept' } };
const template = { object: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'nginx-deploy' } };

describe('a preview', () => {
  it.each<[string, readonly Anything[], Anything, Anything, boolean]>([
    [
      'a new policy',
      [nginx],
      policy({ placement: both }),
      {
        owner: { after: owned, is: 'claimed' },
        clusters: [
          { cluster: 'member1', is: 'comes', replicas: { after: 2 } },
          { cluster: 'member2', is: 'comes', replicas: { after: 2 } },
        ],
      },
      false,
    ],
    [
      'another cluster',
      [nginx, policy()],
      policy({ placement: onMembers('member2') }),
      {
        ...has,
        clusters: [
          { cluster: 'member1', is: 'leaves', replicas: { before: 2 }, stops: true },
          { cluster: 'member2', is: 'comes', replicas: { after: 2 } },
        ],
      },
      true,
    ],
    [
      'replicas divided',
      [nginx, policy({ placement: both })],
      policy({ placement: { ...both, replicaScheduling: divided } }),
      {
        ...has,
        clusters: ['member1', 'member2'].map((cluster) => ({
          cluster,
          is: 'changes',
          replicas: { before: 2, after: 1 },
          fields: ['.spec.replicas'],
          stops: true,
        })),
      },
      true,
    ],
    [
      'a placement that no cluster serves',
      [nginx, policy()],
      policy({ placement: onMembers('member9') }),
      {
        ...has,
        loses: true,
        failure: '0/2 clusters are available: 2 cluster(s) did not match the placement cluster affinity constraint.',
        clusters: [{ cluster: 'member1', is: 'leaves', replicas: { before: 2 }, stops: true }],
      },
      true,
    ],
    [
      'a selector that matches no more',
      [nginx, policy()],
      policyFor('web', [{ ...nginx, metadata: { name: 'other' } }]),
      {
        owner: { before: owned, is: 'released' },
        notes: ['it stays where it is, and follows no policy any more'],
        clusters: [],
      },
      true,
    ],
    [
      'a stronger policy',
      [nginx, policy()],
      policyFor('strong', [nginx], { priority: 7, preemption: 'Always' }),
      { owner: { before: owned, after: 'PropagationPolicy default/strong', is: 'preempted' }, clusters: [] },
      false,
    ],
    [
      'an override of the image',
      [nginx, policy()],
      override({ imageOverrider: [{ component: 'Tag', operator: 'replace', value: '1.27' }] }),
      {
        ...has,
        clusters: [
          {
            cluster: 'member1',
            is: 'changes',
            replicas: { before: 2, after: 2 },
            fields: ['.spec.template.spec.containers[name="nginx"].image'],
            restarts: ['.spec.template.spec.containers[name="nginx"].image'],
          },
        ],
      },
      true,
    ],
    [
      'an override of a label',
      [nginx, policy()],
      override({ labelsOverrider: [{ operator: 'add', value: { zone: 'a' } }] }),
      {
        ...has,
        clusters: [
          { cluster: 'member1', is: 'changes', replicas: { before: 2, after: 2 }, fields: ['.metadata.labels.zone'] },
        ],
      },
      false,
    ],
  ])('of %s is what happens then', async (_what, objects, asked, expected, harms) => {
    const { control } = await begin(...objects);
    const preview = await previewOn(flow, asked);
    expect(preview.templates).toEqual([{ ...template, ...expected }]);
    expect(harmed(preview).length > 0).toBe(harms);
    expect(await control.find(asked).then((found) => found?.spec)).not.toEqual(asked.spec);
    await control.apply(asked);
    await quiet(flow);
    const { spec } = await control.get(bindingOf(nginx));
    const replicas = Object.fromEntries((spec.clusters ?? []).map((each: Anything) => [each.name, each.replicas]));
    for (const { cluster, is, replicas: told } of expected.clusters) {
      expect([cluster, replicas[cluster]]).toEqual([cluster, is === 'leaves' ? undefined : told.after]);
    }
    const works = await worksOf(flow, nginx);
    expect(new Set(works.map(({ metadata }) => metadata.namespace))).toEqual(
      new Set(Object.keys(replicas).map((name) => `karmada-es-${name}`)),
    );
    const again = await previewOn(flow, asked);
    expect([again.policies.map(({ is }) => is), again.templates.filter(({ clusters }) => clusters.length > 0)]).toEqual(
      [['unchanged'], []],
    );
  });

  it('tells what admission refuses, what a member has of its own, and what a lazy policy leaves', async () => {
    const { member2 } = await begin(nginx, policy());
    await applied(flow, nginx);
    await member2.apply(nginx);
    const broken = policy({
      placement: { spreadConstraints: [{ spreadByField: 'cluster', minGroups: 3, maxGroups: 1 }] },
    });
    const refused = await previewOn(flow, broken);
    expect(refused.templates).toEqual([]);
    expect(refused.policies).toMatchObject([{ policy: owned, is: 'refused' }]);
    expect(refused.policies[0]!.refused).toContain('maxGroups');
    const abort = await previewOn(flow, policy({ placement: both, conflictResolution: 'Abort' }));
    expect(abort.templates[0]?.clusters.at(-1)).toMatchObject({
      cluster: 'member2',
      conflict: 'member2 has one of its own, and conflictResolution is Abort',
    });
    const overwrite = await previewOn(flow, policy({ placement: both }));
    expect(overwrite.templates[0]?.clusters.at(-1)?.notes).toEqual(['there is one already, which is taken over']);
    await member2.setImage(nginx, 'nginx', 'nginx:1.0');
    const image = '.spec.template.spec.containers[name="nginx"].image';
    const restarting = await previewOn(flow, policy({ placement: both }));
    expect(restarting.templates[0]?.clusters.at(-1)).toMatchObject({ fields: [image], restarts: [image] });
    expect(harmed(restarting)).toHaveLength(1);
    const fails = () => Promise.reject(new Error('attempt to index a nil value'));
    const untold = await previewOn(flow, policy({ placement: both }), interpreterOf([() => ({ getReplicas: fails })]));
    expect(untold.templates).toMatchObject([
      { ...has, failure: 'its replicas cannot be told: attempt to index a nil value', clusters: [] },
    ]);
    const lazy = await previewOn(flow, policy({ placement: both, activationPreference: 'Lazy' }));
    expect(lazy.templates).toMatchObject([
      { notes: ['the policy is lazy: nothing more happens until the template changes'], clusters: [] },
    ]);
  });

  it('is of policies that are deleted, and of several together', async () => {
    const image = '.spec.template.spec.containers[name="nginx"].image';
    const tag = override({ imageOverrider: [{ component: 'Tag', operator: 'replace', value: '1.27' }] });
    const { control } = await begin(nginx, policy(), tag);
    await applied(flow, nginx);
    const without = await previewOf(flow, { deleted: [tag] });
    expect(without.policies).toEqual([{ policy: 'OverridePolicy default/web', is: 'deleted' }]);
    expect(without.templates[0]?.clusters).toMatchObject([{ cluster: 'member1', fields: [image], restarts: [image] }]);
    expect(harmed(without)).toHaveLength(1);
    const free = await previewOf(flow, { deleted: [policy(), tag] });
    // Nobody's any more: it stays as it is, overridden or not.
    expect(free.templates).toMatchObject([{ owner: { before: owned, is: 'released' }, clusters: [] }]);
    const next = policyFor('next', [nginx], { placement: both });
    const handed = await previewOf(flow, { asked: [next], deleted: [policy()] });
    expect(handed.templates).toMatchObject([
      {
        owner: { before: owned, after: 'PropagationPolicy default/next', is: 'claimed' },
        clusters: [{ cluster: 'member2', is: 'comes' }],
      },
    ]);
    await control.delete(tag);
    await quiet(flow);
    expect((await handsOn(flow).member1.get(nginx)).spec.template.spec.containers[0].image).toBe('nginx:latest');
  });

  it('asks the members: what others have set there is no change of a policy', async () => {
    const { control, member1 } = await begin();
    await member1.apply(nginx);
    await member1.scale(nginx, 5);
    await control.apply(nginx);
    await control.apply(policy());
    await applied(flow, nginx);
    expect((await member1.get(nginx)).spec.replicas).toBe(5);
    const zone = await previewOn(flow, override({ labelsOverrider: [{ operator: 'add', value: { zone: 'a' } }] }));
    expect(zone.templates[0]?.clusters).toMatchObject([{ fields: ['.metadata.labels.zone'] }]);
    expect(harmed(zone)).toEqual([]);
    const fewer = await previewOn(flow, policy({ placement: { ...both, replicaScheduling: divided } }));
    expect(fewer.templates[0]?.clusters[0]).toMatchObject({
      cluster: 'member1',
      fields: ['.spec.replicas'],
      stops: true,
    });
    // An autoscaler takes them over: from then on they are its own.
    await member1.scale(nginx, 6, 'kube-controller-manager');
    await quiet(flow);
    const scaled = await previewOn(flow, policy({ placement: { ...both, replicaScheduling: divided } }));
    expect(scaled.templates[0]?.clusters[0]).toMatchObject({
      cluster: 'member1',
      notes: ['stays as it is there: .spec.replicas'],
    });
    expect(harmed(scaled)).toEqual([]);
  });

  it('tells what comes along, and what would not be there', async () => {
    const [container] = nginx.spec.template.spec.containers;
    const envFrom = ['here', 'there', 'nowhere'].map((name) => ({ configMapRef: { name } }));
    const spec = { ...nginx.spec.template.spec, containers: [{ ...container, envFrom }] };
    const reading = { ...nginx, spec: { ...nginx.spec, template: { ...nginx.spec.template, spec } } };
    const config = (name: string) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { namespace: 'default', name },
    });
    const { member2 } = await begin(reading, policy(), config('here'), policyFor('here', [config('here')]));
    await member2.apply(config('there'));
    const alone = await previewOn(flow, policy({ placement: both }));
    expect(alone.templates[0]?.notes).toEqual([
      'needs ConfigMap default/here, ConfigMap default/nowhere, which member2 would not have; propagateDeps brings it along',
    ]);
    const here = policyFor('here', [config('here')], { placement: both });
    const together = await previewOf(flow, { asked: [policy({ placement: both }), here] });
    expect(together.templates.map(({ object, notes = [] }) => [object.name, ...notes])).toEqual([
      ['nginx-deploy', 'needs ConfigMap default/nowhere, which member2 would not have; propagateDeps brings it along'],
      ['here'],
    ]);
    const along = await previewOn(flow, policy({ placement: both, propagateDeps: true }));
    expect(along.templates[0]?.notes).toEqual([
      'comes with what it needs: ConfigMap default/here',
      'needs ConfigMap default/nowhere, ConfigMap default/there, which the control plane does not have',
    ]);
  });

  it('tells what a member would refuse to make', async () => {
    const config = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { namespace: 'default', name: 'big' },
      data: { a: 'b' },
    };
    const { member2 } = await begin(config, policyFor('big', [config]));
    const quota = { hard: { 'count/configmaps': '0' } };
    await member2.apply({
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { namespace: 'default', name: 'q' },
      spec: quota,
    });
    await member2.say(
      { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { namespace: 'default', name: 'q' } },
      { ...quota, used: { 'count/configmaps': '0' } },
    );
    const asked = await previewOn(flow, policyFor('big', [config], { placement: both }));
    expect(asked.templates[0]?.clusters).toMatchObject([
      {
        cluster: 'member2',
        is: 'comes',
        conflict: expect.stringMatching(/^member2 would refuse it: .*exceeded quota/),
      },
    ]);
  });
});
