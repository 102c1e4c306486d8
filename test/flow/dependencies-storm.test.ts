/** Whatever comes and goes, under faults and restarts: in the end each dependency is where it is needed, and nowhere else. */
import { afterEach, describe, expect, it } from 'vitest';
import { type Flow, startFlow } from '#harness/flow.ts';
import type { Anything } from '#harness/kubectl.ts';
import { bindingOf, handsOn, named, nginx, onMembers, policyFor, quiet, worksOf } from '#harness/samples.ts';
import { rounds } from '#harness/soak.ts';
import { storm } from '#harness/storm.ts';
import { seededRandom } from '#world/random/seeded.ts';

let flow: Flow;
afterEach(() => flow.stop());

const seeds = Array.from({ length: rounds({ test: 2, soak: 100 }) }, (_, i) => i + 1);
const meta = (name: string) => ({ namespace: 'default', name });
const settings = ['x', 'y', 'z'].map((name) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: meta(name),
  data: {},
}));
const services = ['front', 'back'].map((app) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: meta(app),
  spec: { selector: { app }, ports: [{ port: 80 }] },
}));
const names = ['a', 'b', 'c'];
const placements = [onMembers('member1'), onMembers('member2'), onMembers('member1', 'member2')];
const closureMark = 'policy.flotilla.io/propagate-closure';

function workload(name: string, needs: readonly string[], app: string): Anything {
  const containers = [{ name: 'c', image: 'i', envFrom: needs.map((each) => ({ configMapRef: { name: each } })) }];
  const template = { metadata: { labels: { set: name, app } }, spec: { containers } };
  return { ...named(nginx, name), spec: { replicas: 1, selector: { matchLabels: { set: name } }, template } };
}

function actions(random: ReturnType<typeof seededRandom>) {
  const { control, member1 } = handsOn(flow);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random.next() * list.length)]!;
  const some = (list: readonly string[]) => list.filter(() => random.next() < 0.5);
  const policy = (name = pick(names)): Anything => {
    const made = policyFor(`of-${name}`, [workload(name, [], 'front')], {
      placement: pick(placements),
      propagateDeps: random.next() < 0.8,
      conflictResolution: pick(['Abort', 'Overwrite']),
    });
    const annotations = random.next() < 0.5 ? { [closureMark]: 'true' } : {};
    return { ...made, metadata: { ...made.metadata, annotations } };
  };
  // What is not there cannot be deleted: people are told so, and go on.
  const quietly = (run: () => Promise<unknown>) => async () => void (await run().catch(() => {}));
  const needed = settings.map(({ metadata }) => metadata.name);
  const template = (name = pick(names)) => workload(name, some(needed), pick(services).metadata.name);
  const all = [
    quietly(() => control.apply(template())),
    quietly(() => control.apply(template())),
    quietly(() => control.apply(policy())),
    quietly(() => control.apply(policy())),
    quietly(() => control.delete(template())),
    quietly(() => control.apply(template())),
    quietly(() => control.apply({ ...pick(settings), data: { at: String(random.next()) } })),
    quietly(() => control.apply({ ...pick(settings), data: { at: String(random.next()) } })),
    quietly(() => control.delete(pick(settings))),
    quietly(() => control.apply(pick(services))),
    quietly(() => control.delete(pick(services))),
    quietly(() => control.delete(bindingOf(pick([...settings, ...services])))),
    quietly(() => member1.delete(pick(settings))),
    async () => {
      flow.killComponent('karmada-controller-manager');
      await flow.pass(random.next() * 100);
      await flow.startComponents();
    },
  ];
  const begin = async () => {
    for (const object of [...settings, ...services]) await control.apply(object);
    for (const name of names) {
      await control.apply(template(name));
      await control.apply(policy(name));
    }
  };
  return { begin, act: () => pick(all)() };
}

/** Does the workload, as it stands, need the object? */
const needs = ({ spec }: Anything, binding: Anything, { kind, metadata }: Anything): boolean =>
  kind === 'ConfigMap'
    ? (spec.template.spec.containers[0].envFrom ?? []).some(
        (each: Anything) => each.configMapRef.name === metadata.name,
      )
    : binding.metadata.annotations?.[closureMark] === 'true' && spec.template.metadata.labels.app === metadata.name;

async function check(): Promise<void> {
  const { control, member1, member2 } = handsOn(flow);
  const living: [Anything, Anything][] = [];
  for (const name of names) {
    const [live, binding] = [
      await control.find(workload(name, [], '')),
      await control.find(bindingOf(workload(name, [], ''))),
    ];
    if (!live) expect(binding, name).toBeUndefined();
    if (live && binding) living.push([live, binding]);
  }
  const referrers = living.filter(([, binding]) => binding.spec.propagateDeps === true);
  for (const [live, binding] of living) {
    const held = binding.metadata.finalizers.includes('karmada.io/binding-dependencies-distributor');
    expect(held, live.metadata.name).toBe(referrers.some(([, each]) => each === binding));
  }
  for (const object of [...settings, ...services]) {
    const about = `${object.kind} ${object.metadata.name}`;
    const live = await control.find(object);
    const binding = await control.find(bindingOf(object));
    const needing = live ? referrers.filter(([template, each]) => needs(template, each, object)) : [];
    const required = (binding?.spec.requiredBy ?? []).map((each: Anything) => each.name);
    expect(required, about).toEqual(needing.map(([, each]) => each.metadata.name));
    const clusters = new Set(
      needing.flatMap(([, each]) => (each.spec.clusters ?? []).map(({ name }: Anything) => name)),
    );
    const works = (await worksOf(flow, object)).map(({ metadata }) => metadata.namespace.replace('karmada-es-', ''));
    expect(new Set(works), about).toEqual(clusters);
    for (const [name, member] of Object.entries({ member1, member2 })) {
      const found = await member.find(object);
      expect(found !== undefined, `${about} in ${name}`).toBe(clusters.has(name));
      if (found) expect(found.data, about).toEqual(live.data);
    }
  }
}

describe('a stormy day', () => {
  it.each(seeds)('ends well for dependencies (seed %i)', async (seed) => {
    let calm = true;
    flow = await startFlow({ seed, faults: () => (calm ? {} : storm) });
    const random = seededRandom(seed);
    const { begin, act } = actions(random);
    await begin();
    calm = false;
    for (let i = 0; i < 80; i++) {
      await act();
      if (random.next() < 0.6) await flow.pass(random.next() * 120);
    }
    calm = true;
    await flow.pass(60_000);
    await quiet(flow);
    await check();
  });
});
