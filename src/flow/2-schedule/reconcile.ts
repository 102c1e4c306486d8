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
import type { EventRecorder } from '#runtime/events.ts';
import { done, type Result, terminal } from '#runtime/reconciler.ts';
import { type Clock, timestamp } from '#world/clock/clock.ts';
import { scheduledCondition } from './conditions.ts';
import { isScheduled, placementText } from './needs.ts';
import { schedule, type Verdict } from './plan.ts';

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
  if (!binding || binding.metadata.deletionTimestamp || !isScheduled(binding, schedulerName)) return done;
  const verdict = schedule(binding.spec, binding.status, clusters.list());
  const placed = await writePlacement(context, binding, verdict);
  await writeStatus(context, placed, verdict);
  if (verdict.outcome === 'unsupported') return terminal(verdict.message);
  return done;
}

async function writePlacement(
  { bindings, events }: SchedulerContext,
  binding: Binding,
  verdict: Verdict,
): Promise<Binding> {
  if (verdict.outcome === 'unsupported') return binding;
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
    events.event(
      binding,
      'Normal',
      reasons.scheduleBindingSucceed,
      `Binding has been scheduled successfully. Result: {${result}}`,
    );
  }
  return written;
}

/** lastScheduledTime moves when the placement was decided anew, not when it was merely looked at. */
function statusAfter(binding: Binding, verdict: Verdict, now: string): BindingStatus {
  const old = binding.status ?? {};
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
  verdict: Verdict,
): Promise<void> {
  const status = statusAfter(binding, verdict, timestamp(clock.now()));
  if (deepEqual(status, binding.status)) return;
  await bindings.updateStatus({ ...binding, status } as Binding);
  if (verdict.outcome !== 'scheduled') events.event(binding, 'Warning', reasons.scheduleBindingFailed, verdict.message);
}
