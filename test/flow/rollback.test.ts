/** Rollback has no race: whatever goes wrong between the flag and the end, no workload is lost (architecture, section 5). */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it } from 'vitest';
import { type Flow, startFlow } from '#harness/flow.ts';
import type { Anything } from '#harness/kubectl.ts';
import type { Write } from '#harness/planes.ts';
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
  worksOf,
} from '#harness/samples.ts';
import { rounds } from '#harness/soak.ts';
import { storm } from '#harness/storm.ts';
import { seededRandom } from '#world/random/seeded.ts';

let flow: Flow;
afterEach(() => flow.stop());

const configMap = (i: number): Anything => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { namespace: 'default', name: `config-${i}` },
  data: { value: String(i) },
});
const configMaps = [{ apiVersion: 'v1', kind: 'ConfigMap' }];
const flag = { spec: { preserveResourcesOnDeletion: true } };

/** Workloads run in member1, are taken over by `policy`, and all is settled. */
async function migrated(objects: readonly Anything[], policy: Anything) {
  const hands = handsOn(flow);
  for (const object of objects) {
    await hands.member1.apply(object);
    await hands.control.apply(object);
  }
  await hands.control.apply(policy);
  for (const object of objects) await applied(flow, object);
  return hands;
}

/** Everything of the templates is gone from the control plane, and every workload is there and clean of marks. */
async function allKept(objects: readonly Anything[], uids: ReadonlyMap<string, string>): Promise<void> {
  const { control, member1 } = handsOn(flow);
  await flow.until('the bindings are gone', async () => {
    const left = await control.list('work.karmada.io/v1alpha2', 'ResourceBinding');
    return left.length === 0;
  });
  await quiet(flow);
  for (const object of objects) {
    const live = await member1.find(object);
    expect(live?.metadata.uid, `${object.metadata.name} is lost`).toBe(uids.get(object.metadata.name));
    expect(live.metadata.labels ?? {}).not.toHaveProperty('karmada.io/managed');
  }
  expect(await control.list('work.karmada.io/v1alpha1', 'Work')).toEqual([]);
}

async function uidsOf(objects: readonly Anything[]): Promise<ReadonlyMap<string, string>> {
  const { member1 } = handsOn(flow);
  const found = await Promise.all(objects.map((object) => member1.get(object)));
  return new Map(found.map((object) => [object.metadata.name, object.metadata.uid]));
}

const seeds = Array.from({ length: rounds({ test: 3, soak: 30 }) }, (_, i) => i + 1);

describe('templates deleted straight after the flag', () => {
  it('none of 100 workloads is lost', async () => {
    flow = await startFlow({ members: ['member1'] });
    const objects = Array.from({ length: 100 }, (_, i) => configMap(i));
    const policy = policyFor('pp', configMaps);
    const { control } = await migrated(objects, policy);
    const uids = await uidsOf(objects);
    await control.patch(policy, flag);
    await Promise.all(objects.map((object) => control.delete(object)));
    await allKept(objects, uids);
  });

  const objects = Array.from({ length: 6 }, (_, i) => configMap(i));
  type Script = (policy: Anything) => Promise<void>;
  const deleteAll = () => Promise.all(objects.map((object) => handsOn(flow).control.delete(object)));
  const scripts: Readonly<Record<string, Script>> = {
    'and nothing else': async (policy) => {
      await handsOn(flow).control.patch(policy, flag);
      await deleteAll();
    },
    'and the policy too': async (policy) => {
      const { control } = handsOn(flow);
      await control.patch(policy, flag);
      await control.delete(policy);
      await deleteAll();
    },
    'which is in the policy that replaces the first': async (policy) => {
      const { control } = handsOn(flow);
      await control.delete(policy);
      await flow.until('it is gone', async () => (await control.find(policy)) === undefined);
      await control.create({ ...policy, spec: { ...policy.spec, ...flag.spec } });
      await deleteAll();
    },
    'which is in a policy that preempts the first': async (policy) => {
      const rival = policyFor('rival', objects, { priority: 9, preemption: 'Always', ...flag.spec });
      expect(policy.metadata.name).toBe('pp');
      await handsOn(flow).control.create(rival);
      await deleteAll();
    },
    'together with a change of clusters': async (policy) => {
      await handsOn(flow).control.patch(policy, { spec: { ...flag.spec, placement: onMembers('member2') } });
      await deleteAll();
    },
  };

  it.each(Object.keys(scripts).flatMap((name) => seeds.map((seed) => [name, seed] as const)))(
    '%s (seed %i, in a storm, with components that stop and start)',
    async (name, seed) => {
      let calm = true;
      flow = await startFlow({ seed, faults: () => (calm ? {} : storm) });
      const random = seededRandom(seed);
      const policy = policyFor('pp', configMaps);
      await migrated(objects, policy);
      const uids = await uidsOf(objects);
      calm = false;
      await scripts[name]!(policy);
      for (let round = 0; round < 3; round++) {
        await flow.pass(random.next() * 80);
        const stopping = ['karmada-controller-manager', 'karmada-scheduler', 'kube-controller-manager'][
          Math.floor(random.next() * 3)
        ]!;
        await flow.stopComponents(stopping);
        await flow.pass(random.next() * 40);
        await flow.startComponents();
      }
      calm = true;
      await allKept(objects, uids);
    },
  );
});

