/** What `why` says of policies, Clusters, Works that cannot go, and objects of one member. */
import { afterEach, describe, expect, it } from 'vitest';
import { whyOf } from '#harness/explaining.ts';
import { type Flow, startFlow } from '#harness/flow.ts';
import type { Anything } from '#harness/kubectl.ts';
import { applied, handsOn, nginx, policyFor, quiet } from '#harness/samples.ts';
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
const policy = (spec: Anything = {}) => policyFor('web', [nginx], spec);

describe('why, of what is no template', () => {
  it('tells of a policy what it has, what it lost and to whom, and what comes near', async () => {
    const other = { ...nginx, metadata: { namespace: 'default', name: 'other' } };
    const typo = { apiVersion: 'apps/v1', kind: 'Deploymnt', metadata: { name: 'nginx-deploy' } };
    const { control } = await begin(
      nginx,
      other,
      policy(),
      policyFor('broad', [{ apiVersion: 'apps/v1', kind: 'Deployment' }], { priority: -1 }),
      policyFor('late', [nginx], { priority: -2 }),
      policyFor('near', [{ ...nginx, metadata: { name: 'othr' } }]),
      policyFor('typo', [typo]),
      { ...policy(), metadata: { namespace: 'kube-public', name: 'reserved' } },
    );
    const told = (name: string, namespace?: string) => whyOf(flow, 'propagationpolicy', name, namespace);
    const broad = await told('broad');
    expect([broad.blocked, steps(broad.walk).map(({ text }) => text)]).toEqual([
      undefined,
      [
        'PropagationPolicy default/broad has 1 of 2 that match',
        'Deployment default/other: it has it',
        `${web} follows PropagationPolicy default/web: its priority -1 is lower than 0`,
      ],
    ]);
    const late = (await told('late')).blocked;
    expect(late?.sentence).toBe(
      `PropagationPolicy default/late matches 1 template and has none: ${web} follows PropagationPolicy default/web: its priority -2 is lower than 0.`,
    );
    expect((await told('near')).blocked).toEqual({
      sentence:
        'PropagationPolicy default/near matches no template: Deployment default/other comes near, but it selects "othr", not "other".',
      mend: {
        does: 'correct its selector',
        command: `flotilla patch propagationpolicy/near -n default --type json -p '[{"op":"replace","path":"/spec/resourceSelectors/0/name","value":"other"}]'`,
      },
    });
    expect((await told('typo')).blocked?.sentence).toBe(
      'PropagationPolicy default/typo matches no template: it selects kind Deploymnt of apps/v1, which the control plane does not serve; it serves Deployment.',
    );
    expect((await told('reserved', 'kube-public')).blocked?.sentence).toBe(
      'PropagationPolicy kube-public/reserved takes nothing: nothing is propagated out of namespace kube-public, by any policy.',
    );
    const [, patch = ''] = / -p '(.+)'$/.exec(late!.mend.command) ?? [];
    await control.patch(policyFor('late', []), JSON.parse(patch));
    await flow.until('it has it', async () => (await told('late')).blocked === undefined);
  });

  it('goes from an object of a member to its Work and template, or says that it is not managed', async () => {
    const { member1 } = await begin(nginx, policy());
    await applied(flow, nginx);
    const there = await whyOf(flow, 'deployment', 'nginx-deploy', 'default', 'member1');
    expect(there.walk[0]?.text).toMatch(
      /^Deployment default\/nginx-deploy in member1 is managed: Work karmada-es-member1\/nginx-deploy-\w+ holds it/,
    );
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'default', name: 'alone' } };
    await member1.create({ ...pod, spec: nginx.spec.template.spec });
    const { blocked, walk } = await whyOf(flow, 'pod', 'alone', 'default', 'member1');
    expect(blocked?.sentence).toBe(
      'Pod default/alone is not managed: it is in member1, and the control plane has no template of it.',
    );
    expect(steps(walk).at(-1)?.text).toBe('or take it alone: flotilla promote pod alone -n default -C member1');
    await expect(whyOf(flow, 'deployment', 'nginx-deploy', 'default', 'member2')).rejects.toThrow('not found');
  });

  it('tells of a Cluster since when it is not ready, its taints and what it refuses, and of a Work that cannot go', async () => {
    const { control } = await begin(nginx, policy());
    const work = await applied(flow, nginx).then(async () =>
      (await control.list('work.karmada.io/v1alpha1', 'Work', 'karmada-es-member1')).find(({ metadata }) =>
        metadata.name.startsWith('nginx'),
      ),
    );
    const cluster = { apiVersion: 'cluster.karmada.io/v1alpha1', kind: 'Cluster', metadata: { name: 'member1' } };
    expect((await whyOf(flow, 'cluster', 'member1')).blocked).toBeUndefined();
    await control.patch(cluster, { spec: { taints: [{ key: 'repair', value: 'disk', effect: 'NoSchedule' }] } });
    const tainted = (await whyOf(flow, 'cluster', 'member1')).blocked;
    expect(tainted?.sentence).toMatch(
      /^member1 has the taint repair=disk:NoSchedule.*: nothing new without toleration\.$/,
    );
    expect(tainted?.mend.command).toBe('flotilla taint clusters member1 repair:NoSchedule-');
    await flow.stopComponents();
    await control.say(
      { ...work, apiVersion: 'work.karmada.io/v1alpha1', kind: 'Work' },
      {
        conditions: [
          {
            type: 'Applied',
            status: 'False',
            reason: 'AppliedFailed',
            message: 'no',
            lastTransitionTime: '2026-01-01T00:00:00Z',
          },
        ],
      },
    );
    expect((await whyOf(flow, 'cluster', 'member1')).blocked).toEqual({
      sentence: `member1 does not take ${web}: no.`,
      mend: { does: 'see what mends it', command: 'flotilla why deployment/nginx-deploy -n default' },
    });
    await control.delete({ ...work, apiVersion: 'work.karmada.io/v1alpha1', kind: 'Work' });
    const stuck = (await about()).blocked;
    expect(stuck?.sentence).toMatch(
      /^Work karmada-es-member1\/nginx-deploy-\w+ is being deleted since \S+: Deployment default\/nginx-deploy has not gone from member1 yet\.$/,
    );
    expect((await whyOf(flow, 'cluster', 'member1')).blocked?.sentence).toContain('member1 has not let go of');
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
    expect((await whyOf(flow, 'cluster', 'member1')).blocked?.sentence).toBe(
      'member1 is not ready since 2026-01-01T00:00:00Z: cluster is not reachable.',
    );
  });
});
