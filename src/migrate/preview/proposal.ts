/** The policies as the API server would hold them, by a dry run: its defaults, its refusals, in its own words. */
import { customKinds } from '#apis/kinds.ts';
import { clusterPolicyId, policyId } from '#apis/names/labels.ts';
import type { ApiClient, TypedResource } from '#client/api-client.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import { gvkOf } from '#kube/meta/kind.ts';
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import { isReason, StatusError } from '#kube/status/status.ts';
import { titled } from '../model.ts';
import { type PolicyOutcome, someId } from './model.ts';

const kinds = ['PropagationPolicy', 'ClusterPropagationPolicy', 'OverridePolicy', 'ClusterOverridePolicy'] as const;
type PolicyKind = (typeof kinds)[number];

export const isPolicy = ({ apiVersion, kind }: KubeObject): boolean =>
  apiVersion === 'policy.karmada.io/v1alpha1' && kinds.includes(kind as PolicyKind);

export interface Proposal {
  readonly outcome: PolicyOutcome;
  /** As it is; absent for a new one. */
  readonly before?: UnstructuredObject;
  /** As it would be, absent where it would be gone; what is refused stays as it is. */
  readonly after?: UnstructuredObject;
}

async function existing(client: ApiClient, resource: TypedResource<KubeObject>, { metadata }: KubeObject) {
  try {
    const { namespace, name } = metadata;
    return await client.resource(resource).get({ name: name!, ...(namespace ? { namespace } : {}) });
  } catch (error) {
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  }
}

/** Its spec is the file's; labels and annotations that others set stay. */
function withChanges(before: KubeObject, asked: KubeObject): UnstructuredObject {
  const labels = { ...before.metadata.labels, ...asked.metadata.labels };
  const annotations = { ...before.metadata.annotations, ...asked.metadata.annotations };
  return { ...asked, metadata: { ...before.metadata, labels, annotations } };
}

/** Who has no webhook that gives policies their ids, or none for dry runs, gets one here: claims are told by them. */
function withId(policy: UnstructuredObject): UnstructuredObject {
  const key = { PropagationPolicy: policyId, ClusterPropagationPolicy: clusterPolicyId }[policy.kind];
  if (key === undefined || policy.metadata.labels?.[key]) return policy;
  return { ...policy, metadata: { ...policy.metadata, labels: { ...policy.metadata.labels, [key]: someId } } };
}

const resourceOf = (policy: KubeObject): TypedResource<KubeObject> => {
  const { group, version, kind } = gvkOf(policy);
  return customKinds.find(
    (each) => each.group === group && each.version === version && each.kind === kind,
  )! as unknown as TypedResource<KubeObject>;
};

/** What the API server says no to stays as it is; whatever else it says is thrown. */
function refusedBy(error: unknown, policy: KubeObject, before: UnstructuredObject | undefined): Proposal {
  if (!(error instanceof StatusError) || error.status.reason === 'ServiceUnavailable') throw error;
  const outcome = { policy: titled(policy), is: 'refused', refused: error.message } as const;
  return { outcome, ...(before ? { before, after: before } : {}) };
}

export async function propose(client: ApiClient, asked: KubeObject): Promise<Proposal> {
  const resource = resourceOf(asked);
  const policy = titled(asked);
  const found = await existing(client, resource, asked);
  const typed = (object: KubeObject) =>
    ({ ...object, apiVersion: asked.apiVersion, kind: asked.kind }) as UnstructuredObject;
  const before = found && typed(found);
  try {
    const target = client.resource(resource);
    const options = { dryRun: true };
    const after = typed(
      await (before ? target.update(withChanges(before, asked), options) : target.create(asked, options)),
    );
    if (!before) return { outcome: { policy, is: 'new' }, after: withId(after) };
    const same =
      deepEqual(before.spec, after.spec) && deepEqual(before.metadata.annotations, after.metadata.annotations);
    return { outcome: { policy, is: same ? 'unchanged' : 'changed' }, before, after };
  } catch (error) {
    return refusedBy(error, asked, before);
  }
}

/** Throws NotFound where there is no such policy. */
export async function proposeDeletion(client: ApiClient, asked: KubeObject): Promise<Proposal> {
  const target = client.resource(resourceOf(asked));
  const { namespace, name } = asked.metadata;
  const key = { name: name!, ...(namespace ? { namespace } : {}) };
  const before = { ...(await target.get(key)), apiVersion: asked.apiVersion, kind: asked.kind } as UnstructuredObject;
  try {
    await target.delete(key, { dryRun: ['All'] });
    return { outcome: { policy: titled(asked), is: 'deleted' }, before };
  } catch (error) {
    return refusedBy(error, asked, before);
  }
}
