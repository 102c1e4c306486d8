/** The plugins of an estimator, and what they say together: the smallest answer counts (pkg/estimator/server/framework). Pure. */
import type { ResourceQuota } from '#apis/kubernetes/types.ts';
import { replicasOnNodes, setsOnNodes } from './plan/node-resource.ts';
import { withoutAssumed } from './plan/packing.ts';
import { replicasUnderQuotas, setsUnderQuotas } from './plan/resource-quota.ts';
import type { NodeRoom } from './plan/room.ts';
import { type ComponentSetsRequest, type ReplicasRequest, unlimited } from './service.ts';

/** A member as it is now. */
export interface Snapshot {
  readonly rooms: readonly NodeRoom[];
  readonly quotas: (namespace: string) => readonly ResourceQuota[];
}

export interface Plugin {
  readonly name: string;
  readonly replicas: (snapshot: Snapshot, request: ReplicasRequest) => number;
  readonly sets: (snapshot: Snapshot, request: ComponentSetsRequest) => number;
}

const nodeResource: Plugin = {
  name: 'NodeResourceEstimator',
  replicas: ({ rooms }, { requirements, assumed }) => replicasOnNodes(withoutAssumed(rooms, assumed), requirements),
  sets: ({ rooms }, { components, assumed }) => setsOnNodes(withoutAssumed(rooms, assumed), components),
};

const resourceQuota: Plugin = {
  name: 'ResourceQuotaEstimator',
  replicas: ({ quotas }, { requirements, assumed }) =>
    replicasUnderQuotas(quotas(requirements?.namespace ?? ''), requirements, assumed),
  sets: ({ quotas }, { namespace, components, assumed }) => setsUnderQuotas(quotas(namespace), components, assumed),
};

export const pluginsFor = (gates: { readonly ResourceQuotaEstimate: boolean }): readonly Plugin[] =>
  gates.ResourceQuotaEstimate ? [nodeResource, resourceQuota] : [nodeResource];

/** A cluster without nodes has room for nothing, whatever its quotas say. */
export function smallest({ rooms }: Snapshot, plugins: readonly Plugin[], answer: (plugin: Plugin) => number): number {
  if (rooms.length === 0) return 0;
  return plugins.reduce((least, plugin) => Math.min(least, answer(plugin)), unlimited);
}
