/**
 * Which clusters an application has been unhealthy in for longer than its policy tolerates, and how it leaves them
 * (compatibility.md section 5, application failover). Pure.
 */
import type { Binding } from '#apis/work/binding.ts';
import type { BindingSpec } from '#apis/work/binding-spec.ts';
import type { Departure } from '../departure.ts';
import { preservedState } from '../preserved-state.ts';

export type ApplicationFailover = NonNullable<NonNullable<BindingSpec['failover']>['application']>;

/** Since when it is unhealthy, by cluster: milliseconds of a clock that does not go back. */
export type Ailing = ReadonlyMap<string, number>;

export interface Failures {
  readonly ailing: Ailing;
  /** Clusters to be left now, in the order of the status. */
  readonly failed: readonly string[];
  /** When time alone will change the answer; undefined when it will not. */
  readonly nextMs?: number;
}

/** Undefined for a binding that is not watched: its policy does not ask for it, or nobody has said anything yet. */
export function watchedFor({ metadata, spec, status }: Binding): ApplicationFailover | undefined {
  const isSaid = (status?.aggregatedStatus ?? []).length > 0;
  return !metadata.deletionTimestamp && spec.propagateDeps && isSaid ? spec.failover?.application : undefined;
}

/** A cluster of which nothing is known at present neither gets better nor worse. */
export function failuresOf(
  { spec, status }: Binding,
  { decisionConditions }: ApplicationFailover,
  before: Ailing,
  now: number,
): Failures {
  const toleratedMs = decisionConditions.tolerationSeconds * 1_000;
  const leaving = new Set((spec.gracefulEvictionTasks ?? []).map(({ fromCluster }) => fromCluster));
  const targets = new Set((spec.clusters ?? []).map(({ name }) => name).filter((name) => !leaving.has(name)));
  const ailing = new Map<string, number>();
  for (const { clusterName, health } of status?.aggregatedStatus ?? []) {
    const since = before.get(clusterName);
    if (!targets.has(clusterName) || health === 'Healthy') continue;
    if (health === 'Unhealthy') ailing.set(clusterName, since ?? now);
    else if (since !== undefined) ailing.set(clusterName, since);
  }
  const sick = (status?.aggregatedStatus ?? [])
    .filter(({ clusterName, health }) => health === 'Unhealthy' && ailing.has(clusterName))
    .map(({ clusterName }) => ({ clusterName, leftMs: ailing.get(clusterName)! + toleratedMs - now }));
  const waits = sick.filter(({ leftMs }) => leftMs > 0).map(({ leftMs }) => leftMs);
  return {
    ailing,
    failed: sick.filter(({ leftMs }) => leftMs <= 0).map(({ clusterName }) => clusterName),
    ...(waits.length > 0 ? { nextMs: Math.min(...waits) } : {}),
  };
}

export interface DepartureGates {
  readonly GracefulEviction: boolean;
  readonly StatefulFailoverInjection: boolean;
}

/** Throws where its state is to go along and is not known, or where nobody would end a graceful departure. */
export function departureFrom(
  { metadata, spec, status }: Binding,
  application: ApplicationFailover,
  cluster: string,
  gates: DepartureGates,
): Departure {
  const { purgeMode, gracePeriodSeconds, statePreservation } = application;
  const state = gates.StatefulFailoverInjection ? preservedState(statePreservation, status, cluster) : undefined;
  const isGraceful = purgeMode === 'Gracefully' || purgeMode === 'Graciously';
  if (isGraceful && !gates.GracefulEviction)
    throw new Error(`GracefulEviction featureGate must be enabled when purgeMode is ${purgeMode}`);
  const scope = metadata.namespace ? '' : 'cluster-';
  return {
    purgeMode,
    reason: 'ApplicationFailure',
    producer: `${scope}resource-binding-application-failover-controller`,
    ...(isGraceful && gracePeriodSeconds !== undefined ? { gracePeriodSeconds } : {}),
    ...(purgeMode === 'Never' ? { suppressDeletion: true } : {}),
    ...(state
      ? { preservedLabelState: state, clustersBeforeFailover: (spec.clusters ?? []).map(({ name }) => name) }
      : {}),
  };
}
