/** The steps of a rehearsal, each done as its command does it. */
import { type Binding, bindingKinds } from '#apis/work/binding.ts';
import type { TypedResource } from '#client/api-client.ts';
import { listAll } from '#client/list-all.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { checkObjects } from '../apply/check.ts';
import { applyPlan } from '../apply/run.ts';
import { refusedByPlan } from '../apply/schedule.ts';
import { compareEvidence } from '../evidence/compare.ts';
import type { Evidence, EvidenceSet } from '../evidence/evidence.ts';
import { evidenceKeyOf } from '../evidence/key.ts';
import { takeEvidence } from '../evidence/take.ts';
import { isAdopted, type PlannedObject, referenceOf, titleOf } from '../model.ts';
import { identityOfPlanned, readLive } from '../reading/live.ts';
import { rollBackRecorded } from '../rollback/recorded.ts';
import { wavesOf } from '../rollback/scope.ts';
import { bindingsByTemplate } from '../verify/standing.ts';
import { type Verification, verification } from '../verify/verify.ts';
import type { Ground } from './ground.ts';
import { leftOn } from './left.ts';
import type { Found, Reason } from './report.ts';

export const adopted = ({ content }: Ground): readonly PlannedObject[] => content.plan.objects.filter(isAdopted);

export const clustersOf = ({ content: { plan } }: Ground): readonly string[] => [
  ...new Set([plan.spec.from.cluster, ...plan.spec.to]),
];

const othersIn = (ground: Ground) =>
  clustersOf(ground)
    .filter((name) => name !== ground.content.plan.spec.from.cluster)
    .map((cluster) => ({ ...ground.member(cluster), cluster }));

const reason = (object: PlannedObject, why: string): Reason => ({ object: titleOf(object), why });

export interface Refusals {
  readonly reasons: readonly Reason[];
  /** Apply writes nothing of such a plan: the cluster is another one by now. */
  readonly whole: boolean;
}

/** What apply would refuse without being told otherwise; restarts apart nothing of such a plan can be rehearsed. */
export async function refusals(ground: Ground): Promise<Refusals> {
  const { sandbox, content, control, from, interpreter } = ground;
  const { plan } = content;
  const check = (mayRestart: boolean) =>
    sandbox.drive(
      checkObjects(
        {
          plan: plan.metadata.name,
          from,
          control,
          interpreter,
          fileOf: content.templateOf,
          mayRestart: () => mayRestart,
          isDropped: () => false,
          others: othersIn(ground),
          mayOverwrite: () => false,
        },
        adopted(ground),
      ),
    );
  const { stale } = await check(false);
  const restarting = adopted(ground).filter(({ verdict }) => verdict.is === 'restart');
  return {
    whole: stale.length > 0 && (await check(true)).stale.length > 0,
    reasons: [
      ...refusedByPlan(plan).map(({ object, why }) => reason(object, why)),
      ...restarting.map((object) => reason(object, `its Pods would restart; apply leaves it out`)),
      ...stale.map(({ object, why }) => reason(object, why)),
    ],
  };
}

/** All of it, restarts included, so that they are seen. */
export async function apply(ground: Ground, told: (doing: string) => void) {
  const { sandbox, content, control, from, interpreter } = ground;
  const { clock, random } = sandbox;
  const allowedRestarts = content.plan.objects.filter(isAdopted).map(referenceOf);
  return sandbox.drive(
    applyPlan({
      ...content,
      control,
      from,
      member: async (name) => ground.member(name),
      interpreter,
      clock,
      random,
      settings: {
        maxFailures: allowedRestarts.length,
        resume: false,
        allowedRestarts,
        dropped: [],
        overwritten: [],
        timeoutMs: patienceMs,
      },
      holder: 'rehearsal',
      isDead: () => false,
      stopping: () => false,
      confirm: async () => true,
      show: ({ wave, doing }) => told(wave === undefined ? doing : `wave ${wave}: ${doing}`),
      tell: () => {},
    }),
  );
}

/** As both commands have it. */
const patienceMs = 60_000;

