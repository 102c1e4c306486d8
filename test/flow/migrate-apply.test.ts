/** A plan of what lives in a member is applied: as a whole, cut anywhere and resumed, stopped, refused, taken back. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Pod } from '#apis/kubernetes/types.ts';
import { ConfigMaps, Pods } from '#apis/kubernetes/types.ts';
import type { ObjectName } from '#client/api-client.ts';
import { mortalClient } from '#harness/cut-client.ts';
import type { Flow } from '#harness/flow.ts';
import type { Anything } from '#harness/kubectl.ts';
import {
  type Applying,
  applying,
  asInEvidence,
  evidenceNow,
  type Planned,
  password,
  shop,
} from '#harness/migration.ts';
import { wavesBack } from '#harness/rolled-back.ts';
import {
  found,
  inShop,
  podsIn,
  type RunningShop,
  rejected,
  runningShop,
  type ShopOptions,
} from '#harness/running-shop.ts';
import { bindingOf, handsOn } from '#harness/samples.ts';
import { rounds } from '#harness/soak.ts';
import type { ApplyOptions, ApplyView, Outcome } from '#migrate/apply/options.ts';
import type { PlannedObject } from '#migrate/model.ts';
import { stateOf } from '#migrate/record/record.ts';
import { readRecord } from '#migrate/record/store.ts';
import { seededRandom } from '#world/random/seeded.ts';

/** With those of rollbacks 25, and 500 in a soak. */
const seeds = Array.from({ length: rounds({ test: 10, soak: 250 }) }, (_, i) => i + 1);

let flow: Flow;
afterEach(() => flow?.stop());

const podsOf = (name = 'member1') => podsIn(flow, name);

async function running(options: ShopOptions = {}): Promise<RunningShop> {
  const made = await runningShop(options);
  ({ flow } = made);
  return made;
}

/** Somebody labels what is under management by now; answers what was labelled. `which`: from 0 to 1. */
async function editOne(which: number): Promise<readonly Anything[]> {
  const { member1 } = handsOn(flow);
  const object = shop[Math.floor(which * shop.length)]!;
  if ((await member1.get(object)).metadata.labels?.['karmada.io/managed'] !== 'true') return [];
  await flow.drive(member1.label(object, 'seen', 'yes'));
  return [object];
}

const apply = (made: Planned, options: Applying = {}) => flow.drive(applying(flow, made, options));

