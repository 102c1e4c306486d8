/** What goes wrong while a plan is applied: clusters refuse, go away, have things of their own; what is taken back. */
import { afterEach, describe, expect, it } from 'vitest';
import { Pods } from '#apis/kubernetes/types.ts';
import type { Flow } from '#harness/flow.ts';
import type { Anything } from '#harness/kubectl.ts';
import { type Applying, applying, type Planned, shop } from '#harness/migration.ts';
import '#harness/policies-loaded.ts';
import { ours, wavesBack } from '#harness/rolled-back.ts';
import {
  inShop,
  lose,
  podsIn,
  type RunningShop,
  rejected,
  runningShop,
  type ShopOptions,
} from '#harness/running-shop.ts';
import { handsOn } from '#harness/samples.ts';
import type { ApplyView } from '#migrate/apply/options.ts';
import { readRecord } from '#migrate/record/store.ts';

let flow: Flow;
afterEach(() => flow?.stop());

const podsOf = (name = 'member1') => podsIn(flow, name);

async function running(options: ShopOptions): Promise<RunningShop> {
  const made = await runningShop(options);
  ({ flow } = made);
  return made;
}

const apply = (made: Planned, options: Applying = {}) => flow.drive(applying(flow, made, options));

/** A cluster's own rule against whatever we write to objects of a kind. */
const refusing = (resource: string, group: string): readonly [Anything, Anything] => {
  const of = (kind: string, spec: object) => ({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind,
    metadata: { name: 'not-today' },
    spec,
  });
  const rule = { apiGroups: [group], apiVersions: ['*'], operations: ['CREATE', 'UPDATE'], resources: [resource] };
  return [
    of('ValidatingAdmissionPolicy', {
      failurePolicy: 'Fail',
      matchConstraints: { resourceRules: [rule] },
      validations: [{ expression: 'false', message: 'not today' }],
    }),
    of('ValidatingAdmissionPolicyBinding', { policyName: 'not-today', validationActions: ['Deny'] }),
  ];
};