/** As `migrate rollback` does it without being told otherwise. Answers what is not given back. */
export async function rollBack(
  { sandbox, content, control, from, member }: Ground,
  told: (doing: string) => void,
): Promise<readonly Reason[]> {
  const { clock, random } = sandbox;
  const { plan, hash } = content;
  const { objects } = await sandbox.drive(
    rollBackRecorded({
      plan,
      hash,
      control,
      member: async (name) => member(name),
      kindOf: from.kindOf,
      clock,
      random,
      removeCopies: false,
      waves: wavesOf(plan, {}),
      whole: true,
      timeoutMs: patienceMs,
      holder: 'rehearsal',
      isDead: () => false,
      stopping: () => false,
      show: (_record, wave, doing) => told(wave === undefined ? doing : `wave ${wave}: ${doing}`),
      tell: () => {},
    }),
  );
  return objects
    .filter(({ is }) => is === 'failed' || is === 'waiting')
    .map(({ object, is, why }) => reason(object, why ?? is));
}

/** Such evidence is never kept: anybody may know its key. */
const key = evidenceKeyOf('0'.repeat(64));

/** Each cluster as it is, by name. What a cluster has no kind for yet is not there. */
export async function evidenceOf(ground: Ground): Promise<ReadonlyMap<string, Evidence>> {
  const { sandbox } = ground;
  const all = new Map<string, Evidence>();
  for (const name of clustersOf(ground)) {
    const source = ground.member(name);
    const taking = async () => {
      return takeEvidence({ source, objects: adopted(ground), clock: sandbox.clock, key });
    };
    all.set(name, await sandbox.drive(taking()));
  }
  return all;
}

export function differences(
  { content: { plan } }: Ground,
  before: ReadonlyMap<string, Evidence>,
  after: ReadonlyMap<string, Evidence>,
): readonly Found[] {
  return [...before].flatMap(([cluster, evidence]) => compareEvidence(plan, evidence, after.get(cluster)!));
}

export async function bindingsIn({ sandbox, control }: Ground): Promise<readonly Binding[]> {
  const lists = bindingKinds.map((kind) => listAll(control.client, kind as TypedResource<Binding>));
  return (await sandbox.drive(Promise.all(lists))).flat();
}

export async function verify(
  ground: Ground,
  before: ReadonlyMap<string, Evidence>,
  after: ReadonlyMap<string, Evidence>,
): Promise<Verification> {
  const { plan } = ground.content;
  const { cluster } = plan.spec.from;
  const set = (evidence: Evidence): EvidenceSet => ({
    plan: plan.metadata.name,
    key: key.id,
    takenAt: evidence.takenAt,
    clusters: [evidence],
    unseen: [],
  });
  return verification({
    plan,
    before: set(before.get(cluster)!),
    after: set(after.get(cluster)!),
    bindings: bindingsByTemplate(await bindingsIn(ground)),
  });
}

type Lives = ReadonlyMap<string, ReadonlyMap<string, UnstructuredObject>>;

/** The plan's objects in each cluster, by cluster and identity. */
export async function livesOf(ground: Ground): Promise<Lives> {
  const lives = new Map<string, ReadonlyMap<string, UnstructuredObject>>();
  for (const name of clustersOf(ground)) {
    lives.set(name, await ground.sandbox.drive(readLive(ground.member(name), adopted(ground))));
  }
  return lives;
}

/** What rollback leaves behind, cluster by cluster; `copies`: objects that stay in clusters that had none. */
export function leftovers(ground: Ground, before: Lives, after: Lives) {
  const clusters = clustersOf(ground);
  const left: Reason[] = [];
  let copies = 0;
  for (const cluster of clusters) {
    for (const object of adopted(ground)) {
      const identity = identityOfPlanned(object);
      const [then, now] = [before.get(cluster)?.get(identity), after.get(cluster)?.get(identity)];
      if (now && !then) copies++;
      const what = now ? leftOn(now, then) : [];
      if (what.length > 0) left.push(reason(object, `keeps in ${cluster}: ${what.join(', ')}`));
    }
  }
  return { left, copies };
}
