/** Reads what the stories of policies, Clusters and Works without a template need. */
import { type Cluster, ClusterKind } from '#apis/cluster/cluster.ts';
import { executionNamespace } from '#apis/names/objects.ts';
import { ClusterPropagationPolicyKind } from '#apis/policy/cluster-propagation-policy.ts';
import { policyRank } from '#apis/policy/matching.ts';
import { PropagationPolicyKind } from '#apis/policy/propagation-policy.ts';
import { type Work, WorkKind } from '#apis/work/work.ts';
import { listAll } from '#client/list-all.ts';
import type { DiscoveredResource } from '#client/mapper/mapper.ts';
import { apiVersionOf, parseApiVersion } from '#kube/meta/kind.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { distance } from '#kube/names/distance.ts';
import { isUnreadable, list, type Source } from '../reading/inventory.ts';
import { policiesIn } from '../reading/policies.ts';
import { clusterStory } from './of-cluster.ts';
import { policyStory, type UnservedSelector } from './policy.ts';
import type { Why } from './story.ts';

/** More letters than that are another kind. */
const mostLetters = 2;

export const isOf = (resource: DiscoveredResource, kind: { readonly group: string; readonly kind: string }): boolean =>
  resource.group === kind.group && resource.kind === kind.kind;

/** Undefined for what is no subject of its own. */
export function storyOfSubject(
  control: Source,
  resource: DiscoveredResource,
  object: UnstructuredObject,
): Promise<Why> | undefined {
  if (isOf(resource, PropagationPolicyKind) || isOf(resource, ClusterPropagationPolicyKind))
    return ofPolicy(control, object);
  if (isOf(resource, ClusterKind)) return ofCluster(control, object as unknown as Cluster);
  return undefined;
}

async function ofCluster({ client }: Source, cluster: Cluster): Promise<Why> {
  const namespace = executionNamespace(cluster.metadata.name!);
  const works = await listAll<Work>(client, WorkKind, { namespace });
  return clusterStory(
    cluster,
    works.map((work) => ({ ...work, apiVersion: apiVersionOf(WorkKind), kind: WorkKind.kind })),
  );
}

async function ofPolicy(control: Source, object: UnstructuredObject): Promise<Why> {
  const policies = (await policiesIn(control.client)).map((each) => ({
    ...each,
    kind: each.metadata.namespace ? PropagationPolicyKind.kind : ClusterPropagationPolicyKind.kind,
    apiVersion: object.apiVersion,
  }));
  const policy = policies.find(({ metadata }) => metadata.uid === object.metadata.uid);
  // Deleted in between: it is told as it was.
  if (!policy) return policyStory({ policy: object as never, policies: [], objects: [], unserved: [] });
  const served = new Map<string, DiscoveredResource>();
  const unserved: UnservedSelector[] = [];
  for (const [at, { apiVersion, kind }] of policy.spec.resourceSelectors.entries()) {
    const resource = await control.mapper.find({ ...parseApiVersion(apiVersion), kind });
    if (resource) served.set(`${apiVersion} ${kind}`, resource);
    else unserved.push({ at, apiVersion, kind, ...(await kindMeant(control, apiVersion, kind)) });
  }
  const resources = [...served.values()];
  const { namespace } = policy.metadata;
  const near = await objectsOf(control, resources, namespace);
  const matches = near.some((each) => policyRank(policy, each) > 0);
  const objects = matches || namespace === undefined ? near : await objectsOf(control, resources, undefined);
  return policyStory({ policy, policies, objects, unserved });
}

/** Resources that may not be listed are left out. */
async function objectsOf(
  control: Source,
  resources: readonly DiscoveredResource[],
  namespace: string | undefined,
): Promise<readonly UnstructuredObject[]> {
  const found: UnstructuredObject[] = [];
  for (const resource of resources) {
    try {
      found.push(...(await list(control, resource, resource.namespaced ? namespace : undefined, undefined)));
    } catch (error) {
      if (!isUnreadable(error)) throw error;
    }
  }
  return found;
}

async function kindMeant({ mapper }: Source, apiVersion: string, kind: string): Promise<{ readonly meant?: string }> {
  const [best] = (await mapper.preferred())
    .filter((each) => apiVersionOf(each) === apiVersion)
    .map((each) => ({ meant: each.kind, letters: distance(each.kind.toLowerCase(), kind.toLowerCase()) }))
    .filter(({ letters }) => letters <= mostLetters)
    .sort((a, b) => a.letters - b.letters);
  return best ? { meant: best.meant } : {};
}
