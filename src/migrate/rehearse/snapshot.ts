/** Reads what a real cluster holds, controllers' own objects among it, so that it can be loaded somewhere else. */
import { type Cluster, ClusterKind } from '#apis/cluster/cluster.ts';
import { ResourceInterpreterCustomizationKind } from '#apis/config/customization.ts';
import {
  type ResourceInterpreterWebhookConfiguration,
  ResourceInterpreterWebhookConfigurationKind,
} from '#apis/config/webhook-configuration.ts';
import { ClusterOverridePolicyKind } from '#apis/policy/cluster-override-policy.ts';
import { ClusterTaintPolicyKind } from '#apis/policy/cluster-taint-policy.ts';
import { OverridePolicyKind } from '#apis/policy/override-policy.ts';
import type { ApiClient, TypedResource } from '#client/api-client.ts';
import { listAll } from '#client/list-all.ts';
import type { DiscoveredResource } from '#client/mapper/mapper.ts';
import { apiVersionOf, type ResourceRef } from '#kube/meta/kind.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';
import { eachLimited } from '#runtime/each.ts';
import type { PlanScope } from '../model.ts';
import type { Source } from '../reading/inventory.ts';
import type { ClusterSnapshot, ControlSnapshot, ResourceSnapshot } from './sandbox.ts';

/** By group and plural: what tells of the moment only, what a server makes by itself, and what leads out of the cluster. */
const leftOut = new Set([
  '/events',
  'events.k8s.io/events',
  'coordination.k8s.io/leases',
  'apiregistration.k8s.io/apiservices',
  'certificates.k8s.io/certificatesigningrequests',
  'networking.k8s.io/ipaddresses',
  'networking.k8s.io/servicecidrs',
  'resource.k8s.io/resourceslices',
  'storage.k8s.io/volumeattachments',
]);
const leftOutGroups = new Set(['flowcontrol.apiserver.k8s.io', 'metrics.k8s.io']);

/** What can be listed and made, and so is stored. */
const isLoaded = ({ group, resource, verbs }: DiscoveredResource): boolean =>
  verbs.includes('list') &&
  verbs.includes('create') &&
  !leftOutGroups.has(group) &&
  !leftOut.has(`${group}/${resource}`);

const listsAtATime = 8;

/** Answers that say something of one resource, and nothing of the cluster. */
const unreadable = ['Forbidden', 'MethodNotAllowed', 'ServiceUnavailable', 'NotFound'] as const;

async function read(
  client: ApiClient,
  resource: ResourceRef,
  namespaces: readonly string[] | undefined,
): Promise<ResourceSnapshot> {
  const places = resource.namespaced && namespaces ? namespaces : [undefined];
  const lists = await Promise.all(
    places.map((namespace) =>
      listAll(client, resource as TypedResource<UnstructuredObject>, namespace ? { namespace } : {}),
    ),
  );
  // Items of a list do not say their kind.
  const kind = { apiVersion: apiVersionOf(resource), kind: resource.kind };
  return { resource, objects: lists.flat().map((item) => ({ ...item, ...kind })) };
}

export interface SnapshotOptions {
  readonly source: Source;
  readonly cluster: string;
  /** Of its namespaces only those asked for are read; the cluster-wide objects always. */
  readonly scope: PlanScope;
  /** How many objects have been read so far. */
  readonly told: (read: number) => void;
}

export async function takeSnapshot({ source, cluster, scope, told }: SnapshotOptions): Promise<ClusterSnapshot> {
  const resources = (await source.mapper.preferred()).filter(isLoaded);
  const unread: { readonly resource: string; readonly why: string }[] = [];
  let count = 0;
  const all = await eachLimited(resources, listsAtATime, async (resource) => {
    try {
      const found = await read(source.client, resource, scope.namespaces);
      count += found.objects.length;
      if (count > mostObjects) throw tooLarge(cluster);
      told(count);
      return found;
    } catch (error) {
      if (!unreadable.some((reason) => isReason(error, reason))) throw error;
      unread.push({
        resource: [resource.resource, resource.group].filter(Boolean).join('.'),
        why: (error as Error).message,
      });
      return { resource, objects: [] };
    }
  });
  return { cluster, resources: all.filter(({ objects }) => objects.length > 0), unread };
}

/** Of a cluster: with some 6 kB in memory for each that is 1.2 GB, and simulating them costs as much again. */
const mostObjects = 200_000;

class TooLarge extends Error {
  override readonly name = 'TooLarge';
}

const tooLarge = (cluster: string) =>
  new TooLarge(
    `${cluster} holds more than ${mostObjects.toLocaleString('en')} objects, too many to copy into this process; rehearse a part of it: plan with -n`,
  );

const decisive: readonly ResourceRef[] = [
  OverridePolicyKind,
  ClusterOverridePolicyKind,
  ResourceInterpreterCustomizationKind,
  ClusterTaintPolicyKind,
];

/** `names`: the clusters of the plan. A control plane that is not there yet, or has not these kinds, has nothing to say. */
export async function takeControlSnapshot(control: ApiClient, names: readonly string[]): Promise<ControlSnapshot> {
  const orNothing = async <T>(reading: Promise<readonly T[]>): Promise<readonly T[]> => {
    try {
      return await reading;
    } catch (error) {
      if (isReason(error, 'NotFound')) return [];
      throw error;
    }
  };
  const clusters = await orNothing(listAll(control, ClusterKind as TypedResource<Cluster>));
  const resources = await Promise.all(
    decisive.map(async (resource) => ({
      resource,
      objects: await orNothing(read(control, resource, undefined).then(({ objects }) => objects)),
    })),
  );
  const hooks = await orNothing(
    listAll(
      control,
      ResourceInterpreterWebhookConfigurationKind as TypedResource<ResourceInterpreterWebhookConfiguration>,
    ),
  );
  return {
    interpreting: hooks.flatMap(({ webhooks }) => webhooks.map(({ name }) => name)),
    clusters: clusters.filter(({ metadata }) => names.includes(metadata.name!)),
    resources: resources.filter(({ objects }) => objects.length > 0),
  };
}
