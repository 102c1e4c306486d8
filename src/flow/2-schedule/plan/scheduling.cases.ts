/** Clusters, bindings and questions for the scheduler's tests, in few words. */
import type { Cluster } from '#apis/cluster/cluster.ts';
import type { BindingSpec } from '#apis/work/binding-spec.ts';
import { schedule } from '../plan.ts';
import { prepareFleet } from './fleet.ts';
import type { SchedulingInput } from './input.ts';
import { defaultSettings, type SchedulingSettings } from './settings.ts';
import type { Verdict } from './verdict.ts';

const apiEnablements = [{ groupVersion: 'apps/v1', resources: [{ name: 'deployments', kind: 'Deployment' }] }];

interface ClusterParts {
  readonly spec?: object;
  readonly metadata?: object;
  readonly status?: object;
}

/** It serves Deployments. */
export const cluster = (name: string, { spec = {}, metadata = {}, status = {} }: ClusterParts = {}): Cluster =>
  ({ metadata: { name, ...metadata }, spec, status: { apiEnablements, ...status } }) as unknown as Cluster;

/** With room for so many Pods, and 1 CPU for each. */
export const roomy = (name: string, pods: number, spec: object = {}): Cluster =>
  cluster(name, { spec, status: { resourceSummary: { allocatable: { pods: `${pods}`, cpu: `${pods}` } } } });

export const resource = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web', uid: 'u' };

/** A Deployment whose replicas need 1 CPU each. */
export const deployment = (placement: object, replicas: number, more: object = {}): BindingSpec =>
  ({
    resource,
    replicas,
    replicaRequirements: { resourceRequest: { cpu: '1' } },
    placement,
    ...more,
  }) as unknown as BindingSpec;

/** `{ a: 2, b: 1 }` as a binding has it. */
export const targets = (replicas: Readonly<Record<string, number>>) =>
  Object.entries(replicas).map(([name, count]) => ({ name, replicas: count }));

export const divided = (replicaDivisionPreference?: string, weightPreference?: object) => ({
  replicaScheduling: { replicaSchedulingType: 'Divided', replicaDivisionPreference, weightPreference },
});
export const dynamic = divided('Weighted', { dynamicWeight: 'AvailableReplicas' });
export const aggregated = divided('Aggregated');
export const staticWeights = (weights: Readonly<Record<string, number>>) =>
  divided('Weighted', {
    staticWeightList: Object.entries(weights).map(([name, weight]) => ({
      targetCluster: { clusterNames: [name] },
      weight,
    })),
  });

export const spread = (spreadByField: string, minGroups: number, maxGroups: number) => ({
  spreadByField,
  minGroups,
  maxGroups,
});

export const settingsWith = (gates: Partial<SchedulingSettings['gates']>): SchedulingSettings => ({
  ...defaultSettings,
  gates: { ...defaultSettings.gates, ...gates },
});

export const inputOf = (
  spec: BindingSpec,
  clusters: readonly Cluster[],
  more: Partial<SchedulingInput> = {},
): SchedulingInput => ({ spec, status: undefined, fleet: prepareFleet(clusters), settings: defaultSettings, ...more });

/** `{ a: 2 }` of what is scheduled, with null for what has no replicas; the message of what is not. */
export function told(verdict: Verdict): Readonly<Record<string, number | null>> | string {
  if (verdict.outcome !== 'scheduled') return verdict.message;
  return Object.fromEntries(verdict.clusters.map(({ name, replicas }) => [name, replicas ?? null]));
}

export const scheduled = (spec: BindingSpec, clusters: readonly Cluster[], more: Partial<SchedulingInput> = {}) =>
  told(schedule(inputOf(spec, clusters, more)));
