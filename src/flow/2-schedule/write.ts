/** Writes what was decided: the placement in one write, the status, a subresource, in another; and tells of it in events. */
import { reasons } from '#apis/events/reasons.ts';
import { appliedPlacement } from '#apis/names/annotations.ts';
import type { Binding } from '#apis/work/binding.ts';
import type { BindingStatus, TargetCluster } from '#apis/work/binding-spec.ts';
import { setCondition } from '#kube/conditions/conditions.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import { keyOf } from '#kube/meta/key.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { EventRecorder } from '#runtime/events.ts';
import { type Clock, timestamp } from '#world/clock/clock.ts';
import type { Bindings } from './bindings.ts';
import { type Outcome, scheduledCondition } from './conditions.ts';
import type { TermExplanation } from './plan/explanation.ts';
import { placementText } from './plan/needs.ts';
import type { Verdict } from './plan/verdict.ts';

export interface Writing {
  readonly bindings: Bindings;
  readonly events: EventRecorder;
  readonly clock: Clock;
  readonly placing: Placing;
}

/** Placements that are being written, by binding. */
export interface Placing {
  readonly begin: (key: string, generation: number | undefined, clusters: readonly TargetCluster[]) => void;
  readonly end: (key: string) => void;
  readonly clusters: (key: string) => readonly TargetCluster[] | undefined;
  /** The binding is as this write of ours leaves it, and nobody else has changed it: no reason to look again. */
  readonly wrote: (binding: Binding) => boolean;
}

export function placingNow(): Placing {
  const now = new Map<string, { readonly generation: number; readonly clusters: readonly TargetCluster[] }>();
  return {
    begin: (key, generation = 0, clusters) => now.set(key, { generation, clusters }),
    end: (key) => now.delete(key),
    clusters: (key) => now.get(key)?.clusters,
    wrote: (binding) => {
      const written = now.get(keyOf(binding));
      // A write of somebody else's at this generation would still have the clusters of before.
      return (
        written !== undefined &&
        binding.metadata.generation === written.generation + 1 &&
        deepEqual(binding.spec.clusters ?? [], written.clusters)
      );
    },
  };
}

/** The binding as it is after its placement was written; itself when that is there already, or nothing is to be placed. */
export async function writePlacement(
  { bindings, placing }: Writing,
  binding: Binding,
  verdict: Verdict,
): Promise<Binding> {
  if (verdict.outcome !== 'scheduled' && !verdict.withdraws) return binding;
  const wanted = verdict.outcome === 'scheduled' ? verdict.clusters : [];
  const text = placementText(binding.spec.placement ?? {});
  const { annotations, generation } = binding.metadata;
  const stays = deepEqual(binding.spec.clusters ?? [], wanted);
  if (stays && annotations?.[appliedPlacement] === text) return binding;
  const { clusters: _, ...spec } = binding.spec;
  const key = keyOf(binding);
  if (!stays) placing.begin(key, generation, wanted);
  try {
    return await bindings.update({
      ...binding,
      metadata: { ...binding.metadata, annotations: { ...annotations, [appliedPlacement]: text } },
      spec: wanted.length > 0 ? { ...spec, clusters: wanted } : spec,
    } as Binding);
  } finally {
    placing.end(key);
  }
}

/**
 * Nothing is observed before it was scheduled, as in the reference: while it fails, every change of a cluster that may
 * concern it is looked at. lastScheduledTime moves when the placement was decided anew, not when it was looked at.
 */
function statusAfter(binding: Binding, outcome: Outcome | 'stays', now: string): BindingStatus {
  const old = binding.status ?? {};
  const { generation } = binding.metadata;
  if (outcome === 'stays') return { ...old, schedulerObservedGeneration: generation };
  const conditions = setCondition(old.conditions, scheduledCondition(outcome, now), now) as BindingStatus['conditions'];
  if (outcome.outcome !== 'scheduled') return { ...old, conditions };
  const fresh = old.schedulerObservedGeneration !== generation || !old.lastScheduledTime;
  return {
    ...old,
    conditions,
    schedulerObservedGeneration: generation,
    ...(fresh ? { lastScheduledTime: now } : {}),
    ...(outcome.affinityName ? { schedulerObservingAffinityName: outcome.affinityName } : {}),
  };
}

/** `stays`: it was looked at, and stays where it is. True when something was written. */
export async function writeStatus(
  { bindings, clock }: Writing,
  binding: Binding,
  outcome: Outcome | 'stays',
): Promise<boolean> {
  const status = statusAfter(binding, outcome, timestamp(clock.now()));
  if (deepEqual(status, binding.status)) return false;
  await bindings.updateStatus({ ...binding, status } as Binding);
  return true;
}

/** The template as far as an event needs to know it. */
const templateOf = ({ spec: { resource } }: Binding): KubeObject => {
  const { apiVersion, kind, ...metadata } = resource;
  return { apiVersion, kind, metadata };
};

/** The colon is missing where the template has no namespace: compatible clients know it so. */
export function tellPlaced({ events }: Writing, binding: Binding, clusters: readonly TargetCluster[]): void {
  const result = clusters.map(({ name, replicas = 0 }) => `${name}:${replicas}`).join(', ');
  const colon = binding.metadata.namespace ? ':' : '';
  const message = `Binding has been scheduled successfully. Result${colon} {${result}}`;
  for (const subject of [binding, templateOf(binding)])
    events.event(subject, 'Normal', reasons.scheduleBindingSucceed, message);
}

export function tellFailed({ events }: Writing, binding: Binding, message: string): void {
  for (const subject of [binding, templateOf(binding)])
    events.event(subject, 'Warning', reasons.scheduleBindingFailed, message);
}

/** Of several affinity terms those that did not serve, in the reference's words. */
export function tellTerms(writing: Writing, binding: Binding, terms: readonly TermExplanation[]): void {
  const { kind, metadata, spec } = binding;
  const all = spec.placement?.clusterAffinities ?? [];
  for (const { affinityName, failure } of terms) {
    const index = all.findIndex((each) => each.affinityName === affinityName);
    if (failure === undefined || index < 0) continue;
    const about = `${kind}(${metadata.namespace ? `${metadata.namespace}/` : ''}${metadata.name})`;
    tellFailed(writing, binding, `failed to schedule ${about} with clusterAffiliates index(${index}): ${failure}`);
  }
}
