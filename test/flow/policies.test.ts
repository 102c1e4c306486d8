/** Several policies over the same templates: who claims, who preempts, what a change of policy does (golden 03). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Flow, startFlow } from '#harness/flow.ts';
import type { Anything } from '#harness/kubectl.ts';
import {
  applied,
  bindingOf,
  clusterPolicyFor,
  handsOn,
  named,
  nginx,
  nginxService,
  onMembers,
  policyFor,
  quiet,
  worksOf,
} from '#harness/samples.ts';

let flow: Flow;
beforeEach(async () => {
  flow = await startFlow();
});
afterEach(() => flow.stop());

const deployments = [{ apiVersion: 'apps/v1', kind: 'Deployment' }];

/** The policy that holds the template and its binding, once both say the same. */
async function holderOf(template: Anything): Promise<string> {
  const { control } = handsOn(flow);
  const name = ({ metadata: { annotations = {} } }: Anything) =>
    annotations['propagationpolicy.karmada.io/name'] ?? annotations['clusterpropagationpolicy.karmada.io/name'] ?? '';
  await quiet(flow);
  const [live, binding] = [await control.get(template), await control.find(bindingOf(template))];
  if (binding) expect(name(binding)).toBe(name(live));
  return name(live);
}

describe('the first match', () => {
  it('is by priority, then by the closer selector, then by name; a PropagationPolicy before any other', async () => {
    const { control } = handsOn(flow);
    await control.apply(clusterPolicyFor('everywhere', [nginx], { priority: 100 }));
    await control.apply(policyFor('z-all', deployments, { priority: 5 }));
    await control.apply(policyFor('b-by-name', [nginx], { priority: 5 }));
    await control.apply(
      policyFor('a-by-label', [{ ...deployments[0]! }], {
        priority: 5,
        resourceSelectors: [{ ...deployments[0]!, labelSelector: { matchLabels: { app: 'x' } } }],
      }),
    );
    await control.apply(policyFor('a-low', [nginx], { priority: 1 }));
    await control.apply({ ...nginx, metadata: { ...nginx.metadata, labels: { app: 'x' } } });
    expect(await holderOf(nginx)).toBe('b-by-name');
    const second = named(nginx, 'second');
    await control.apply({ ...second, metadata: { ...second.metadata, labels: { app: 'x' } } });
    expect(await holderOf(second)).toBe('a-by-label');
    await control.apply(named(nginx, 'third'));
    expect(await holderOf(named(nginx, 'third'))).toBe('z-all');
  });

  it('is sticky: a better policy that does not preempt changes nothing', async () => {
    const { control } = handsOn(flow);
    await control.apply(nginx);
    await control.apply(policyFor('first', [nginx]));
    expect(await holderOf(nginx)).toBe('first');
    await control.apply(policyFor('better', [nginx], { priority: 50 }));
    expect(await holderOf(nginx)).toBe('first');
    await control.label(nginx, 'edited', 'yes');
    expect(await holderOf(nginx)).toBe('first');
  });

  it('is found anew when the holder goes or no longer matches', async () => {
    const { control } = handsOn(flow);
    const other = named(nginx, 'other');
    await control.apply(nginx);
    await control.apply(other);
    const first = policyFor('first', [nginx, other]);
    await control.apply(first);
    expect(await holderOf(nginx)).toBe('first');
    await control.apply(clusterPolicyFor('everywhere', [nginx]));
    await control.apply(policyFor('first', [other]));
    expect(await holderOf(nginx)).toBe('everywhere');
    expect(await holderOf(other)).toBe('first');
    await control.delete(first);
    expect(await holderOf(other)).toBe('');
    expect((await control.get(bindingOf(other))).spec.clusters).toEqual([{ name: 'member1', replicas: 2 }]);
  });
});

