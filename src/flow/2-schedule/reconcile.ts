/** Step 2: gives a binding its clusters, and says in its status how that went. */

import type { Cluster } from '#apis/cluster/cluster.ts';
import { reasons } from '#apis/events/reasons.ts';
import { appliedPlacement } from '#apis/names/annotations.ts';
import type { Binding } from '#apis/work/binding.ts';
import type { BindingStatus } from '#apis/work/binding-spec.ts';
import type { CachedResource } from '#client/cached.ts';
import type { Informer } from '#client/informer/informer.ts';
import { setCondition } from '#kube/conditions/conditions.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { EventRecorder } from '#runtime/events.ts';
import { done, type Result, terminal } from '#runtime/reconciler.ts';
import { type Clock, timestamp } from '#world/clock/clock.ts';
import { scheduledCondition } from './conditions.ts';
import { prepareFleet } from './plan/fleet.ts';
import { isOurs, isScheduled, needsScheduling, placementText, withoutLeaving } from './plan/needs.ts';
import { defaultSettings } from './plan/settings.ts';
import type { Verdict } from './plan/verdict.ts';
import { schedule } from './plan.ts';

export interface SchedulerContext {
  readonly bindings: CachedResource<Binding>;
  readonly clusters: Informer<Cluster>;
  readonly events: EventRecorder;
  readonly clock: Clock;
  /** Bindings that name another scheduler are not ours. */
  readonly schedulerName: string;
}

/** Spec and annotation in one write; the status, a subresource, in another. */
export async function reconcileBinding(context: SchedulerContext, key: string): Promise<Result> {
  const { bindings, clusters, schedulerName } = context;
  const binding = bindings.get(key);
  if (!binding || binding.metadata.deletionTimestamp || !isOurs(binding, schedulerName)) return done;
  const fleet = clusters.list();
  const byName = new Map(fleet.map((cluster) => [cluster.metadata.name!, cluster]));
  if (!isScheduled(binding)) {
    const spec = withoutLeaving(binding.spec, byName);
    if (spec !== binding.spec) await bindings.update({ ...binding, spec } as Binding);
    return done;
  }
  if (!needsScheduling(binding, byName)) {
    await writeStatus(context, binding, undefined);
    return done;
  }
  const verdict = schedule({
    spec: binding.spec,
    status: binding.status,
    fleet: prepareFleet(fleet),
    settings: defaultSettings,
  });
  const placed = await writePlacement(context, binding, verdict);
  await writeStatus(context, placed, verdict);
  if (verdict.outcome === 'error') return terminal(verdict.message);
  return done;
}

async function writePlacement(
  { bindings, events }: SchedulerContext,
  binding: Binding,
  verdict: Verdict,
): Promise<Binding> {
  if (verdict.outcome !== 'scheduled' && !verdict.withdraws) return binding;
  const wanted = verdict.outcome === 'scheduled' ? verdict.clusters : [];
  const text = placementText(binding.spec.placement ?? {});
  const { annotations } = binding.metadata;
  const recorded = annotations?.[appliedPlacement] === text;
  if (recorded && deepEqual(binding.spec.clusters ?? [], wanted)) return binding;
  const { clusters: _, ...spec } = binding.spec;
  const written = await bindings.update({
    ...binding,
    metadata: { ...binding.metadata, annotations: { ...annotations, [appliedPlacement]: text } },
    spec: wanted.length > 0 ? { ...spec, clusters: wanted } : spec,
  } as Binding);
  if (verdict.outcome === 'scheduled') {
    const result = verdict.clusters.map(({ name, replicas = 0 }) => `${name}:${replicas}`).join(', ');
    const message = `Binding has been scheduled successfully. Result: {${result}}`;
    for (const subject of [binding, templateOf(binding)])
      events.event(subject, 'Normal', reasons.scheduleBindingSucceed, message);
  }
  return written;
}

/** The template as far as an event needs to know it. */
const templateOf = ({ spec: { resource } }: Binding): KubeObject => {
  const { apiVersion, kind, ...metadata } = resource;
  return { apiVersion, kind, metadata };
};

/** lastScheduledTime moves when the placement was decided anew, not when it was merely looked at. */
function statusAfter(binding: Binding, verdict: Verdict | undefined, now: string): BindingStatus {
  const old = binding.status ?? {};
  if (!verdict) return { ...old, schedulerObservedGeneration: binding.metadata.generation };
  const conditions = setCondition(old.conditions, scheduledCondition(verdict, now), now) as BindingStatus['conditions'];
  const fresh = old.schedulerObservedGeneration !== binding.metadata.generation;
  return {
    ...old,
    conditions,
    schedulerObservedGeneration: binding.metadata.generation,
    ...(verdict.outcome === 'scheduled' && (fresh || !old.lastScheduledTime) ? { lastScheduledTime: now } : {}),
    ...(verdict.outcome === 'scheduled' && verdict.affinityName
      ? { schedulerObservingAffinityName: verdict.affinityName }
      : {}),
  };
}

async function writeStatus(
  { bindings, clock, events }: SchedulerContext,
  binding: Binding,
  /** Undefined: it stays where it is. */
  verdict: Verdict | undefined,
): Promise<void> {
  const status = statusAfter(binding, verdict, timestamp(clock.now()));
  if (deepEqual(status, binding.status)) return;
  await bindings.updateStatus({ ...binding, status } as Binding);
  if (!verdict || verdict.outcome === 'scheduled') return;
  for (const subject of [binding, templateOf(binding)])
    events.event(subject, 'Warning', reasons.scheduleBindingFailed, verdict.message);
}
