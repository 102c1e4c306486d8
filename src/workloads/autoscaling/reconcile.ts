/** A HorizontalPodAutoscaler: its target's scale and Pods are looked at, the plan is carried out, its status told. */
import type { HorizontalPodAutoscaler, HorizontalPodAutoscalerStatus, Pod, Scale } from '#apis/kubernetes/types.ts';
import type { PodMetrics } from '#apis/metrics/usage.ts';
import type { ApiClient, TypedResource } from '#client/api-client.ts';
import type { CachedResource } from '#client/cached.ts';
import type { Informer } from '#client/informer/informer.ts';
import type { RestMapper } from '#client/mapper/mapper.ts';
import { setCondition } from '#kube/conditions/conditions.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import { parseApiVersion } from '#kube/meta/kind.ts';
import type { Condition } from '#kube/meta/object.ts';
import { parseLabelSelector } from '#kube/selector/labels.ts';
import type { EventRecorder } from '#runtime/events.ts';
import { done, type Result, requeueAfter } from '#runtime/reconciler.ts';
import { type Clock, timestamp } from '#world/clock/clock.ts';
import { eventReasons } from '../reasons.ts';
import { fieldManager } from '../resources.ts';
import { type Memory, nothingRemembered, remembering } from './plan/limits.ts';
import { NoMetric } from './plan/usage.ts';
import { type AutoscalerPlan, planAutoscaler, said } from './plan.ts';

export interface AutoscalerContext {
  readonly client: ApiClient;
  readonly mapper: RestMapper;
  readonly autoscalers: CachedResource<HorizontalPodAutoscaler>;
  readonly pods: Informer<Pod>;
  readonly events: EventRecorder;
  readonly clock: Clock;
  /** By key; one entry for each autoscaler there is. Lost with the process, as the real one's. */
  readonly memories: Map<string, Memory>;
  readonly measured: (namespace: string, selector: string) => Promise<readonly PodMetrics[]>;
}

/** kube-controller-manager's --horizontal-pod-autoscaler-sync-period. */
const syncMs = 15_000;
const again = requeueAfter(syncMs, 'metrics are looked at again');

type Said = AutoscalerPlan['conditions'][number];

export async function reconcileAutoscaler(context: AutoscalerContext, key: string): Promise<Result> {
  const { autoscalers, events, memories } = context;
  const hpa = autoscalers.get(key);
  if (!hpa || hpa.metadata.deletionTimestamp) {
    memories.delete(key);
    return done;
  }
  const target = await scaleOf(context, hpa);
  if (typeof target === 'string') {
    events.event(hpa, 'Warning', eventReasons.failedGetScale, target);
    const text = `the HPA controller was unable to get the target's current scale: ${target}`;
    await tell(context, hpa, { conditions: [said('AbleToScale', false, 'FailedGetScale', text)] });
    return again;
  }
  const unusable = selectorFault(context, key, target);
  if (unusable) {
    events.event(hpa, 'Warning', unusable.event, unusable.message);
    await tell(context, hpa, { conditions: [said('ScalingActive', false, unusable.reason, unusable.message)] });
    return again;
  }
  await follow(context, key, hpa, target);
  return again;
}

interface Target {
  readonly resource: TypedResource<Scale>;
  readonly scale: Scale;
}