describe('preemption', () => {
  it('spreads the application to member2 as golden 03 has it, and says so', async () => {
    const { control, member1, member2 } = handsOn(flow);
    const [deployment, service] = [await member1.apply(nginx), await member1.apply(nginxService)];
    await control.apply(nginx);
    await control.apply(nginxService);
    await control.apply(policyFor('migrate-pp', [...deployments, { apiVersion: 'v1', kind: 'Service' }]));
    await applied(flow, nginx);
    await applied(flow, nginxService);
    await control.apply(
      policyFor('nginx-pp', [nginx, nginxService], {
        priority: 10,
        preemption: 'Always',
        placement: onMembers('member1', 'member2'),
      }),
    );
    await flow.until('both are in member2', async () => (await member2.find(nginx)) && member2.find(nginxService));
    const binding = await applied(flow, nginx);
    expect(binding.spec.clusters).toEqual([
      { name: 'member1', replicas: 2 },
      { name: 'member2', replicas: 2 },
    ]);
    expect(await holderOf(nginx)).toBe('nginx-pp');
    expect((await member1.get(nginx)).spec).toEqual(deployment.spec);
    expect((await member1.get(nginx)).metadata.annotations['propagationpolicy.karmada.io/name']).toBe('nginx-pp');
    expect((await member1.get(nginxService)).spec).toEqual(service.spec);
    await flow.pass(1_000);
    const events = await control.list('v1', 'Event', 'default');
    expect(events.map((event) => event.message)).toContain(
      'Propagation policy(default/nginx-pp) preempted propagation policy(default/migrate-pp) successfully',
    );
  });

  const cases: readonly (readonly [string, Anything, Anything, string])[] = [
    [
      'a PropagationPolicy takes from a higher ClusterPropagationPolicy',
      clusterPolicyFor('holder', [nginx], { priority: 90 }),
      policyFor('rival', [nginx], { preemption: 'Always' }),
      'rival',
    ],
    [
      'a ClusterPropagationPolicy takes from a lower one',
      clusterPolicyFor('holder', [nginx], { priority: 1 }),
      clusterPolicyFor('rival', [nginx], { priority: 2, preemption: 'Always' }),
      'rival',
    ],
    [
      'a ClusterPropagationPolicy does not take from its equal',
      clusterPolicyFor('holder', [nginx], { priority: 2 }),
      clusterPolicyFor('rival', [nginx], { priority: 2, preemption: 'Always' }),
      'holder',
    ],
    [
      'a ClusterPropagationPolicy never takes from a PropagationPolicy',
      policyFor('holder', [nginx]),
      clusterPolicyFor('rival', [nginx], { priority: 99, preemption: 'Always' }),
      'holder',
    ],
    [
      'a PropagationPolicy does not take from its equal',
      policyFor('holder', [nginx], { priority: 3 }),
      policyFor('rival', [nginx], { priority: 3, preemption: 'Always' }),
      'holder',
    ],
    [
      'one that never preempts takes nothing',
      policyFor('holder', [nginx]),
      policyFor('rival', [nginx], { priority: 99 }),
      'holder',
    ],
  ];
  it.each(cases)('%s', async (_what, holder, rival, winner) => {
    const { control } = handsOn(flow);
    await control.apply(nginx);
    await control.apply(holder);
    expect(await holderOf(nginx)).toBe('holder');
    await control.apply(rival);
    expect(await holderOf(nginx)).toBe(winner);
    const live = await control.get(nginx);
    const claims = Object.keys(live.metadata.labels).filter((key) =>
      key.endsWith('propagationpolicy.karmada.io/permanent-id'),
    );
    expect(claims.length).toBe(1);
  });

  it('comes with a lowered priority, the highest of the waiting ones first', async () => {
    const { control } = handsOn(flow);
    await control.apply(nginx);
    const holder = policyFor('holder', [nginx], { priority: 50 });
    await control.apply(holder);
    expect(await holderOf(nginx)).toBe('holder');
    for (const [name, priority] of [
      ['ten', 10],
      ['twenty', 20],
      ['sixty-never', 60],
    ] as const) {
      await control.apply(policyFor(name, [nginx], { priority, preemption: priority === 60 ? 'Never' : 'Always' }));
    }
    expect(await holderOf(nginx)).toBe('holder');
    await control.patch(holder, { spec: { priority: 5 } });
    expect(await holderOf(nginx)).toBe('twenty');
  });

  it('is off with its gate', async () => {
    await flow.stop();
    const { featureGates } = await import('#app/components/settings.ts');
    flow = await startFlow({ settings: { gates: { ...featureGates, PropagationPolicyPreemption: false } } });
    const { control } = handsOn(flow);
    await control.apply(nginx);
    await control.apply(policyFor('holder', [nginx]));
    expect(await holderOf(nginx)).toBe('holder');
    await control.apply(policyFor('rival', [nginx], { priority: 9, preemption: 'Always' }));
    expect(await holderOf(nginx)).toBe('holder');
  });
});

describe('a lazy policy', () => {
  it('acts on what its user makes or changes, not on its own changes, also over a restart', async () => {
    const { control, member1, member2 } = handsOn(flow);
    await control.apply(nginx);
    await quiet(flow);
    const lazy = policyFor('lazy', [nginx, named(nginx, 'later')], { activationPreference: 'Lazy' });
    await control.apply(lazy);
    expect(await holderOf(nginx)).toBe('lazy');
    expect(await control.find(bindingOf(nginx))).toBeUndefined();
    await control.apply(named(nginx, 'later'));
    await applied(flow, named(nginx, 'later'));
    await control.setImage(nginx, 'nginx', 'nginx:1.28');
    await applied(flow, nginx);
    await control.patch(lazy, { spec: { placement: onMembers('member1', 'member2') } });
    await quiet(flow);
    await flow.stopComponents();
    await flow.startComponents();
    await quiet(flow);
    expect(await member1.find(nginx)).toBeDefined();
    expect(await member2.find(nginx)).toBeUndefined();
    await control.label(nginx, 'edited', 'yes');
    await flow.until('it is in member2', () => member2.find(nginx));
  });
});

describe('edits while a step is away', () => {
  it.each(['karmada-controller-manager', 'karmada-scheduler'])(
    'reach the member once %s is back',
    async (component) => {
      const { control, member1 } = handsOn(flow);
      await control.apply(nginx);
      await control.apply(policyFor('pp', [nginx]));
      await applied(flow, nginx);
      await quiet(flow);
      await flow.stopComponents(component);
      await control.setImage(nginx, 'nginx', 'nginx:1.28');
      await control.scale(nginx, 3);
      await flow.pass(5_000);
      await flow.startComponents();
      await quiet(flow);
      const live = await member1.get(nginx);
      expect(live.spec.replicas).toBe(3);
      expect(live.spec.template.spec.containers[0].image).toBe('nginx:1.28');
      expect((await worksOf(flow, nginx)).length).toBe(1);
    },
  );

  it('made in quick succession, the last one counts', async () => {
    const { control, member1 } = handsOn(flow);
    await control.apply(nginx);
    await control.apply(policyFor('pp', [nginx]));
    await applied(flow, nginx);
    for (let i = 0; i < 20; i++) {
      await control.setImage(nginx, 'nginx', `nginx:1.${i}`);
      if (i % 3 === 0) await flow.pass(i);
    }
    await quiet(flow);
    expect((await member1.get(nginx)).spec.template.spec.containers[0].image).toBe('nginx:1.19');
  });
});
