/** What was migrated is rolled back: all of it or some, with clusters and objects gone, cut anywhere; no Pod notices. */
import { afterEach, describe, expect, it } from 'vitest';
import { Pods } from '#apis/kubernetes/types.ts';
import type { Flow } from '#harness/flow.ts';
import type { Anything } from '#harness/kubectl.ts';
import { applying, type Planned, planned, shop } from '#harness/migration.ts';
import { asKept, ours, previewing, type RollingBack, rollingBack } from '#harness/rolled-back.ts';
import { bindingOf, handsOn, policyFor } from '#harness/samples.ts';
import { rounds } from '#harness/soak.ts';
import { findCondition } from '#kube/conditions/conditions.ts';
import { stateOf } from '#migrate/record/record.ts';
import { readRecord } from '#migrate/record/store.ts';
import type { RolledBack } from '#migrate/rollback/options.ts';
import { seededRandom } from '#world/random/seeded.ts';
import { type Fleet, startFleet } from '../simulation/fleet.ts';

let flow: Flow;
let fleet: Fleet;
afterEach(() => flow?.stop());

const named = (kind: string, name: string) => shop.find((each) => each.kind === kind && each.metadata.name === name)!;
const front = named('Deployment', 'front');
const scaled = named('Deployment', 'scaled');

/** Of every wave but storage; Helm's and kubectl's, by apply and server-side apply, one that is scaled by itself. */
const few = shop.filter(
  ({ kind, metadata: { name } }) =>
    ['Namespace', 'ServiceAccount', 'Secret', 'Service', 'StatefulSet', 'HorizontalPodAutoscaler'].includes(kind) ||
    ['front', 'scaled', 'one'].includes(name),
);
const helm = {
  ...named('Deployment', 'back'),
  metadata: { ...named('Deployment', 'back').metadata, annotations: { 'meta.helm.sh/release-name': 'back' } },
};
const everything: readonly Anything[] = [...few, helm];

const seeds = Array.from({ length: rounds({ test: 15, soak: 250 }) }, (_, i) => i + 1);

const isReady = (name: string, ...statuses: readonly string[]) =>
  flow.until(`${name} is ${statuses.join(' or ')}`, async () => {
    const cluster = await handsOn(flow).control.get({
      apiVersion: 'cluster.karmada.io/v1alpha1',
      kind: 'Cluster',
      metadata: { name },
    });
    return statuses.includes(findCondition(cluster.status?.conditions, 'Ready')?.status ?? '');
  });

async function podsOf(name = 'member1'): Promise<readonly string[]> {
  const { items } = await flow.member(name).resource(Pods).list({ namespace: 'shop' });
  return items.map(({ metadata }) => `${metadata.name} ${metadata.uid}`).sort();
}

interface Migrated extends Planned {
  readonly pods: readonly string[];
  /** As they were before. */
  readonly before: readonly Anything[];
}

/** `alsoThere`: objects that member2 has of its own. */
async function migrated(to: readonly string[] = ['member1'], alsoThere: readonly Anything[] = []): Promise<Migrated> {
  fleet = await startFleet(17);
  ({ flow } = fleet);
  const { member1 } = handsOn(flow);
  for (const object of few) {
    await flow.drive(object === named('Service', 'front') ? member1.serverApply(object) : member1.apply(object));
  }
  await flow.drive(member1.serverApply(helm));
  for (const object of alsoThere) await flow.drive(handsOn(flow).member2.apply(object));
  for (const name of ['member1', 'member2']) await isReady(name, 'True');
  await flow.pass(30_000);
  const made = await planned(flow, { to });
  const before = await Promise.all(everything.map((object) => member1.get(object)));
  const pods = await podsOf();
  expect(await flow.drive(applying(flow, made))).toMatchObject({ is: 'applied' });
  expect(ours(await member1.get(front))).not.toEqual([]);
  return { ...made, pods, before };
}

const back = (made: Planned, options: RollingBack = {}) => flow.drive(rollingBack(flow, made, options));

const recordOf = async () => (await readRecord(flow.control, 'shop'))!;

const of = (results: readonly RolledBack[], object: Anything) =>
  results.find((each) => each.object.kind === object.kind && each.object.name === object.metadata.name);