describe('migrate apply', () => {
  it('takes over everything of the plan, and no Pod is replaced', async () => {
    const made = await running();
    const outcome = await apply(made);
    expect(outcome).toMatchObject({ is: 'applied', leftOut: [] });
    const { control, member1 } = handsOn(flow);
    for (const object of shop) {
      const binding = await control.get(bindingOf(object));
      expect(binding.status.aggregatedStatus, object.metadata.name).toMatchObject([
        { applied: true, clusterName: 'member1' },
      ]);
      expect((await member1.get(object)).metadata.labels['karmada.io/managed']).toBe('true');
    }
    const secret = await control.get(shop.find(({ kind }) => kind === 'Secret')!);
    expect(Buffer.from(secret.data.word, 'base64').toString()).toBe(password);
    const scaled = shop.find(({ metadata }) => metadata.name === 'scaled')!;
    expect((await member1.get(scaled)).spec.replicas).toBe(3);
    expect(await podsOf()).toEqual(made.pods);
    expect(stateOf((await readRecord(flow.control, 'shop'))!)).toBe('applied');
    expect(await apply(made)).toMatchObject({ is: 'already' });
  });

  it.each(seeds)(
    'finishes after being killed again and again, with a cluster away or people at work (seed %i)',
    async (seed) => {
      const random = seededRandom(seed);
      const upTo = (most: number) => 1 + Math.floor(random.next() * most);
      const to = random.next() < 0.5 ? ['member1'] : ['member1', 'member2'];
      const made = await running({ to });
      // As the folder holds it: a Secret that was taken back is told by it from one that somebody wrote.
      const isAsBefore = asInEvidence(await evidenceNow(flow, made));
      const [waveSize, event] = [2 + upTo(8), upTo(3)];
      const isLost = to.length > 1 && random.next() < 0.6;
      const edited: Anything[] = [];
      let processes = 0;
      // One that died with its last write done is told by the next that it is applied already.
      let outcome: Outcome | undefined;
      for (; outcome?.is !== 'applied' && outcome?.is !== 'already'; processes++) {
        if (isLost && processes === event) made.fleet.members.get('member2')!.faults.setApi({ unreachable: true });
        if (isLost && processes === event + 2) await found(made, 'member2');
        if (!isLost && processes === event) edited.push(...(await editOne(random.next())));
        const life = { writes: upTo(36), lastIsDone: random.next() < 0.5 };
        const [control, member] = [mortalClient(flow.control, life), mortalClient(flow.member('member1'), life)];
        try {
          outcome = await apply(made, {
            settings: { resume: true, waveSize },
            clients: { control, member },
            more: { isAsBefore, isDead: () => random.next() < 0.8, rollBack: wavesBack(flow, made, { life }) },
          });
        } catch (error) {
          expect(String(error)).toMatch(isLost ? /killed|member2|unreachable|has not answered/ : /killed/);
        }
        expect(processes).toBeLessThan(200);
      }
      expect(processes).toBeGreaterThan(1);
      const { control, member1 } = handsOn(flow);
      for (const object of shop) {
        const { aggregatedStatus } = (await control.get(bindingOf(object))).status;
        expect(aggregatedStatus.map(({ applied }: Anything) => applied)).not.toContain(false);
        expect((await member1.get(object)).metadata.labels['karmada.io/managed']).toBe('true');
      }
      for (const object of edited) expect((await member1.get(object)).metadata.labels.seen).toBe('yes');
      expect(await podsOf()).toEqual(made.pods);
      // Whoever died as the last thing is left as its holder, and is in nobody's way.
      expect(await apply(made, { settings: { resume: true } })).toMatchObject({ is: 'already' });
    },
  );

  it('refuses what is another cluster now, and takes what people edited', async () => {
    const made = await running();
    const { member1 } = handsOn(flow);
    const front = inShop('Deployment', 'front');
    // A status says nothing of what was asked for.
    await member1.say(inShop('PersistentVolumeClaim', 'files'), { phase: 'Bound', capacity: { storage: '2Gi' } });
    await member1.label(inShop('ConfigMap', 'one'), 'by', 'hand');
    const before = await member1.get(front);
    await member1.setImage(front, 'main', 'y');
    const refused = await rejected(apply(made));
    expect(refused).toContain('Deployment shop/front was changed: .spec.template.spec.containers[name="main"].image');
    expect(refused).toContain('ConfigMap shop/one was changed: .metadata.labels.by');
    expect(refused).not.toContain('files');
    expect(await readRecord(flow.control, 'shop')).toBeUndefined();
    await member1.setImage(front, 'main', before.spec.template.spec.containers[0].image);
    await member1.label(inShop('ConfigMap', 'one'), 'by', null);
    await flow.pass(10_000);
    const pods = await podsOf();

    const file = made.plan.objects.find(({ kind, name }) => kind === 'Deployment' && name === 'back')!.file!;
    const edit = async (from: string, to: string) => {
      const text = (await made.disk.readText(`${made.folder}/${file}`))!;
      expect(text).toContain(from);
      await made.disk.write(`${made.folder}/${file}`, text.replace(from, to));
    };
    await edit('image: x', 'image: z');
    expect(await rejected(apply(made))).toMatch(/as it is asked for now: Pods would restart for .*image/);
    await edit('image: z', 'image: x');
    await edit('  name: admin\n', '  name: admin\n  labels:\n    team: a\n');
    const edited: string[] = [];
    const confirm = async (_schedule: unknown, objects: readonly PlannedObject[]) => {
      edited.push(...objects.map(({ name }) => name));
      return true;
    };
    // What an edited template lacks stays in the cluster, and is told.
    await edit('  replicas: 2\n', '');
    const told: string[] = [];
    const tell = (text: string) => told.push(text);
    expect(await apply(made, { more: { confirm, tell } })).toMatchObject({ is: 'applied' });
    expect(told).toContainEqual(
      'Deployment shop/admin keeps in the cluster what its edited template lacks: .spec.replicas; --drop Deployment/shop/admin takes it away',
    );
    expect(edited).toEqual(['admin']);
    expect((await member1.get(inShop('Deployment', 'admin'))).metadata.labels.team).toBe('a');
    expect(await podsOf()).toEqual(pods);
  });

  it('stops where it is asked to, and takes back what fails beyond the budget', async () => {
    const made = await running();
    // Ctrl-C before the first write.
    expect(await apply(made, { more: { stopping: () => true } })).toMatchObject({
      is: 'paused',
      why: expect.stringContaining('asked to'),
    });
    for (const object of shop) expect(await handsOn(flow).control.find(object)).toBeUndefined();
    expect(await apply(made, { settings: { pauseAfter: 2, resume: true } })).toMatchObject({ is: 'paused' });
    const states = async () => (await readRecord(flow.control, 'shop'))!.waves.map(({ state }) => state);
    expect((await states()).slice(0, 3)).toEqual(['applied', 'applied', 'pending']);
    expect(await rejected(apply(made))).toContain('go on with --resume');

    const policies = `${made.folder}/policies/03-configuration.yaml`;
    const text = (await made.disk.readText(policies))!;
    await made.disk.write(policies, text.replace('- member1', '- nowhere'));
    const taken: number[] = [];
    const rollBack = async (wave: number) => {
      taken.push(wave);
      throw new Error('killed in the middle of it');
    };
    const resume = { settings: { resume: true } };
    expect(await rejected(apply(made, { ...resume, more: { rollBack } }))).toContain('killed');
    expect((await states())[2]).toBe('rolling-back');
    const done: ApplyOptions['rollBack'] = async (wave) => {
      taken.push(wave);
      return { stopped: false, objects: [] };
    };
    const again = { ...resume, more: { rollBack: done } };
    expect(await apply(made, again)).toMatchObject({ is: 'rolled-back', why: expect.any(String) });
    expect(taken).toEqual([3, 3]);
    expect((await states())[2]).toBe('rolled-back');
    const record = (await readRecord(flow.control, 'shop'))!;
    expect(record.objects?.[0]).toMatchObject({ is: 'failed', why: expect.stringContaining('not scheduled') });

    await made.disk.write(policies, text);
    let stops = 0;
    // Ctrl-C a little later.
    const stopping = () => ++stops > 12;
    expect(await apply(made, { ...resume, more: { stopping } })).toMatchObject({
      is: 'paused',
      why: expect.stringContaining('asked to'),
    });
    expect(await apply(made, resume)).toMatchObject({ is: 'applied' });
    expect((await readRecord(flow.control, 'shop'))!.objects).toBeUndefined();
    expect(await podsOf()).toEqual(made.pods);
  });

  it('stops at once where a Pod is replaced, and gives back what the wave has taken', async () => {
    const made = await running();
    const victim = (
      await flow.member('member1').resource<Pod>(Pods).list({ namespace: 'shop', labelSelector: 'app=front' })
    ).items[0]!;
    let deleting: Promise<unknown> | undefined;
    const show = ({ wave }: ApplyView) => {
      if (wave === 6)
        deleting ??= flow
          .member('member1')
          .resource(Pods)
          .delete(victim.metadata as ObjectName);
    };
    const rollBack = wavesBack(flow, made);
    const outcome = await apply(made, { settings: { waveSize: 2 }, more: { show, rollBack } });
    await deleting;
    expect(outcome).toMatchObject({
      is: 'rolled-back',
      why: `Deployment shop/front: its Pod ${victim.metadata.name} is gone, which ran before`,
    });
    const { control, member1 } = handsOn(flow);
    for (const service of shop.filter(({ kind }) => kind === 'Service')) {
      expect(await control.find(service)).toBeUndefined();
      expect((await member1.get(service)).metadata.labels ?? {}).toEqual({});
    }
    const kept = await podsOf();
    expect(made.pods.filter((pod) => !kept.includes(pod))).toEqual([`${victim.metadata.name} ${victim.metadata.uid}`]);
    expect((await readRecord(flow.control, 'shop'))!.waves[6]).toMatchObject({ state: 'pending' });
  });

  it('is done by one process at a time, and taken over from a dead one', async () => {
    const made = await running();
    let free: () => void = () => {};
    const busy = new Promise<void>((resolve) => {
      free = resolve;
    });
    const first = applying(flow, made, { more: { keepEvidence: () => busy } });
    await flow.pass(3_000);
    expect(await rejected(apply(made))).toMatch(/apply@test:\d+ works on migration shop/);
    free();
    expect(await flow.drive(first)).toMatchObject({ is: 'applied' });

    const life = { writes: 3, lastIsDone: true };
    const other = { ...made, plan: made.plan };
    await flow.control.resource(ConfigMaps).delete({ namespace: 'karmada-system', name: 'migration-shop' });
    await rejected(
      apply(other, { clients: { control: mortalClient(flow.control, life), member: flow.member('member1') } }),
    );
    const waited: string[] = [];
    const began = flow.clock.monotonic();
    const outcome = await apply(other, { settings: { resume: true }, more: { tell: (text) => waited.push(text) } });
    expect([outcome.is, waited[0]]).toEqual([
      'applied',
      expect.stringContaining('waiting to see whether it still does'),
    ]);
    expect(flow.clock.monotonic() - began).toBeGreaterThan(10_000);
  });

  it('restarts and drops what it is told to, and nothing else', async () => {
    const made = await running();
    const { member1, control } = handsOn(flow);
    const edit = async (kind: string, from: string, to: string) => {
      const file = made.plan.objects.find((each) => each.kind === kind)!.file!;
      const text = (await made.disk.readText(`${made.folder}/${file}`))!;
      expect(text).toContain(from);
      await made.disk.write(`${made.folder}/${file}`, text.replace(from, to));
    };
    await edit('ConfigMap', '  name: two\nkind', '  other: two\nkind');
    await edit('ConfigMap', '  name: three\nkind', '  other: three\nkind');
    // The first in the file.
    await edit('Deployment', 'image: x', 'image: z');
    const restarted = made.plan.objects.find(({ kind }) => kind === 'Deployment')!.name;
    const settings = { allowedRestarts: [`Deployment/shop/${restarted}`], dropped: ['ConfigMap/shop/three'] };
    expect(await apply(made, { settings })).toMatchObject({ is: 'applied' });
    const dataOf = async (name: string) => (await member1.get(inShop('ConfigMap', name))).data;
    expect([await dataOf('two'), await dataOf('three')]).toEqual([{ name: 'two', other: 'two' }, { other: 'three' }]);
    const others = (pods: readonly string[]) => pods.filter((each) => !each.startsWith(`${restarted}-`));
    await flow.until('the Pods are new', async () =>
      (await podsOf()).every((each) => !made.pods.includes(each) || others([each]).length > 0),
    );
    expect(others(await podsOf())).toEqual(others(made.pods));
    expect((await control.get(inShop('Deployment', restarted))).spec.template.spec.containers[0].image).toBe('z');
  });

  it('lets an autoscaler do its work meanwhile, and nobody take a template from others', async () => {
    const made = await running();
    const { member1, control } = handsOn(flow);
    const scaled = inShop('Deployment', 'scaled');
    let lowered: Promise<unknown> | undefined;
    // The autoscaler's own field: fewer Pods are no harm.
    const show = ({ wave }: ApplyView) => {
      if (wave === 6) lowered ??= member1.scale(scaled, 2, 'kube-controller-manager');
    };
    await control.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
    expect(await rejected(apply(made, { more: { show } }))).toContain(
      'Namespace shop cannot be written: the control plane has a template Namespace shop already',
    );
    await control.delete({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
    await flow.pass(5_000);
    expect(await apply(made, { settings: { waveSize: 1 }, more: { show } })).toMatchObject({ is: 'applied' });
    expect(lowered).toBeDefined();
    expect((await podsOf()).filter((pod) => pod.startsWith('scaled-') && made.pods.includes(pod))).toHaveLength(2);
    const moved = { ...made.plan, spec: { ...made.plan.spec, from: { cluster: 'member1', id: 'other' } } };
    await made.disk.write(`${made.folder}/plan.yaml`, JSON.stringify(moved));
    expect(await rejected(apply(made))).toContain('cluster member1 is another one than the plan was made of');
  });
});
