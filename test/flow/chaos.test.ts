/** Whatever people and networks do, in the end the members hold what templates and policies say, and nothing else of ours. */
import { afterEach, describe, expect, it } from 'vitest';
import { type Flow, startFlow } from '#harness/flow.ts';
import type { Anything } from '#harness/kubectl.ts';
import { bindingOf, clusterPolicyFor, handsOn, named, nginx, onMembers, policyFor, quiet } from '#harness/samples.ts';
import { rounds } from '#harness/soak.ts';
import { storm } from '#harness/storm.ts';
import { seededRandom } from '#world/random/seeded.ts';

let flow: Flow;
afterEach(() => flow.stop());

const seeds = Array.from({ length: rounds({ test: 6, soak: 200 }) }, (_, i) => i + 1);
const templates = Array.from({ length: 4 }, (_, i) => named(nginx, `app-${i}`));
const placements = [onMembers('member1'), onMembers('member2'), onMembers('member1', 'member2')];
const components = ['karmada-controller-manager', 'karmada-scheduler', 'kube-controller-manager'];

function actions(random: ReturnType<typeof seededRandom>) {
  const { control, member1 } = handsOn(flow);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random.next() * list.length)]!;
  const number = (most: number) => Math.floor(random.next() * most);
  const policy = () => {
    const spec = { placement: pick(placements), priority: number(4), preemption: pick(['Always', 'Never']) };
    const selected = templates.filter(() => random.next() < 0.6);
    const some = selected.length > 0 ? selected : templates;
    return random.next() < 0.3
      ? clusterPolicyFor(`cpp-${number(2)}`, some, spec)
      : policyFor(`pp-${number(3)}`, some, spec);
  };
  const quietly = async (run: () => Promise<unknown>) => {
    // What is not there cannot be edited or deleted: people are told so, and go on.
    await run().catch(() => {});
  };
  const all: readonly (() => Promise<void>)[] = [
    () => quietly(() => control.apply(pick(templates))),
    () => quietly(() => control.apply(policy())),
    () => quietly(() => control.apply(policy())),
    () => quietly(() => control.setImage(pick(templates), 'nginx', `nginx:1.${number(9)}`)),
    () => quietly(() => control.scale(pick(templates), number(6))),
    () => quietly(() => control.label(pick(templates), 'team', pick(['a', 'b', null]))),
    () => quietly(() => control.delete(pick(templates))),
    () => quietly(() => control.delete(policy())),
    () => quietly(() => member1.setImage(pick(templates), 'nginx', 'nginx:drifted')),
    () => quietly(() => member1.delete(pick(templates))),
    async () => {
      await flow.stopComponents(pick(components));
      await flow.pass(number(100));
      await flow.startComponents();
    },
  ];
  return () => pick(all)();
}

const claimOf = ({ metadata: { annotations = {} } }: Anything): string | undefined =>
  annotations['propagationpolicy.karmada.io/name'] ?? annotations['clusterpropagationpolicy.karmada.io/name'];

async function check(): Promise<void> {
  const { control, member1, member2 } = handsOn(flow);
  const works = await control.list('work.karmada.io/v1alpha1', 'Work');
  const expected = new Set<string>();
  for (const template of templates) {
    const live = await control.find(template);
    const binding = await control.find(bindingOf(template));
    if (!live) expect(binding, `binding of ${template.metadata.name}, which is gone`).toBeUndefined();
    if (!live || !binding) continue;
    expect(claimOf(binding)).toBe(claimOf(live));
    for (const { name } of binding.spec.clusters ?? []) {
      expected.add(`karmada-es-${name}/${template.metadata.name}`);
      const held = await { member1, member2 }[name as 'member1']!.get(template);
      expect(held.metadata.labels['karmada.io/managed']).toBe('true');
      // A template that nobody claims is left as it was when it was claimed last.
      if (claimOf(live) === undefined) continue;
      expect(held.metadata.labels.team).toBe(live.metadata.labels?.team);
      expect(held.spec.template).toEqual(live.spec.template);
      expect(held.spec.replicas).toBe(live.spec.replicas);
    }
    const claimed = claimOf(live);
    if (claimed === undefined) continue;
    const holder = (await control.find(policyFor(claimed, []))) ?? (await control.find(clusterPolicyFor(claimed, [])));
    const clusters = (binding.spec.clusters ?? []).map((each: Anything) => each.name);
    expect(clusters).toEqual(holder.spec.placement.clusterAffinity.clusterNames);
  }
  const held = works.map((work) => `${work.metadata.namespace}/${work.spec.workload.manifests[0].metadata.name}`);
  expect(new Set(held)).toEqual(expected);
  for (const [name, member] of Object.entries({ member1, member2 })) {
    for (const object of await member.list('apps/v1', 'Deployment')) {
      const ours = object.metadata.labels?.['karmada.io/managed'] === 'true';
      expect(ours, `${object.metadata.name} in ${name}`).toBe(
        expected.has(`karmada-es-${name}/${object.metadata.name}`),
      );
    }
  }
}

describe('a stormy day', () => {
  it.each(seeds)('ends well (seed %i)', async (seed) => {
    let calm = true;
    flow = await startFlow({ seed, faults: () => (calm ? {} : storm) });
    const random = seededRandom(seed);
    const act = actions(random);
    calm = false;
    for (let i = 0; i < 60; i++) {
      await act();
      if (random.next() < 0.6) await flow.pass(random.next() * 120);
    }
    calm = true;
    await flow.pass(30_000);
    await quiet(flow);
    await check();
  });
});
