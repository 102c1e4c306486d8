/**
 * What a Deployment needs now: one new ReplicaSet at most, other sizes, fewer old revisions, another status. One call
 * is one step of a rollout; the next follows from what the ReplicaSets then report.
 */
import type { Deployment, DeploymentStatus, ReplicaSet } from '#apis/kubernetes/types.ts';
import { revision } from './annotations.ts';
import { type Conditions, conditionOf, createdNews, foundNews, progressing, withNews } from './conditions.ts';
import { newReplicaSet } from './plan/create.ts';
import { withAnnotations } from './plan/resize.ts';
import { annotationsOfNewest, forgotten, newReplicaSetOf, nextRevision } from './plan/revisions.ts';
import { emptied, rolled } from './plan/rollout.ts';
import { isScaled, scaled } from './plan/scale.ts';
import { isRolling, replicasOf, totalReported } from './plan/sizes.ts';
import {
  counted,
  deadlineOf,
  isComplete,
  isUnderWay,
  type Observed,
  untilStuck,
  withPause,
  withProgress,
} from './plan/status.ts';

export interface DeploymentView {
  readonly deployment: Deployment;
  /** All that it controls. */
  readonly sets: readonly ReplicaSet[];
  /** Whether Pods of a ReplicaSet still run or terminate; asked for strategy Recreate only. */
  readonly hasPods: (set: ReplicaSet) => boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface DeploymentPlan {
  readonly create?: ReplicaSet;
  readonly update: readonly ReplicaSet[];
  readonly delete: readonly ReplicaSet[];
  readonly status: DeploymentStatus;
  /** Pods are still to come or to become available; none has been lost, and nothing is known to be in their way. */
  readonly isUnderWay: boolean;
  /** The annotation of the Deployment's revision, written with the status. */
  readonly revision?: string;
  /** Look again after so many milliseconds, if nothing happens before. */
  readonly recheckMs?: number;
}

/** The ReplicaSets as they shall be; `created` is one of them. */
interface Step {
  readonly sets: readonly ReplicaSet[];
  readonly newest?: ReplicaSet;
  readonly created?: ReplicaSet;
}

export function planDeployment(view: DeploymentView): DeploymentPlan {
  const { deployment, now } = view;
  const before = deployment.status?.conditions ?? [];
  if (deployment.metadata.deletionTimestamp !== undefined) return statusOnly(view, before);
  const paused = deployment.spec.paused === true;
  const isScaling = paused || isScaled(deployment, view.sets);
  const noted = withNewestNoted(view);
  const step = isScaling
    ? { ...noted, sets: scaled(deployment, noted.sets, noted.newest) }
    : isRolling(deployment)
      ? roll(deployment, noted)
      : recreate(view, noted);
  const conditions = withNewestNews(deployment, withPause(deployment, before, now), step, now);
  const observed = { deployment, sets: step.sets, newest: newestIn(step), now };
  const base = counted(observed, conditions);
  const status = isScaling ? base : withProgress(observed, base);
  const mayForget = paused || (!isScaling && isComplete(deployment, deployment.status ?? {}));
  const recheckMs = isScaling ? undefined : untilStuck(deployment, status, now);
  return {
    ...(step.created ? { create: step.created } : {}),
    update: step.sets.filter((set) => set !== step.created && !view.sets.includes(set)),
    delete: mayForget ? forgotten(deployment, oldIn(step)) : [],
    status,
    isUnderWay: !isScaling && isUnderWay(deployment, status),
    ...revisionOfStep(step),
    ...(recheckMs === undefined ? {} : { recheckMs }),
  };
}

/** Of a Deployment that is going away only the numbers are kept up. */
function statusOnly({ deployment, sets, now }: DeploymentView, conditions: Conditions): DeploymentPlan {
  const observed: Observed = { deployment, sets, newest: newReplicaSetOf(deployment, sets), now };
  return { update: [], delete: [], status: counted(observed, conditions), isUnderWay: false };
}

/** The newest ReplicaSet, if there is one, with the revision and annotations it shall have. */
function withNewestNoted({ deployment, sets }: DeploymentView): Step {
  const newest = newReplicaSetOf(deployment, sets);
  if (!newest) return { sets };
  const others = sets.filter((set) => set !== newest);
  const annotations = annotationsOfNewest(deployment, newest.metadata.annotations ?? {}, nextRevision(others));
  const noted = withMinReady(deployment, withAnnotations(newest, annotations));
  return { sets: sets.map((set) => (set === newest ? noted : set)), newest: noted };
}

function withMinReady(deployment: Deployment, set: ReplicaSet): ReplicaSet {
  const wanted = deployment.spec.minReadySeconds ?? 0;
  if ((set.spec.minReadySeconds ?? 0) === wanted) return set;
  const { minReadySeconds: _, ...spec } = set.spec;
  return { ...set, spec: wanted > 0 ? { ...spec, minReadySeconds: wanted } : spec };
}

function roll(deployment: Deployment, step: Step): Step {
  const { sets, newest, created } = step.newest ? step : begun(deployment, step);
  const after = rolled(deployment, sets, newest!);
  return { sets: after, newest: newest!, ...(created ? { created } : {}) };
}

function begun(deployment: Deployment, { sets }: Step): Step {
  const created = newReplicaSet(deployment, sets, nextRevision(sets));
  return { sets: [...sets, created], newest: created, created };
}

/** The new begins when nothing of the old is there any more, not even Pods that are shutting down. */
function recreate({ deployment, hasPods }: DeploymentView, step: Step): Step {
  const stopped = emptied(deployment, step.sets, step.newest);
  const old = step.sets.filter((set) => set !== step.newest);
  const isChanged = stopped.some((set, i) => set !== step.sets[i]);
  if (isChanged || totalReported(old, 'replicas') > 0 || old.some(hasPods)) return { ...step, sets: stopped };
  return roll(deployment, step);
}

/** The newest after the step: sizes make another object of it. */
const newestIn = ({ sets, newest }: Step): ReplicaSet | undefined =>
  newest && sets.find((set) => set.metadata.name === newest.metadata.name);

const oldIn = ({ sets, newest }: Step): readonly ReplicaSet[] =>
  sets.filter((set) => set.metadata.name !== newest?.metadata.name);

function withNewestNews(deployment: Deployment, conditions: Conditions, step: Step, now: number): Conditions {
  if (!step.newest || deadlineOf(deployment) === undefined) return conditions;
  const name = step.newest.metadata.name!;
  if (step.created) return withNews(conditions, createdNews(name), now);
  return conditionOf(conditions, progressing) ? conditions : withNews(conditions, foundNews(name), now);
}

function revisionOfStep(step: Step): { readonly revision?: string } {
  const number = newestIn(step)?.metadata.annotations?.[revision];
  return number ? { revision: number } : {};
}

/** Sizes that changed, for the events: name, from, to. */
export function scalings(
  before: readonly ReplicaSet[],
  { create, update }: Pick<DeploymentPlan, 'create' | 'update'>,
): readonly { readonly name: string; readonly from: number; readonly to: number }[] {
  const sizes = new Map(before.map((set) => [set.metadata.name, replicasOf(set)]));
  return [...(create ? [create] : []), ...update]
    .map((set) => ({ name: set.metadata.name!, from: sizes.get(set.metadata.name) ?? 0, to: replicasOf(set) }))
    .filter(({ from, to }) => from !== to);
}