/** In member1 everything is as it was; the control plane has nothing of these objects any more. */
async function allAsBefore({ before, pods }: Migrated): Promise<void> {
  const { member1, control } = handsOn(flow);
  for (const [i, object] of everything.entries()) {
    const live = await member1.get(object);
    expect(ours(live), object.metadata.name).toEqual([]);
    expect(asKept(live)).toEqual(asKept(before[i]));
    expect(await control.find(object), `${object.kind} ${object.metadata.name}`).toBeUndefined();
  }
  expect(await podsOf()).toEqual(pods);
  await nothingLeft();
}

async function nothingLeft(): Promise<void> {
  const { control } = handsOn(flow);
  for (const kind of ['ResourceBinding', 'ClusterResourceBinding'])
    expect(await control.list('work.karmada.io/v1alpha2', kind)).toEqual([]);
  for (const kind of ['PropagationPolicy', 'ClusterPropagationPolicy'])
    expect(await control.list('policy.karmada.io/v1alpha1', kind)).toEqual([]);
  expect(await control.list('work.karmada.io/v1alpha1', 'Work')).toEqual([]);
  expect(await control.list('apps/v1', 'ControllerRevision', 'karmada-es-member1')).toEqual([]);
}

describe('migrate rollback', () => {
  it('takes back one object, then a wave, then all the rest, each as it was kept', async () => {
    const made = await migrated();
    const { control, member1 } = handsOn(flow);
    const previews = await flow.drive(previewing(flow, made, { scope: { object: 'Deployment/shop/front' } }));
    expect(previews).toMatchObject([
      {
        template: 'deleted',
        places: [
          {
            cluster: 'member1',
            is: 'restored',
            takenOff: expect.arrayContaining(['karmada.io/managed', 'work.karmada.io/name']),
            givenBack: [{ manager: 'kubectl-client-side-apply', fields: expect.any(Number) }],
            changed: [],
          },
        ],
      },
    ]);

    const one = await back(made, { scope: { object: 'Deployment/shop/front' } });
    expect(one.objects).toMatchObject([{ is: 'restored', notes: [] }]);
    expect(ours(await member1.get(front))).toEqual([]);
    expect(await control.find(front)).toBeUndefined();
    expect(await control.get(bindingOf(helm))).toBeDefined();
    const policy = (await control.list('policy.karmada.io/v1alpha1', 'PropagationPolicy')).find((each) =>
      each.spec.resourceSelectors.some(({ kind }: Anything) => kind === 'Deployment'),
    );
    expect(policy.spec.resourceSelectors.map(({ name }: Anything) => name)).not.toContain('front');

    const paused = await recordOf();
    expect([stateOf(paused), paused.objects]).toEqual([
      'paused',
      [{ object: 'Deployment/shop/front', is: 'rolled-back' }],
    ]);

    // Others live in the namespace: it is free in the member, and stays in the control plane.
    const namespaces = made.plan.waves.find(({ title }) => title === 'namespaces')!;
    const wave = await back(made, { scope: { wave: namespaces.number } });
    expect(wave.objects).toMatchObject([{ is: 'restored', notes: [expect.stringMatching(/its template stays/)] }]);
    expect(ours(await member1.get(named('Namespace', 'shop')))).toEqual([]);
    expect(await control.get(helm)).toBeDefined();

    const rest = await back(made);
    expect(of(rest.objects, front)).toMatchObject({ is: 'untouched' });
    expect(rest.objects.filter(({ is }) => is !== 'restored' && is !== 'untouched')).toEqual([]);
    expect(of(rest.objects, scaled)).toMatchObject({ is: 'restored', notes: [] });
    await allAsBefore(made);
    const record = await recordOf();
    expect([stateOf(record), record.objects, record.waves.some(({ applied }) => applied > 0)]).toEqual([
      'rolled-back',
      undefined,
      false,
    ]);
    expect((await back(made)).objects.every(({ is }) => is === 'untouched')).toBe(true);
  });

  it('leaves copies in other clusters, or deletes them where that is asked', async () => {
    const settings = named('ConfigMap', 'one');
    const made = await migrated(['member1', 'member2'], [named('Namespace', 'shop'), settings]);
    const { member2, control } = handsOn(flow);
    const one = await back(made, { scope: { object: 'Deployment/shop/front' } });
    expect(one.objects).toMatchObject([{ is: 'restored', notes: ['its copy in member2 stays'] }]);
    const copy = await member2.get(front);
    expect(ours(copy)).toEqual([]);
    expect(await podsOf('member2')).toEqual(expect.arrayContaining([expect.stringMatching(/^front-/)]));

    const previews = await flow.drive(previewing(flow, made, { removeCopies: true }));
    const helmPreview = previews.find(({ object }) => object.name === 'back');
    expect(helmPreview?.places.map(({ cluster, is }) => [cluster, is])).toEqual([
      ['member1', 'restored'],
      ['member2', 'removed'],
    ]);
    const rest = await back(made, { removeCopies: true });
    expect(rest.objects.filter(({ is }) => is !== 'restored' && is !== 'untouched')).toEqual([]);
    expect(await recordOf()).not.toHaveProperty('copies');
    for (const object of everything) {
      const left = await member2.find(object);
      // Its own is given back to it as well, and not deleted.
      const stays = object.kind === 'Namespace' || object === front || object === settings;
      expect(left !== undefined, `${object.kind} ${object.metadata.name}`).toBe(stays);
      if (left) expect(ours(left)).toEqual([]);
    }
    expect(await control.list('apps/v1', 'ControllerRevision', 'karmada-es-member2')).toEqual([]);
    await allAsBefore(made);
  });

  it('tells what others have done meanwhile, and leaves it so', async () => {
    const made = await migrated();
    const { member1 } = handsOn(flow);
    await flow.stopComponents('karmada-controller-manager');
    await flow.drive(member1.delete(named('Service', 'front')));
    await flow.drive(member1.delete(named('Service', 'back')));
    await flow.drive(member1.serverApply(named('Service', 'back')));
    await flow.drive(member1.label(helm, 'seen', 'yes'));
    await flow.startComponents();
    await flow.pass(5_000);
    const result = await back(made);
    expect(result.objects.filter(({ is }) => is !== 'restored')).toEqual([]);
    expect(of(result.objects, named('Service', 'front'))?.notes).toEqual([
      'it was deleted and made anew in member1 meanwhile',
    ]);
    expect(of(result.objects, named('Service', 'back'))?.notes).toEqual([
      'it was deleted and made anew in member1 meanwhile',
    ]);
    expect(of(result.objects, helm)?.notes).toEqual([
      'changed since it was taken over, and left so: .metadata.labels.seen (kubectl-label)',
    ]);
    for (const object of everything) expect(ours(await member1.get(object))).toEqual([]);
    expect(await podsOf()).toEqual(made.pods);
    await nothingLeft();
  });

  it('does not wait for a cluster that is away: it is let go when it is back', async () => {
    const made = await migrated(['member1', 'member2']);
    const { member2 } = handsOn(flow);
    const { faults } = fleet.members.get('member2')!;
    faults.setApi({ unreachable: true });
    await isReady('member2', 'False', 'Unknown');
    const result = await back(made, { unreachable: ['member2'] });
    expect(of(result.objects, front)).toMatchObject({ is: 'waiting', why: expect.stringMatching(/^member2 is away/) });
    const { member1 } = handsOn(flow);
    for (const object of everything) expect(ours(await member1.get(object)), object.metadata.name).toEqual([]);
    expect(await podsOf()).toEqual(made.pods);
    expect(ours(await member2.get(front))).not.toEqual([]);
    faults.setApi({});
    await flow.until('member2 has let go', async () => ours(await member2.get(front)).length === 0);
    const again = await back(made);
    expect(again.objects.filter(({ is }) => is !== 'restored' && is !== 'untouched')).toEqual([]);
    for (const object of everything) {
      const copy = await member2.find(object);
      if (copy) expect(ours(copy), object.metadata.name).toEqual([]);
    }
    await allAsBefore(made);
  });

  it('frees what a cluster that left while it was away still carries', async () => {
    const made = await migrated();
    const { control, member1 } = handsOn(flow);
    const { faults } = fleet.members.get('member1')!;
    faults.setApi({ unreachable: true });
    await isReady('member1', 'False', 'Unknown');
    const waiting = await back(made, { unreachable: ['member1'] });
    expect(of(waiting.objects, front)).toMatchObject({ is: 'waiting' });
    const cluster = { apiVersion: 'cluster.karmada.io/v1alpha1', kind: 'Cluster', metadata: { name: 'member1' } };
    await flow.drive(control.delete(cluster));
    await flow.until('no Work is left', async () => {
      const works = await control.list('work.karmada.io/v1alpha1', 'Work', 'karmada-es-member1');
      return works.length === 0;
    });
    await flow.until('the cluster has left', async () => (await control.find(cluster)) === undefined);
    expect(ours(await member1.get(front))).not.toEqual([]);
    const result = await back(made);
    expect(result.objects.filter(({ is }) => is !== 'restored' && is !== 'untouched')).toEqual([]);
    for (const object of everything) expect(ours(await member1.get(object)), object.metadata.name).toEqual([]);
    expect(await podsOf()).toEqual(made.pods);
  });

  it('keeps what runs where no policy says so, or another policy has it by now', async () => {
    const made = await migrated();
    const { control, member1 } = handsOn(flow);
    for (const kind of ['PropagationPolicy', 'ClusterPropagationPolicy']) {
      for (const policy of await control.list('policy.karmada.io/v1alpha1', kind)) {
        const full = { ...policy, apiVersion: 'policy.karmada.io/v1alpha1', kind };
        await flow.drive(control.patch(full, { spec: { preserveResourcesOnDeletion: false } }));
      }
    }
    const rival = policyFor('rival', [front], { priority: 9, preemption: 'Always' });
    await flow.drive(control.create({ ...rival, metadata: { namespace: 'shop', name: 'rival' } }));
    await flow.until('the rival has it', async () => {
      const binding = await control.get(bindingOf(front));
      return binding.metadata.annotations['propagationpolicy.karmada.io/name'] === 'rival';
    });
    const scope = { object: 'Deployment/shop/front' };
    const previews = await flow.drive(previewing(flow, made, { scope }));
    expect(previews).toMatchObject([{ rival: 'PropagationPolicy shop/rival' }]);
    const result = await back(made);
    expect(result.objects.filter(({ is }) => is !== 'restored')).toEqual([]);
    expect(of(result.objects, front)?.notes).toEqual([expect.stringMatching(/^PropagationPolicy shop\/rival had it/)]);
    for (const object of everything) expect(ours(await member1.get(object)), object.metadata.name).toEqual([]);
    expect(await podsOf()).toEqual(made.pods);
  });

  it.each(seeds)(
    'goes on when it is run again after it was killed, for some or all, with a cluster away (seed %i)',
    async (seed) => {
      const made = await migrated(['member1', 'member2']);
      const random = seededRandom(seed);
      const { faults } = fleet.members.get('member2')!;
      const awayIn = Math.floor(random.next() * 8);
      const waves = made.plan.waves.map(({ number }) => number);
      for (let round = 0; round < 4; round++) {
        faults.setApi(round === awayIn ? { unreachable: true } : {});
        const life = { writes: 1 + Math.floor(random.next() * 30), lastIsDone: random.next() < 0.5 };
        const scopes: readonly RollingBack[] = [
          {},
          { scope: { wave: waves[Math.floor(random.next() * waves.length)]! } },
          { scope: { object: 'Deployment/shop/front' } },
        ];
        const some = scopes[random.next() < 0.6 ? 0 : random.next() < 0.7 ? 1 : 2]!;
        await back(made, { removeCopies: true, life, ...some }).catch((error) =>
          expect(error.message).toContain('the process has been killed'),
        );
        await flow.pass(random.next() * 300);
      }
      faults.setApi({});
      await isReady('member2', 'True');
      const result = await back(made, { removeCopies: true });
      expect(result.objects.filter(({ is }) => is !== 'restored' && is !== 'untouched')).toEqual([]);
      expect(await recordOf()).not.toHaveProperty('copies');
      const { member2 } = handsOn(flow);
      for (const object of everything.filter(({ kind }) => kind !== 'Namespace')) {
        const copy = await member2.find(object);
        // What was let go while nobody could look stays.
        if (copy && awayIn < 4) expect(ours(copy)).toEqual([]);
        else expect(copy, `${object.kind} ${object.metadata.name}`).toBeUndefined();
      }
      await allAsBefore(made);
    },
  );
});
