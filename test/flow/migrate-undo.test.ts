/** Going back after things went wrong: a lost folder, spoilt originals, people who changed things; as it was foretold. */
import { afterEach, describe, expect, it } from 'vitest';
import '#harness/policies-loaded.ts';
import { ControllerRevisions, Secrets } from '#apis/kubernetes/types.ts';
import { restMapper } from '#client/mapper/mapper.ts';
import type { Flow } from '#harness/flow.ts';
import type { Anything } from '#harness/kubectl.ts';
import { type Applying, applying, asInEvidence, evidenceNow, type Planned, shop } from '#harness/migration.ts';
import { asKept, ours, previewing, type RollingBack, rollingBack } from '#harness/rolled-back.ts';
import { inShop, podsIn, type RunningShop, rejected, runningShop } from '#harness/running-shop.ts';
import { handsOn } from '#harness/samples.ts';
import { rounds } from '#harness/soak.ts';
import { type PlannedObject, referenceOf } from '#migrate/model.ts';
import { rebuiltPlan } from '#migrate/record/rebuild.ts';
import { stateOf } from '#migrate/record/record.ts';
import { readRecord } from '#migrate/record/store.ts';
import type { RolledBack } from '#migrate/rollback/options.ts';
import type { ObjectPreview, PlacePreview } from '#migrate/rollback/preview.ts';
import { seededRandom } from '#world/random/seeded.ts';

const seeds = Array.from({ length: rounds({ test: 2, soak: 100 }) }, (_, i) => i + 1);
const both = ['member1', 'member2'];

let flow: Flow;
afterEach(() => flow?.stop());

async function migrated(): Promise<RunningShop> {
  const made = await runningShop({ to: both });
  ({ flow } = made);
  expect(await apply(made)).toMatchObject({ is: 'applied' });
  return made;
}

const apply = (made: Planned, options: Applying = {}) => flow.drive(applying(flow, made, options));
const back = (made: Planned, options: RollingBack = {}) => flow.drive(rollingBack(flow, made, options));
const recordOf = async () => (await readRecord(flow.control, 'shop'))!;
const isOver = ({ is }: RolledBack) => is === 'restored' || is === 'untouched';

async function nothingLeft(): Promise<void> {
  const { control } = handsOn(flow);
  for (const kind of ['PropagationPolicy', 'ClusterPropagationPolicy'])
    expect(await control.list('policy.karmada.io/v1alpha1', kind)).toEqual([]);
  expect(await control.list('work.karmada.io/v1alpha1', 'Work')).toEqual([]);
  for (const cluster of both) {
    const place = { namespace: `karmada-es-${cluster}` };
    expect((await flow.control.resource(ControllerRevisions).list(place)).items).toEqual([]);
    expect((await flow.control.resource(Secrets).list(place)).items).toEqual([]);
    for (const object of shop) {
      const live = await handsOn(flow)[cluster as 'member1'].find(object);
      if (live) expect(ours(live), `${cluster} ${object.kind} ${object.metadata.name}`).toEqual([]);
    }
  }
}