describe('migrate apply, where things go wrong', () => {
  it('takes back the wave that clusters refuse, and goes on where it was once the cause is mended', async () => {
    const namespace = inShop('Namespace', 'shop');
    const made = await running({ to: ['member1', 'member2'], alsoThere: [namespace] });
    const { member1, member2 } = handsOn(flow);
    const rollBack = wavesBack(flow, made);
    const begun: boolean[] = [];
    const keepEvidence = async (each: boolean) => void begun.push(each);
    const resume = { settings: { resume: true, timeoutMs: 12_000 }, more: { rollBack, keepEvidence } };
    const record = async () => (await readRecord(flow.control, 'shop'))!;
    const stateOfWave = async (title: string) => (await record()).waves.find((wave) => wave.title === title)!;

    const full = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { namespace: 'shop', name: 'full' } };
    await flow.drive(member2.apply({ ...full, spec: { hard: { 'count/deployments.apps': '1' } } }));
    await flow.pass(2_000);
    // Ctrl-C as soon as it begins to take the wave back, before it has noted what the wave made elsewhere.
    let takingBack = false;
    const tell = (text: string) => {
      takingBack ||= text.includes('taking it back');
    };
    const stopped = await apply(made, { ...resume, more: { ...resume.more, tell, stopping: () => takingBack } });
    expect(stopped).toMatchObject({ is: 'rolling-back', why: expect.stringContaining('asked to') });
    expect((await record()).objects?.every(({ is }) => is === 'failed')).toBe(true);
    const deployments = shop.filter(({ kind }) => kind === 'Deployment');
    const there = await Promise.all(deployments.map((object) => member2.find(object)));
    expect(there.filter((each) => each !== undefined)).toHaveLength(1);
    const outcome = await apply(made, resume);
    expect(outcome).toMatchObject({ is: 'rolled-back', why: expect.stringMatching(/member2: .*exceeded quota/) });
    expect(await stateOfWave('workloads')).toMatchObject({ state: 'rolled-back', applied: 0 });
    expect(await stateOfWave('configuration')).toMatchObject({ state: 'applied' });
    expect(ours(await member1.get(inShop('Deployment', 'back')))).toEqual([]);
    // What the wave made elsewhere has gone with it.
    for (const object of shop.filter(({ apiVersion }) => apiVersion === 'apps/v1'))
      expect(await member2.find(object), object.metadata.name).toBeUndefined();
    expect(await member2.find(inShop('ConfigMap', 'one'))).toBeDefined();
    expect(ours(await member1.get(inShop('ConfigMap', 'one')))).not.toEqual([]);
    await flow.drive(member2.delete(full));

    await flow.drive(member1.apply(refusing('ingresses', 'networking.k8s.io')[0]));
    await flow.drive(member1.apply(refusing('ingresses', 'networking.k8s.io')[1]));
    await flow.pass(2_000);
    expect(await apply(made, resume)).toMatchObject({ is: 'rolled-back', why: expect.stringContaining('not today') });
    expect(await stateOfWave('workloads')).toMatchObject({ state: 'applied' });
    expect(await stateOfWave('ingress')).toMatchObject({ state: 'rolled-back' });
    for (const object of refusing('ingresses', 'networking.k8s.io')) await flow.drive(member1.delete(object));
    await flow.pass(2_000);
    expect(await apply(made, resume)).toMatchObject({ is: 'applied' });
    expect((await record()).objects).toBeUndefined();
    expect(await podsOf()).toEqual(made.pods);
    // What was before is what was before all of it.
    expect(begun).toEqual([false, true, true]);
  });

  it('takes a wave back as far as it goes where a cluster is away, and to its end once that is back', async () => {
    const made = await running({ to: ['member1', 'member2'] });
    const { member1, member2 } = handsOn(flow);
    const { faults } = made.fleet.members.get('member2')!;
    let gone: Promise<unknown> | undefined;
    const show = ({ wave, doing }: ApplyView) => {
      if (wave === 5 && doing.startsWith('writing')) gone ??= lose(made, 'member2');
    };
    const rollBack = wavesBack(flow, made, { unreachable: ['member2'] });
    const first = await apply(made, { settings: { waveSize: 3, timeoutMs: 60_000 }, more: { show, rollBack } });
    await gone;
    expect(first).toMatchObject({ is: 'rolling-back', why: expect.stringContaining('member2') });
    const wave = async () => (await readRecord(flow.control, 'shop'))!.waves[4];
    expect(await wave()).toMatchObject({ state: 'rolling-back' });
    for (const kind of ['Deployment', 'StatefulSet', 'DaemonSet'])
      for (const object of shop.filter((each) => each.kind === kind))
        expect(ours(await member1.get(object))).toEqual([]);
    const resume = { settings: { resume: true }, more: { rollBack } };
    expect(await apply(made, resume)).toMatchObject({ is: 'rolling-back' });
    faults.setApi({});
    await flow.pass(60_000);
    expect(await apply(made, { ...resume, more: { rollBack: wavesBack(flow, made) } })).toMatchObject({
      is: 'rolled-back',
    });
    expect(await wave()).toMatchObject({ state: 'rolled-back', applied: 0 });
    expect((await readRecord(flow.control, 'shop'))!.objects).toBeUndefined();
    expect(await apply(made, resume)).toMatchObject({ is: 'applied' });
    expect((await readRecord(flow.control, 'shop'))!.objects).toBeUndefined();
    expect((await member2.get(inShop('Deployment', 'front'))).metadata.labels['karmada.io/managed']).toBe('true');
    expect(await podsOf()).toEqual(made.pods);
  });

  it('is not held up by what was unhealthy before, and says what it waits for', async () => {
    const front = inShop('Deployment', 'front');
    const pods = {
      metadata: { labels: { app: 'huge' } },
      spec: { containers: [{ name: 'main', image: 'x', resources: { requests: { cpu: '9k' } } }] },
    };
    const spec = { replicas: 2, selector: { matchLabels: { app: 'huge' } }, template: pods };
    const made = await running({ alsoHere: [{ ...front, metadata: { namespace: 'shop', name: 'huge' }, spec }] });
    const { member1 } = handsOn(flow);
    const huge = { ...front, metadata: { namespace: 'shop', name: 'huge' } };
    expect((await member1.get(huge)).status.readyReplicas ?? 0).toBe(0);
    const seen = new Set<string>();
    const show = ({ doing }: ApplyView) => void seen.add(doing);
    expect(await apply(made, { more: { show } })).toMatchObject({ is: 'applied' });
    expect((await member1.get(huge)).metadata.labels['karmada.io/managed']).toBe('true');
    expect([...seen]).toContainEqual(expect.stringMatching(/^waiting for \d+ of 9: \w+ shop\/\w+: \w+/));
    expect(await podsOf()).toEqual(made.pods);
  });

  it('overwrites nothing in other clusters unasked, and stops where a Pod goes there', async () => {
    const theirs = (name: string, image: string) => ({
      ...inShop('Deployment', name),
      spec: {
        ...inShop('Deployment', name).spec,
        template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image }] } },
      },
    });
    const made = await running({
      to: ['member1', 'member2'],
      alsoThere: [inShop('Namespace', 'shop'), inShop('ConfigMap', 'one'), inShop('Deployment', 'back')],
    });
    const { member2 } = handsOn(flow);
    // Since the plan was made.
    await flow.drive(member2.apply(theirs('front', 'another')));
    await flow.pass(5_000);
    const refused = await rejected(apply(made));
    expect(refused).toMatch(
      /Deployment shop\/front is in member2 already, and is not the same there: Pods would restart/,
    );
    expect(refused).not.toMatch(/ConfigMap|back/);
    expect(await readRecord(flow.control, 'shop')).toBeUndefined();
    const settings = { overwritten: ['Deployment/shop/front'] };
    const pods = await podsOf('member2');
    let deleting: Promise<unknown> | undefined;
    const victim = pods.find((each) => each.startsWith('back-'))!.split(' ')[0]!;
    const show = ({ wave }: ApplyView) => {
      if (wave === 6) deleting ??= flow.member('member2').resource(Pods).delete({ namespace: 'shop', name: victim });
    };
    const rollBack = wavesBack(flow, made);
    const outcome = await apply(made, { settings: { ...settings, waveSize: 2 }, more: { show, rollBack } });
    await deleting;
    expect(outcome).toMatchObject({
      is: 'rolled-back',
      why: `Deployment shop/back: member2: its Pod ${victim} is gone, which ran before`,
    });
    expect(await apply(made, { settings: { ...settings, resume: true }, more: { rollBack } })).toMatchObject({
      is: 'applied',
    });
    expect((await member2.get(theirs('front', ''))).spec.template.spec.containers[0].image).toBe('x');
    expect(await podsOf()).toEqual(made.pods);
  });
});
