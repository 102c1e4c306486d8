/** What is scheduled in the bench: a fleet of Cluster objects with nothing behind them, and bindings of every kind of placement. */
import { type Cluster, ClusterKind } from '#apis/cluster/cluster.ts';
import { policyId } from '#apis/names/labels.ts';
import type { Placement } from '#apis/policy/placement.ts';
import type { ResourceBinding } from '#apis/work/resource-binding.ts';
import type { ApiClient } from '#client/api-client.ts';
import { inParallel } from './load.ts';
import { namespace } from './objects.ts';

const regions = 10;
const zonesOfRegion = 3;
export const clusterName = (index: number) => `cluster-${index}`;

const cluster = (index: number): Cluster =>
  ({
    apiVersion: 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name: clusterName(index), labels: { tier: index % 2 === 0 ? 'gold' : 'silver' } },
    spec: {
      syncMode: 'Push',
      provider: 'bench',
      region: `region-${index % regions}`,
      zones: [`zone-${index % regions}-${index % zonesOfRegion}`],
    },
  }) as unknown as Cluster;

/** About what a real cluster reports; room for a thousand of the replicas. */
const status = {
  kubernetesVersion: 'v1.35.0',
  apiEnablements: [
    {
      groupVersion: 'apps/v1',
      resources: ['DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'].map((kind) => ({
        name: `${kind.toLowerCase()}s`,
        kind,
      })),
    },
    {
      groupVersion: 'batch/v1',
      resources: ['CronJob', 'Job'].map((kind) => ({ name: `${kind.toLowerCase()}s`, kind })),
    },
    {
      groupVersion: 'v1',
      resources: ['ConfigMap', 'Pod', 'Secret', 'Service'].map((kind) => ({ name: `${kind.toLowerCase()}s`, kind })),
    },
  ],
  conditions: [
    {
      type: 'Ready',
      status: 'True',
      reason: 'ClusterReady',
      message: 'cluster is healthy and ready to accept workloads',
      lastTransitionTime: '2026-01-01T00:00:00Z',
    },
  ],
  nodeSummary: { totalNum: 10, readyNum: 10 },
  resourceSummary: {
    allocatable: { cpu: '100', memory: '400Gi', pods: '1100' },
    allocated: { cpu: '2', memory: '8Gi', pods: '50' },
  },
} as unknown as Cluster['status'];

export async function makeFleet(client: ApiClient, count: number): Promise<void> {
  const clusters = client.resource<Cluster>(ClusterKind);
  await inParallel(count, async (index) => {
    const created = await clusters.create(cluster(index));
    await clusters.update({ ...created, status }, { subresource: 'status' });
  });
}

/** One of each in turn. */
const placements = (index: number, clusters: number): readonly Placement[] => [
  { clusterAffinity: { clusterNames: [0, 7, 19].map((step) => clusterName((index + step) % clusters)) } },
  {
    clusterAffinity: { labelSelector: { matchLabels: { tier: 'gold' } } },
    replicaScheduling: {
      replicaSchedulingType: 'Divided',
      replicaDivisionPreference: 'Weighted',
      weightPreference: {
        staticWeightList: [0, 2].map((region) => ({
          targetCluster: { fieldSelector: { matchExpressions: [regionIs(region)] } },
          weight: region + 1,
        })),
      },
    },
  },
  {
    replicaScheduling: {
      replicaSchedulingType: 'Divided',
      replicaDivisionPreference: 'Weighted',
      weightPreference: { dynamicWeight: 'AvailableReplicas' },
    },
  },
  { replicaScheduling: { replicaSchedulingType: 'Divided', replicaDivisionPreference: 'Aggregated' } },
  {
    replicaScheduling: { replicaSchedulingType: 'Divided', replicaDivisionPreference: 'Aggregated' },
    spreadConstraints: [
      { spreadByField: 'region', minGroups: 2, maxGroups: 2 },
      { spreadByField: 'cluster', minGroups: 2, maxGroups: 3 },
    ],
  },
];

const regionIs = (region: number) => ({ key: 'region', operator: 'In' as const, values: [`region-${region}`] });

export const placementKinds = ['Duplicated', 'static weights', 'dynamic weights', 'Aggregated', 'spread'] as const;

/** As the detector makes it, claimed by a policy that is not there: nobody but the scheduler looks at it. */
export function binding(index: number, clusters: number): ResourceBinding {
  const name = `web-${index}`;
  const kinds = placements(index, clusters);
  return {
    apiVersion: 'work.karmada.io/v1alpha2',
    kind: 'ResourceBinding',
    metadata: { name: `${name}-deployment`, namespace, labels: { [policyId]: 'bench' } },
    spec: {
      resource: { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name, uid: `uid-${index}` },
      replicas: 5,
      replicaRequirements: { resourceRequest: { cpu: '100m', memory: '128Mi' } },
      placement: kinds[index % kinds.length],
    },
  } as unknown as ResourceBinding;
}