describe('going back', () => {
  it('needs no folder: the control plane knows what the plan took over', async () => {
    const made = await migrated();
    const one = await back(made, { scope: { object: 'Deployment/shop/front' } });
    expect(one.objects).toMatchObject([{ is: 'restored' }]);
    // It is taken over again where the migration goes on.
    expect(await apply(made, { settings: { resume: true } })).toMatchObject({ is: 'applied' });
    expect(ours(await handsOn(flow).member1.get(inShop('Deployment', 'front')))).not.toEqual([]);

    // What the control plane keeps of the plan besides is no template.
    const kept = { namespace: 'karmada-system', name: 'kept', labels: { 'migrate.flotilla.io/plan': 'shop' } };
    await flow.control.resource(Secrets).create({ apiVersion: 'v1', kind: 'Secret', metadata: kept });
    const control = { client: flow.control, mapper: restMapper(flow.control, { clock: flow.clock }) };
    const plan = await flow.drive(recordOf().then((record) => rebuiltPlan(control, record)));
    const shapes = (objects: readonly PlannedObject[]) =>
      objects.flatMap((each) => (each.wave === undefined ? [] : [`${each.wave} ${referenceOf(each)}`])).sort();
    expect(shapes(plan.objects)).toEqual(shapes(made.plan.objects));
    const result = await back(made, { plan, removeCopies: true });
    expect(result.objects.filter((each) => !isOver(each))).toEqual([]);
    expect(result.objects.every(({ is, notes }) => is === 'untouched' || notes.length === 0)).toBe(true);
    expect(stateOf(await recordOf())).toBe('rolled-back');
    expect(await podsIn(flow, 'member1')).toEqual(made.pods);
    await nothingLeft();
  });

  it('frees what a control plane of an older backup knows nothing of, and takes it over again', async () => {
    const made = await migrated();
    const { member1 } = handsOn(flow);
    const one = inShop('ConfigMap', 'one');
    const { labels, annotations } = (await member1.get(one)).metadata;
    await back(made);
    await flow.drive(member1.patch(one, { metadata: { labels, annotations } }));
    expect(await rejected(apply(made))).toContain(
      'ConfigMap shop/one is under management by this plan, and the control plane has lost its template',
    );
    const freed = await back(made, { scope: { object: 'ConfigMap/shop/one' } });
    expect(freed.objects).toMatchObject([{ is: 'restored' }]);
    expect(ours(await member1.get(one))).toEqual([]);
    // A Secret that was written since says nothing of its data, unless somebody has seen it before.
    expect(await rejected(apply(made))).toContain('Secret shop/password was written since, and a plan holds nothing');
    const isAsBefore = asInEvidence(await evidenceNow(flow, made));
    expect(await apply(made, { more: { isAsBefore } })).toMatchObject({ is: 'applied' });
    expect(await podsIn(flow, 'member1')).toEqual(made.pods);
  });

  it('puts back what the plan itself has changed, and nothing that would stop Pods or is of others', async () => {
    const made = await runningShop({ to: both });
    ({ flow } = made);
    const { member1, control } = handsOn(flow);
    const edit = async (file: string, from: string, to: string) => {
      const text = (await made.disk.readText(`${made.folder}/${file}`))!;
      expect(text).toContain(from);
      await made.disk.write(`${made.folder}/${file}`, text.replace(from, to));
    };
    const fileOf = (kind: string) => made.plan.objects.find((each) => each.kind === kind)!.file!;
    await edit(fileOf('ConfigMap'), '  name: one\nkind', '  name: first\nkind');
    await edit(fileOf('ConfigMap'), '  name: two\nkind', '  name: other\n  more: two\nkind');
    await edit(fileOf('ConfigMap'), '  name: three\nkind', '  other: three\nkind');
    await edit(fileOf('ResourceQuota'), '"50"', '"60"');
    await edit(fileOf('DaemonSet'), 'spec:\n', 'spec:\n  minReadySeconds: 9\n');
    await edit(fileOf('DaemonSet'), 'image: x', 'image: z');
    const settings = { allowedRestarts: ['DaemonSet/shop/agent'], dropped: ['ConfigMap/shop/three'] };
    const lives = async () => {
      const found = await Promise.all(shop.map((object) => member1.get(object)));
      return new Map(found.map((each) => [`${each.kind}/${each.metadata.name}`, asKept(each)]));
    };
    const before = await lives();
    expect(await apply(made, { settings })).toMatchObject({ is: 'applied' });
    const agent = inShop('DaemonSet', 'agent');
    await flow.until('it is rolled out', async () => {
      const { status, metadata } = await member1.get(agent);
      return (
        status.observedGeneration === metadata.generation &&
        status.updatedNumberScheduled === status.desiredNumberScheduled &&
        status.numberAvailable === status.desiredNumberScheduled
      );
    });
    // Somebody's edit of a template is theirs, whoever wrote the field before.
    const front = inShop('Deployment', 'front');
    await control.patch(front, { spec: { minReadySeconds: 3 } }, 'kubectl-edit');
    await flow.until('it has arrived', async () => (await member1.get(front)).spec.minReadySeconds === 3);
    expect((await member1.get(inShop('ConfigMap', 'two'))).data).toEqual({ name: 'other', more: 'two' });
    expect((await member1.get(inShop('ConfigMap', 'three'))).data).toEqual({ other: 'three' });
    for (const object of refusingOld) await flow.drive(member1.apply(object));
    await flow.pass(2_000);
    const pods = await podsIn(flow, 'member1');

    const previews = await flow.drive(previewing(flow, made));
    const told = previews.flatMap(({ object, places }) =>
      places.flatMap((place) =>
        place.is === 'restored' && place.putBack.length + place.restarting.length > 0
          ? [`${object.kind} ${object.name}: ${place.putBack.join(' ')}; ${place.restarting.join(' ')}`]
          : [],
      ),
    );
    expect(told.sort()).toEqual([
      'ConfigMap one: .data.name; ',
      'ConfigMap three: .data.name .data.other .metadata.annotations.work.flotilla.io/write; ',
      'ConfigMap two: .data.more .data.name; ',
      'DaemonSet agent: .spec.minReadySeconds; .spec.template.spec.containers[name="main"].image',
      'ResourceQuota most: .spec.hard.pods; ',
    ]);
    const { objects } = await back(made);
    expect(objects.filter((each) => !isOver(each))).toEqual([]);
    expect(await podsIn(flow, 'member1')).toEqual(pods);
    const after = await lives();
    expect(objects.find(({ object }) => object.name === 'one')?.notes).toEqual([
      'changed since it was taken over, and left so: .data.name (kubectl-client-side-apply)',
      'its copy in member2 stays',
    ]);
    const others = ['ConfigMap/one', 'Deployment/front', 'DaemonSet/agent'];
    for (const [title, object] of before) if (!others.includes(title)) expect(after.get(title), title).toEqual(object);
    expect((await member1.get(front)).spec.minReadySeconds).toBe(3);
    expect((await member1.get(agent)).spec.template.spec.containers[0].image).toBe('z');
    expect((await member1.get(agent)).spec.minReadySeconds ?? 0).toBe(0);
    await nothingLeft();
  });

  it.each(seeds)('does what its preview says, whatever people have done since (seed %i)', async (seed) => {
    const made = await migrated();
    const random = seededRandom(seed);
    const pick = <T>(items: readonly T[]): T => items[Math.floor(random.next() * items.length)]!;
    const removeCopies = seed % 2 === 0;
    await flow.stopComponents('karmada-controller-manager');
    for (let i = 0; i < 12; i++) await flow.drive(meddle(pick(shop.filter(mayBeMeddledWith)), random.next()));
    await flow.startComponents();
    await flow.pass(10_000);
    const pods = await podsIn(flow, 'member1');
    const previews = await flow.drive(previewing(flow, made, { removeCopies }));
    const { objects } = await back(made, { removeCopies });
    expect(objects.filter((each) => !isOver(each))).toEqual([]);
    for (const preview of previews)
      await cameTrue(
        preview,
        objects.find(({ object }) => object.name === preview.object.name && object.kind === preview.object.kind)!,
      );
    expect(await podsIn(flow, 'member1')).toEqual(pods);
    await nothingLeft();
  });
});