describe('what is withdrawn from a cluster', () => {
  it('is kept there when flag and placement change in one edit', async () => {
    flow = await startFlow();
    const policy = policyFor('pp', [nginx]);
    const { control, member1, member2 } = await migrated([nginx], policy);
    const uids = await uidsOf([nginx]);
    await control.patch(policy, { spec: { preserveResourcesOnDeletion: true, placement: onMembers('member2') } });
    await flow.until('it is in member2', () => member2.find(nginx));
    await quiet(flow);
    const live = await member1.get(nginx);
    expect(live.metadata.uid).toBe(uids.get('nginx-deploy'));
    expect(live.metadata.labels ?? {}).not.toHaveProperty('karmada.io/managed');
  });

  it('is deleted there without the flag', async () => {
    flow = await startFlow();
    const policy = policyFor('pp', [nginx]);
    const { control, member1 } = await migrated([nginx], policy);
    await control.patch(policy, { spec: { placement: onMembers('member2') } });
    await flow.until('it has left member1', async () => (await member1.find(nginx)) === undefined);
  });
});

describe('a namespace that goes with its templates', () => {
  it('leaves workloads that are to be kept their place', async () => {
    flow = await startFlow({ members: ['member1'] });
    const { control, member1 } = handsOn(flow);
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
    const shop = { ...nginx, metadata: { ...nginx.metadata, namespace: 'shop' } };
    await control.create(namespace);
    await control.apply(shop);
    await control.apply(clusterPolicyFor('cpp', [nginx]));
    await applied(flow, shop);
    await control.patch(clusterPolicyFor('cpp', [nginx]), flag);
    await control.delete(namespace);
    await flow.until('the namespace is gone', async () => (await control.find(namespace)) === undefined);
    await quiet(flow);
    expect((await member1.get(namespace)).metadata.deletionTimestamp).toBeUndefined();
    expect((await member1.get(shop)).metadata.labels ?? {}).not.toHaveProperty('karmada.io/managed');
  });
});

/** How long the API server keeps changes to resume watches from, with its sweep, as src/server/storage/limits.ts has it. */
const windowMs = 340_000;

function stillInMemory(references: readonly WeakRef<object>[]): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return references.filter((reference) => reference.deref() !== undefined).length;
}

describe('fifty rounds of migration and rollback', () => {
  it('leave nothing behind', async () => {
    flow = await startFlow({ members: ['member1'] });
    const { control, member1 } = handsOn(flow);
    const policy = policyFor('pp', [nginx, named(nginx, 'other')], flag.spec);
    await member1.apply(nginx);
    await control.apply(policy);
    const count = async () => {
      await quiet(flow);
      const kinds = [
        ['apps/v1', 'ControllerRevision'],
        ['work.karmada.io/v1alpha1', 'Work'],
        ['work.karmada.io/v1alpha2', 'ResourceBinding'],
        ['v1', 'Secret'],
        ['apps/v1', 'Deployment'],
      ] as const;
      const lists = await Promise.all(kinds.map(([apiVersion, kind]) => control.list(apiVersion, kind)));
      return {
        objects: lists.map((list) => list.length),
        managedFields: JSON.stringify((await member1.get(nginx)).metadata.managedFields).length,
      };
    };
    const before = await count();
    const uid = (await member1.get(nginx)).metadata.uid;
    const held: WeakRef<object>[] = [];
    for (let round = 0; round < 50; round++) {
      await control.apply(nginx);
      held.push(new WeakRef(await applied(flow, nginx)), new WeakRef(await control.get(nginx)));
      for (const work of await worksOf(flow, nginx)) held.push(new WeakRef(work));
      await control.delete(nginx);
      await flow.until('the binding is gone', async () => (await control.find(bindingOf(nginx))) === undefined);
    }
    expect(await count()).toEqual(before);
    // In the windows of watches everything is still there, and after them nothing but what caches of fixed size hold.
    expect(stillInMemory(held)).toBeGreaterThan(100);
    (flow.writes as Write[]).length = 0;
    await flow.pass(windowMs);
    expect(stillInMemory(held)).toBeLessThan(10);
    expect((await member1.get(nginx)).metadata.uid).toBe(uid);
  });
});
