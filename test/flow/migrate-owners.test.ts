/** What others in a cluster have set is taken over as it is: no Pod restarts, and nobody begins to fight about it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Pod } from '#apis/kubernetes/types.ts';
import { Pods } from '#apis/kubernetes/types.ts';
import type { Flow } from '#harness/flow.ts';
import { type Anything, kubectl } from '#harness/kubectl.ts';
import { applying, evidenceNow, planned, verified } from '#harness/migration.ts';
import { makeOwned, ownedCases, ownedNamespace } from '#harness/owned.ts';
import { asKept, ours, rollingBack } from '#harness/rolled-back.ts';
import { handsOn } from '#harness/samples.ts';
import { titleOf } from '#migrate/model.ts';
import { startFleet } from '../simulation/fleet.ts';

const namespace = ownedNamespace.metadata.name;
/** An owner comes again every three of them. */
const watchedMinutes = 10;
const everyMinutes = 3;

let flow: Flow;
const subjects = ownedCases.map(({ objects }) => objects[0]);
/** As plans and results name it. */
const titleIn = ({ kind, metadata }: Anything) => titleOf({ kind, ...metadata });
const all = ownedCases.flatMap(({ objects }) => objects);

/** At one moment, by title. */
interface Moment {
  readonly objects: ReadonlyMap<string, Anything>;
  readonly pods: readonly string[];
}

async function look(): Promise<Moment> {
  const { member1 } = handsOn(flow);
  const { items } = await flow.member('member1').resource<Pod>(Pods).list({ namespace });
  return {
    objects: new Map(await Promise.all(all.map(async (each) => [titleIn(each), await member1.get(each)] as const))),
    pods: items.map(({ metadata }) => `${metadata.name} ${metadata.uid}`).sort(),
  };
}

const podsOf = ({ pods }: Moment, { metadata }: Anything) => pods.filter((pod) => pod.startsWith(`${metadata.name}-`));

const moments: Record<'before' | 'settled' | 'later' | 'back', Moment> = {} as never;
let verdicts: ReadonlyMap<string, Anything>;
let verification: Awaited<ReturnType<typeof verified>>;
let results: ReadonlyMap<string, Anything>;
/** Writes of components between `settled` and `later`, to whichever server. */
let writes: readonly Flow['writes'][number][];

beforeAll(async () => {
  ({ flow } = await startFleet(31));
  const { control } = handsOn(flow);
  const member = flow.member('member1');
  await makeOwned(member, () => flow.pass(10_000));
  await flow.until('clusters are ready', async () => {
    const clusters = await kubectl(flow.control).list('cluster.karmada.io/v1alpha1', 'Cluster');
    return clusters.every((each) =>
      each.status?.conditions?.some((one: Anything) => one.type === 'Ready' && one.status === 'True'),
    );
  });
  await flow.pass(30_000);
  moments.before = await look();
  const made = await planned(flow, { scope: { namespaces: [namespace] } });
  verdicts = new Map(made.plan.objects.map((each) => [titleOf(each), each]));
  const evidence = await evidenceNow(flow, made);
  expect(await flow.drive(applying(flow, made))).toMatchObject({ is: 'applied', leftOut: [] });
  const ownersCome = async () => {
    for (const { again, objects } of ownedCases) await flow.drive(again(member, objects[0]));
  };
  await flow.pass(30_000);
  // Once they have come, those who apply by force share what they state, which is the last that changes.
  await ownersCome();
  await flow.pass(30_000);
  moments.settled = await look();
  const from = flow.writes.length;
  for (let minute = 0; minute < watchedMinutes; minute++) {
    if (minute % everyMinutes === 0) await ownersCome();
    await flow.pass(60_000);
  }
  writes = flow.writes.slice(from);
  moments.later = await look();
  verification = await verified(flow, made, evidence);
  const back = await flow.drive(rollingBack(flow, made));
  results = new Map(back.objects.map((each) => [titleOf(each.object), each]));
  await flow.pass(30_000);
  moments.back = await look();
  expect(await control.list('work.karmada.io/v1alpha1', 'Work')).toEqual([]);
}, 60_000);
afterAll(() => flow?.stop());

describe.each(ownedCases)('$what', ({ objects: [object], holds }) => {
  const title = titleIn(object);
  const at = (moment: keyof typeof moments): Anything => moments[moment].objects.get(title);

  it('is there, and planned as an adoption', () => {
    expect(holds(at('before'))).toBe(true);
    expect(verdicts.get(title).verdict).toEqual({ is: 'adopt' });
  });

  it('is taken over to the last letter, and no Pod is replaced', () => {
    expect(at('settled').metadata.labels['karmada.io/managed']).toBe('true');
    expect(JSON.stringify(at('settled').spec)).toBe(JSON.stringify(at('before').spec));
    expect(podsOf(moments.settled, object).length).toBeGreaterThan(1);
    expect(podsOf(moments.settled, object)).toEqual(podsOf(moments.before, object));
  });

  it('is written by nobody any more, however often its owner comes again', () => {
    expect(at('later').metadata.resourceVersion).toBe(at('settled').metadata.resourceVersion);
    expect(podsOf(moments.later, object)).toEqual(podsOf(moments.before, object));
    expect(verification.differences.filter((each) => each.object === title)).toEqual([]);
  });

  it('is given back as it was', () => {
    expect(results.get(title)).toMatchObject({ is: 'restored' });
    expect(ours(at('back'))).toEqual([]);
    expect(asKept(at('back'))).toEqual(asKept(at('before')));
    expect(podsOf(moments.back, object)).toEqual(podsOf(moments.before, object));
  });
});

describe('all of them', () => {
  it('are proven, and no component writes about any', () => {
    expect(verification).toMatchObject({ proven: true, unmanaged: [] });
    const names = new Set(subjects.map(({ metadata }) => metadata.name));
    const about = writes.filter(({ request: { path } }) => [...names].some((name) => path.name?.startsWith(name)));
    expect(
      about.map(({ component, server, request }) => `${component} ${request.verb} ${server} ${request.path.name}`),
    ).toEqual([]);
  });
});
