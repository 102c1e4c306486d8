/** Proves a migration: what was there before runs as it did, and is where the record says it is by now. Pure. */
import { compareEvidence, type Difference, identityOfEvidence } from '../evidence/compare.ts';
import { type Evidence, type EvidenceSet, evidenceIn, type ObjectEvidence, type Unseen } from '../evidence/evidence.ts';
import { isAdopted, type MigrationPlan, type PlannedObject, titleOf } from '../model.ts';
import { staysHome } from '../plan/placing.ts';
import type { MigrationRecord, WaveState } from '../record/record.ts';
import type { AllReasons } from './reasons.ts';
import { type BindingsByTemplate, expectationOf, stateIn, timesOf, whyUnmanaged, whyUnwell } from './standing.ts';

export interface Unmanaged {
  readonly object: string;
  readonly cluster: string;
  readonly why: string;
}

/** What was counted, for those who want to know how much the proof covers. */
export interface Coverage {
  readonly objects: number;
  readonly pods: number;
  readonly containers: number;
  readonly revisions: number;
  readonly endpoints: number;
  /** In other clusters: objects that were there before, and copies that are to be there now. */
  readonly there: number;
  readonly copies: number;
  /** In the running cluster: what is under management or is still to come, and what a rollback has given back. */
  readonly managed: number;
  readonly givenBack: number;
}

/** Fields that are others than before, and no failure. */
export interface ExpectedChanges {
  readonly controllers: number;
  /** Edits of templates in the control plane since. */
  readonly templates: number;
  readonly plan: number;
}

export interface Verification {
  readonly plan: string;
  readonly cluster: string;
  readonly clusters: readonly string[];
  /** How far the migration is by its record. */
  readonly state: WaveState;
  readonly before: string;
  readonly after: string;
  /** Exit code 0. */
  readonly proven: boolean;
  readonly verdict: string;
  readonly coverage: Coverage;
  readonly expected: ExpectedChanges;
  readonly differences: readonly Difference[];
  /** What is not where it should be. */
  readonly unmanaged: readonly Unmanaged[];
  /** Of waves that are not through: what is not taken over yet. */
  readonly open: number;
  /** Their Pods would restart, and nobody allowed it. */
  readonly leftOut: readonly string[];
  readonly unseen: readonly Unseen[];
}

const sum = (objects: readonly ObjectEvidence[], of: (object: ObjectEvidence) => number): number =>
  objects.reduce((total, object) => total + of(object), 0);

function coverageOf(
  before: EvidenceSet,
  cluster: string,
  { copies, managed, givenBack }: Pick<Standing, 'copies' | 'managed' | 'givenBack'>,
): Coverage {
  const objects = evidenceIn(before, cluster)?.objects ?? [];
  const others = before.clusters.filter((each) => each.cluster !== cluster);
  return {
    objects: objects.length,
    pods: sum(objects, ({ pods = [] }) => pods.length),
    containers: sum(objects, ({ pods = [] }) => pods.reduce((count, pod) => count + pod.containers.length, 0)),
    revisions: sum(objects, ({ revisions = [] }) => revisions.length),
    endpoints: sum(objects, ({ endpoints = [] }) => endpoints.length),
    there: others.reduce((total, each) => total + each.objects.length, 0),
    copies,
    managed,
    givenBack,
  };
}

function expectedChanges(differences: readonly Difference[]): ExpectedChanges {
  const fields = differences.flatMap((each) => each.fields ?? []);
  const count = (by: string) => fields.filter((each) => each.by === by).length;
  return { controllers: count('controller'), templates: count('template'), plan: count('plan') };
}

export interface VerifyInput {
  readonly plan: MigrationPlan;
  readonly before: EvidenceSet;
  readonly after: EvidenceSet;
  readonly bindings: BindingsByTemplate;
  /** Undefined where the control plane has none. */
  readonly record?: MigrationRecord | undefined;
  readonly reasons?: AllReasons;
}

/** All differences between two looks, cluster by cluster, the running one first. */
const differencesOf = ({ plan, before, after, record, reasons }: VerifyInput): readonly Difference[] => {
  const times = timesOf(record);
  return after.clusters.flatMap((now) => {
    const then = evidenceIn(before, now.cluster);
    const own = reasons?.get(now.cluster);
    const known = { times, reasonsOf: (identity: string) => own?.get(identity) };
    return then ? compareEvidence(plan, then, now, known) : [];
  });
};

export function verification(input: VerifyInput): Verification {
  const { plan, before, after, record } = input;
  const { cluster } = plan.spec.from;
  const differences = differencesOf(input);
  const standing = standingOf(input);
  const state = stateIn(record);
  const { unseen } = after;
  const failures = differences.filter(({ is }) => is !== 'note').length;
  const { unmanaged, open } = standing;
  const found = {
    cluster,
    state,
    differences,
    unmanaged,
    open,
    unseen,
    givenBack: standing.givenBack,
    proven: failures + unmanaged.length + unseen.length + open === 0 && isThrough(state),
  };
  const { givenBack: _, ...told } = found;
  return {
    plan: plan.metadata.name,
    clusters: [...after.clusters.map((each) => each.cluster), ...unseen.map((each) => each.cluster)],
    before: before.takenAt,
    after: after.takenAt,
    ...told,
    verdict: verdictOf(found),
    coverage: coverageOf(before, cluster, standing),
    expected: expectedChanges(differences),
    leftOut: standing.leftOut,
  };
}