/** Or why it cannot be had. */
async function scaleOf({ client, mapper }: AutoscalerContext, hpa: HorizontalPodAutoscaler): Promise<Target | string> {
  const { apiVersion = '', kind, name } = hpa.spec.scaleTargetRef;
  try {
    const resource = (await mapper.forKind({ ...parseApiVersion(apiVersion), kind })) as TypedResource<Scale>;
    const place = resource.namespaced ? { namespace: hpa.metadata.namespace! } : {};
    const scale = await client.resource(resource).get({ ...place, name }, { subresource: 'scale' });
    return { resource, scale };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Two autoscalers over the same Pods would fight. */
function selectorFault({ autoscalers, pods }: AutoscalerContext, key: string, { scale }: Target) {
  const selector = scale.status?.selector ?? '';
  if (selector === '') {
    return {
      event: eventReasons.selectorRequired,
      reason: 'InvalidSelector',
      message: "the HPA target's scale is missing a selector",
    };
  }
  const namespace = scale.metadata.namespace!;
  const rivals = autoscalers.informer
    .list(namespace)
    .filter(({ spec }) => spec.scaleTargetRef.name === scale.metadata.name)
    .filter(({ spec }) => spec.scaleTargetRef.kind === autoscalers.get(key)?.spec.scaleTargetRef.kind)
    .map(({ metadata }) => `${namespace}/${metadata.name}`)
    .sort();
  if (rivals.length < 2 || pods.list(namespace).length === 0) return undefined;
  const message = `pods by selector ${selector} are controlled by multiple HPAs: [${rivals.join(' ')}]`;
  return { event: eventReasons.ambiguousSelector, reason: 'AmbiguousSelector', message };
}

async function measure({ measured }: AutoscalerContext, namespace: string, selector: string, needed: boolean) {
  if (!needed) return [];
  try {
    return await measured(namespace, selector);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return new NoMetric(`unable to fetch metrics from resource metrics API: ${why}`);
  }
}

async function follow(
  context: AutoscalerContext,
  key: string,
  hpa: HorizontalPodAutoscaler,
  { resource, scale }: Target,
): Promise<void> {
  const { client, pods, events, clock, memories } = context;
  const namespace = hpa.metadata.namespace!;
  const selector = scale.status!.selector!;
  const matcher = parseLabelSelector(selector);
  const needed = (hpa.spec.metrics ?? []).some((metric) => metric.resource ?? metric.containerResource);
  const measured = await measure(context, namespace, selector, needed);
  const own = pods.list(namespace).filter((pod) => matcher.matches(pod.metadata.labels));
  const now = clock.now();
  const current = scale.spec.replicas ?? 0;
  const memory = memories.get(key) ?? nothingRemembered;
  const plan = planAutoscaler({ hpa, current, pods: own, measured, memory, now });
  memories.set(key, plan.memory);
  for (const { reason, message } of plan.failures) events.event(hpa, 'Warning', reason, message);
  if (plan.undecided) events.event(hpa, 'Warning', eventReasons.failedComputeMetrics, plan.undecided);
  if (plan.because === undefined) {
    await tell(context, hpa, { ...plan, current, desired: plan.undecided ? undefined : plan.replicas });
    return;
  }
  const change = `New size: ${plan.replicas}; reason: ${plan.because}`;
  try {
    const wanted = { ...scale, spec: { ...scale.spec, replicas: plan.replicas } };
    await client.resource(resource).update(wanted, { subresource: 'scale', fieldManager });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    events.event(hpa, 'Warning', eventReasons.failedRescale, `${change}; error: ${why}`);
    const text = `the HPA controller was unable to update the target scale: ${why}`;
    await tell(context, hpa, {
      ...plan,
      conditions: [...plan.conditions, said('AbleToScale', false, 'FailedUpdateScale', text)],
    });
    throw error;
  }
  events.event(hpa, 'Normal', eventReasons.successfulRescale, change);
  memories.set(key, remembering(plan.memory, { hpa, change: plan.replicas - current, now }));
  const text = `the HPA controller was able to update the target scale to ${plan.replicas}`;
  await tell(context, hpa, {
    ...plan,
    conditions: [...plan.conditions, said('AbleToScale', true, 'SucceededRescale', text)],
    current,
    desired: plan.replicas,
    scaled: true,
  });
}

interface Told {
  /** A later one of a type stands for an earlier one. */
  readonly conditions: readonly Said[];
  readonly metrics?: HorizontalPodAutoscalerStatus['currentMetrics'];
  readonly current?: number;
  readonly desired?: number | undefined;
  readonly scaled?: boolean;
}

async function tell({ autoscalers, clock }: AutoscalerContext, hpa: HorizontalPodAutoscaler, told: Told) {
  const now = timestamp(clock.now());
  const old = hpa.status;
  const current = told.current ?? old?.currentReplicas;
  const conditions = told.conditions.reduce<readonly Condition[]>(
    (all, condition) => setCondition(all, { ...condition, lastTransitionTime: now } as Condition, now),
    (old?.conditions ?? []) as readonly Condition[],
  );
  const status: HorizontalPodAutoscalerStatus = {
    ...old,
    conditions: conditions as HorizontalPodAutoscalerStatus['conditions'] & {},
    ...(told.metrics ? { currentMetrics: told.metrics } : {}),
    ...(current === undefined ? {} : { currentReplicas: current }),
    desiredReplicas: told.desired ?? old?.desiredReplicas ?? 0,
    ...(told.scaled ? { lastScaleTime: now } : {}),
    ...(hpa.metadata.generation === undefined ? {} : { observedGeneration: hpa.metadata.generation }),
  };
  if (!deepEqual(status, old)) await autoscalers.updateStatus({ ...hpa, status });
}
