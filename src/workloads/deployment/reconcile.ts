/** A Deployment: reads its ReplicaSets, writes what the plan says, then its status. */
import type { Deployment, Pod, ReplicaSet } from '#apis/kubernetes/types.ts';
import type { CachedResource } from '#client/cached.ts';
import type { Informer } from '#client/informer/informer.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import { keyFor } from '#kube/meta/key.ts';
import { isControlledBy } from '#kube/meta/owner.ts';
import { isReason } from '#kube/status/status.ts';
import type { EventRecorder } from '#runtime/events.ts';
import type { Patience } from '#runtime/patience.ts';
import { done, type Result, requeueAfter } from '#runtime/reconciler.ts';
import type { Clock } from '#world/clock/clock.ts';
import { claimed, controlledBy } from '../ownership.ts';
import { isNamespaceGoing } from '../pod-control.ts';
import { isFinished } from '../pod-state.ts';
import { eventReasons } from '../reasons.ts';
import { selectorOf } from '../selectors.ts';
import { sameTemplate } from '../template.ts';
import { revision } from './annotations.ts';
import { createErrorNews, withNews } from './conditions.ts';
import { deadlineOf } from './plan/status.ts';
import { type DeploymentPlan, planDeployment, scalings } from './plan.ts';

export interface DeploymentContext {
  readonly deployments: CachedResource<Deployment>;
  readonly replicaSets: CachedResource<ReplicaSet>;
  readonly pods: Informer<Pod>;
  readonly events: EventRecorder;
  readonly clock: Clock;
  /** With Deployments whose Pods are on their way. */
  readonly underWay: Patience;
}

export async function reconcileDeployment(context: DeploymentContext, key: string): Promise<Result> {
  const { deployments, replicaSets, pods, events, clock } = context;
  const deployment = deployments.get(key);
  if (!deployment) return done;
  const selector = selectorOf(deployment.spec.selector);
  if (selector.empty) {
    const text = 'This deployment is selecting all pods. A non-empty selector is required.';
    events.event(deployment, 'Warning', eventReasons.selectingAll, text);
    return done;
  }
  const sets = await claimed(replicaSets, deployments, deployment, selector);
  const hasPods = (set: ReplicaSet) => controlledBy(pods, set).some((pod) => !isFinished(pod));
  const plan = planDeployment({ deployment, sets, hasPods, now: clock.now() });
  if (!(await createNewest(context, deployment, plan))) return done;
  for (const set of plan.update) await replicaSets.update(set);
  tellScalings(context, deployment, sets, plan);
  for (const set of plan.delete) await replicaSets.delete(set);
  const wait = context.underWay.left(key, !plan.isUnderWay);
  if (wait > 0) return requeueAfter(wait, 'its Pods are on their way');
  await writeStatus(context, deployment, plan);
  return plan.recheckMs === undefined ? done : requeueAfter(plan.recheckMs, 'the rollout has a deadline');
}

function tellScalings(
  { events }: DeploymentContext,
  deployment: Deployment,
  before: readonly ReplicaSet[],
  plan: DeploymentPlan,
): void {
  for (const { name, from, to } of scalings(before, plan)) {
    const text = `Scaled ${to > from ? 'up' : 'down'} replica set ${name} from ${from} to ${to}`;
    events.event(deployment, 'Normal', eventReasons.scalingReplicaSet, text);
  }
}

/** False where nothing can be made, because the namespace is going away. */
async function createNewest(
  context: DeploymentContext,
  deployment: Deployment,
  plan: DeploymentPlan,
): Promise<boolean> {
  const { create } = plan;
  if (!create) return true;
  try {
    await context.replicaSets.create(create);
    return true;
  } catch (error) {
    if (isNamespaceGoing(error)) return false;
    if (isReason(error, 'AlreadyExists')) await settleCollision(context, deployment, create, error);
    else await tellCreateError(context, deployment, create, error);
    throw error;
  }
}

/** The name is taken: by our own, of which the cache does not know yet, or by another, and then the next hash differs. */
async function settleCollision(
  { replicaSets, deployments }: DeploymentContext,
  deployment: Deployment,
  wanted: ReplicaSet,
  error: unknown,
): Promise<void> {
  const { name, namespace } = wanted.metadata;
  const found = replicaSets.get(keyFor(namespace, name!)) ?? (await replicaSets.live.get({ namespace, name: name! }));
  if (isControlledBy(found, deployment) && sameTemplate(found.spec.template, wanted.spec.template)) {
    replicaSets.informer.observe(found);
    throw error;
  }
  const { status } = deployment;
  const collisionCount = (status?.collisionCount ?? 0) + 1;
  await deployments.updateStatus({ ...deployment, status: { ...status, collisionCount } });
}

async function tellCreateError(
  { deployments, events, clock }: DeploymentContext,
  deployment: Deployment,
  wanted: ReplicaSet,
  error: unknown,
): Promise<void> {
  const news = createErrorNews(wanted.metadata.name!, error instanceof Error ? error.message : String(error));
  events.event(deployment, 'Warning', eventReasons.replicaSetCreateError, news.message!);
  if (deadlineOf(deployment) === undefined) return;
  const conditions = withNews(deployment.status?.conditions ?? [], news, clock.now());
  if (conditions === deployment.status?.conditions) return;
  await deployments.updateStatus({ ...deployment, status: { ...deployment.status, conditions } });
}

/** The annotation of the revision goes with the status: its subresource takes both. */
async function writeStatus(
  { deployments }: DeploymentContext,
  deployment: Deployment,
  plan: DeploymentPlan,
): Promise<void> {
  const { annotations } = deployment.metadata;
  const isNoted = plan.revision === undefined || annotations?.[revision] === plan.revision;
  if (isNoted && deepEqual(plan.status, deployment.status)) return;
  const metadata = isNoted
    ? deployment.metadata
    : { ...deployment.metadata, annotations: { ...annotations, [revision]: plan.revision! } };
  await deployments.updateStatus({ ...deployment, metadata, status: plan.status });
}