/** A cluster's own rule, younger than the migration: what an object had before it is to have no more. */
const refusingOld: readonly Anything[] = [
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: 'no-ones' },
    spec: {
      failurePolicy: 'Fail',
      matchConstraints: {
        resourceRules: [{ apiGroups: [''], apiVersions: ['*'], operations: ['UPDATE'], resources: ['configmaps'] }],
      },
      validations: [{ expression: "object.data.?name.orValue('') != 'one'", message: 'no ones any more' }],
    },
  },
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: 'no-ones' },
    spec: { policyName: 'no-ones', validationActions: ['Deny'] },
  },
];

/** Deleting these stops Pods, or everything. */
const mayBeMeddledWith = ({ kind }: Anything) =>
  !['Namespace', 'Deployment', 'StatefulSet', 'DaemonSet', 'PersistentVolumeClaim'].includes(kind);

/** `how`: from 0 to 1. */
async function meddle(object: Anything, how: number): Promise<void> {
  const hands = handsOn(flow);
  const member = how * 10 - Math.floor(how * 10) < 0.6 ? hands.member1 : hands.member2;
  if (how < 0.3) {
    if (await member.find(object)) await member.label(object, 'seen', 'yes');
  } else if (how < 0.45) {
    if (await member.find(object)) await member.delete(object);
  } else if (how < 0.6) {
    if (await member.find(object)) await member.delete(object);
    await member.serverApply(object);
  } else if (how < 0.8) {
    await spoil(object.kind === 'Secret');
  }
}

/** What is kept of the first object of a cluster is lost, or what it says is no JSON. */
async function spoil(secrets: boolean): Promise<void> {
  const kept = flow.control.resource((secrets ? Secrets : ControllerRevisions) as typeof Secrets);
  const [first] = (await kept.list({ namespace: 'karmada-es-member1' })).items;
  if (!first) return;
  const name = { namespace: 'karmada-es-member1', name: first.metadata.name! };
  if (!secrets) await kept.delete(name);
  else
    await kept.patch(name, 'merge', {
      stringData: Object.fromEntries(Object.keys(first.data ?? {}).map((key) => [key, '{'])),
    });
}

async function cameTrue({ object, template, untouched, places }: ObjectPreview, result: RolledBack): Promise<void> {
  const hands = handsOn(flow);
  const named = {
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: { namespace: object.namespace, name: object.name },
  };
  expect(result.is === 'untouched').toBe(untouched);
  if (template === 'deleted') expect(await hands.control.find(named)).toBeUndefined();
  for (const place of places) {
    const live = await hands[place.cluster as 'member1'].find(named);
    const told = `${place.cluster} ${referenceOf(object)} ${place.is}`;
    expect(live !== undefined, told).toBe(!['gone', 'removed'].includes(place.is));
    if (place.is === 'restored') restored(place, live, result.notes, told);
    if (place.is === 'replaced') expect(result.notes, told).toContainEqual(expect.stringContaining('made anew'));
  }
}

function restored(
  place: PlacePreview & { readonly is: 'restored' },
  live: Anything,
  notes: readonly string[],
  told: string,
) {
  const { labels = {}, annotations = {}, managedFields = [] } = live.metadata;
  for (const key of place.takenOff) expect([labels[key], annotations[key]], told).toEqual([undefined, undefined]);
  const managers = managedFields.map(({ manager }: Anything) => manager);
  expect(managers, told).toEqual(expect.arrayContaining(place.givenBack.map(({ manager }) => manager)));
  for (const { path } of place.changed) expect(notes.join(' '), told).toContain(path);
}