const isThrough = (state: WaveState): boolean => state === 'applied' || state === 'rolled-back';

interface Standing {
  readonly unmanaged: readonly Unmanaged[];
  readonly open: number;
  readonly leftOut: readonly string[];
  readonly copies: number;
  readonly managed: number;
  readonly givenBack: number;
}

type ByIdentity = ReadonlyMap<string, ObjectEvidence>;

function standingOf({ plan, before, after, bindings, record }: VerifyInput): Standing {
  const expected = expectationOf(record);
  const home = plan.spec.from.cluster;
  const index = (evidence: Evidence | undefined): ByIdentity =>
    new Map((evidence?.objects ?? []).map((each) => [identityOfEvidence(each), each]));
  const adopted = plan.objects.filter(isAdopted);
  const unmanaged: Unmanaged[] = [];
  let [open, copies, managed, givenBack] = [0, 0, 0, 0];
  for (const { cluster } of after.clusters) {
    const [then, now] = [index(evidenceIn(before, cluster)), index(evidenceIn(after, cluster))];
    const isHome = cluster === home;
    for (const object of isHome ? adopted : adopted.filter((each) => !staysHome(each))) {
      const identity = identityOfEvidence(object);
      const state = expected(object);
      const live = now.get(identity);
      if (isHome && state === 'free') givenBack++;
      if (isHome && (state === 'managed' || state === 'open')) managed++;
      // That it is gone is told by what differs.
      if (isHome && !live) continue;
      const why = whyWrong({ object, state, live, there: isHome || then.has(identity), cluster, bindings });
      if (!isHome && state === 'managed') copies++;
      if (why === undefined) continue;
      if (state === 'open') open += isHome ? 1 : 0;
      else unmanaged.push({ object: titleOf(object), cluster, why });
    }
  }
  const leftOut = adopted.filter((object) => expected(object) === 'left-out').map(titleOf);
  return { unmanaged, open, leftOut, copies, managed, givenBack };
}

interface Place {
  readonly object: PlannedObject;
  readonly state: ReturnType<ReturnType<typeof expectationOf>>;
  readonly live: ObjectEvidence | undefined;
  /** It was there before. */
  readonly there: boolean;
  readonly cluster: string;
  readonly bindings: BindingsByTemplate;
}

function whyWrong({ object, state, live, there, cluster, bindings }: Place): string | undefined {
  if (state === 'left-out') return undefined;
  if (state === 'free') return live?.managed ? `was rolled back, and carries our mark in ${cluster} still` : undefined;
  return whyUnmanaged(object, live, cluster, bindings) ?? (there ? undefined : whyUnwell(object, cluster, bindings));
}

type Judged = Pick<Verification, 'cluster' | 'state' | 'proven' | 'differences' | 'unmanaged' | 'open' | 'unseen'> &
  Pick<Coverage, 'givenBack'>;

const counted = (count: number, one: string, many: string): readonly string[] =>
  count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];

function verdictOf({ cluster, state, proven, differences, unmanaged, open, unseen, givenBack }: Judged): string {
  const rolledBack = state === 'rolled-back';
  if (proven) {
    return rolledBack
      ? `Proven: what ran in ${cluster} before runs as it did, and has been given back.`
      : `Proven: what ran in ${cluster} before runs as it did, and is under management${givenBack > 0 ? ` but for ${givenBack} given back` : ''}.`;
  }
  const count = (is: Difference['is']) => differences.filter((each) => each.is === is).length;
  const parts = [
    ...counted(count('restart'), 'restart', 'restarts'),
    ...counted(count('change'), 'change', 'changes'),
    ...counted(count('drift'), 'change by others since', 'changes by others since'),
    ...counted(
      unmanaged.length,
      rolledBack ? 'not given back' : 'not under management',
      rolledBack ? 'not given back' : 'not under management',
    ),
    ...counted(open, 'not taken over yet', 'not taken over yet'),
    ...(rolledBack ? [] : counted(givenBack, 'given back', 'given back')),
    ...unseen.map((each) => `${each.cluster} could not be looked into`),
  ];
  const rest = isThrough(state) ? '' : ` The migration is ${state}.`;
  const harmless = count('restart') + count('change') + unmanaged.length + unseen.length === 0;
  const head = harmless && count('drift') > 0 ? 'Not as before, and not by the migration' : 'Not proven';
  return `${head}: ${parts.join(', ') || 'nothing differs so far'}.${rest}`;
}
