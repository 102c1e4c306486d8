/** NodeRestriction: what a node writes is its own, in kube-apiserver's words. The first step of admission for nodes. */
import type { AdmissionRequest } from '#kube/admission/review.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import type { JsonObject, KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import { forbidden, notFound } from '#kube/status/errors.ts';
import { readSigningRequest } from '#world/certificates/signing-request.ts';
import type { AdmissionStep } from '../../admission/step.ts';
import { nodeOf } from './identity.ts';
import { forbiddenLabels } from './labels.ts';
import { apiReference } from './mirror.ts';
import type { ReadObjects } from './relations.ts';
import { textAt } from './values.ts';

const mirror = 'kubernetes.io/config.mirror';

type Fields = JsonObject & { readonly nodeName?: string };

const partOf = (object: KubeObject | undefined, part: 'spec' | 'status'): Fields =>
  ((object as UnstructuredObject | undefined)?.[part] ?? {}) as Fields;

/** undefined: it may. */
type Why = string | undefined;
type Check = (node: string, request: AdmissionRequest, read: ReadObjects) => Why;

function ownerError(node: string, pod: KubeObject, { find }: ReadObjects): Why {
  const [owner, ...more] = pod.metadata.ownerReferences ?? [];
  if (more.length > 0) return `node ${quote(node)} can only create pods with a single owner reference set to itself`;
  if (owner?.apiVersion !== 'v1' || owner.kind !== 'Node' || owner.name !== node)
    return `node ${quote(node)} can only create pods with an owner reference set to itself`;
  if (!owner.controller)
    return `node ${quote(node)} can only create pods with a controller owner reference set to itself`;
  if (owner.blockOwnerDeletion) return `node ${quote(node)} must not set blockOwnerDeletion on an owner reference`;
  const found = find('nodes', '', node);
  if (!found) throw notFound({ group: '', resource: 'nodes' }, node);
  const { uid } = found.metadata;
  return uid === owner.uid ? undefined : `node ${node} UID mismatch: expected ${owner.uid} got ${uid}`;
}

const quote = (text: string) => JSON.stringify(text);

function createdPod(node: string, pod: KubeObject, read: ReadObjects): Why {
  if (pod.metadata.annotations?.[mirror] === undefined)
    return `pod does not have ${quote(mirror)} annotation, node ${quote(node)} can only create mirror pods`;
  if (partOf(pod, 'spec').nodeName !== node)
    return `node ${quote(node)} can only create pods with spec.nodeName set to itself`;
  const owner = ownerError(node, pod, read);
  if (owner) return owner;
  const reference = apiReference(pod);
  return reference && `node ${quote(node)} can not create pods that reference ${reference}`;
}

/** Throws NotFound. */
function existing({ path }: AdmissionRequest, { find }: ReadObjects): KubeObject {
  const { namespace = '', name = '' } = path;
  const found = find('pods', namespace, name);
  if (!found) throw notFound({ group: '', resource: 'pods' }, name);
  return found;
}

const pod: Check = (node, request, read) => {
  const { operation, object } = request;
  if (operation === 'CREATE') return createdPod(node, object!, read);
  if (operation !== 'DELETE')
    return `unexpected operation ${quote(operation)}, node ${quote(node)} can only create and delete mirror pods`;
  if (partOf(existing(request, read), 'spec').nodeName === node) return undefined;
  return `node ${quote(node)} can only delete pods with spec.nodeName set to itself`;
};

const podStatus: Check = (node, { operation, object, oldObject }) => {
  if (operation !== 'UPDATE') return `unexpected operation ${quote(operation)}`;
  if (partOf(oldObject, 'spec').nodeName !== node)
    return `node ${quote(node)} can only update pod status for pods with spec.nodeName set to itself`;
  if (!deepEqual(object?.metadata.labels ?? {}, oldObject?.metadata.labels ?? {}))
    return `node ${quote(node)} cannot update labels through pod status`;
  const [status, old] = [partOf(object, 'status'), partOf(oldObject, 'status')];
  if (!deepEqual(status.resourceClaimStatuses ?? [], old.resourceClaimStatuses ?? []))
    return `node ${quote(node)} cannot update resource claim statues`;
  if (!deepEqual(status.extendedResourceClaimStatus ?? null, old.extendedResourceClaimStatus ?? null))
    return `node ${quote(node)} cannot update extended resource claim status`;
  return undefined;
};

const podEviction: Check = (node, request, read) => {
  if (request.operation !== 'CREATE') return `unexpected operation ${request.operation}`;
  if (partOf(existing(request, read), 'spec').nodeName === node) return undefined;
  return `node ${node} can only evict pods with spec.nodeName set to itself`;
};

function updatedNode(node: string, object: KubeObject, old: KubeObject): Why {
  const [spec, before] = [partOf(object, 'spec'), partOf(old, 'spec')];
  if (spec.configSource && !deepEqual(spec.configSource, before.configSource))
    return `node ${quote(node)} is not allowed to update configSource to a new non-nil configSource`;
  if (!deepEqual(spec.taints ?? [], before.taints ?? [])) return `node ${quote(node)} is not allowed to modify taints`;
  if (!deepEqual(object.metadata.ownerReferences ?? [], old.metadata.ownerReferences ?? []))
    return `node ${quote(node)} is not allowed to modify ownerReferences`;
  const labels = forbiddenLabels(object.metadata.labels, old.metadata.labels);
  return labels.length > 0 ? `is not allowed to modify labels: ${labels.join(', ')}` : undefined;
}

const ownNode: Check = (node, { operation, path, object, oldObject }) => {
  const name = path.name ?? '';
  if (name !== node) return `node ${quote(node)} is not allowed to modify node ${quote(name)}`;
  if (operation === 'UPDATE') return updatedNode(node, object!, oldObject!);
  if (operation !== 'CREATE') return undefined;
  if (partOf(object, 'spec').configSource)
    return `node ${quote(node)} is not allowed to create pods with a non-nil configSource`;
  const labels = forbiddenLabels(object!.metadata.labels, undefined);
  return labels.length > 0
    ? `node ${quote(node)} is not allowed to set the following labels: ${labels.join(', ')}`
    : undefined;
};

/** A claim without what a node tells of it. */
function unreported(claim: KubeObject | undefined): object {
  const { resourceVersion: _version, managedFields: _fields, ...metadata } = claim?.metadata ?? {};
  const {
    capacity: _c,
    conditions: _o,
    allocatedResources: _a,
    allocatedResourceStatuses: _s,
    ...status
  } = partOf(claim, 'status');
  return { ...claim, metadata, status };
}

const claim: Check = (node, { operation, path, object, oldObject }) => {
  if (path.subresource !== 'status') return 'may only update PVC status';
  if (operation !== 'UPDATE') return `unexpected operation ${quote(operation)}`;
  if (deepEqual(unreported(object), unreported(oldObject))) return undefined;
  return `node ${quote(node)} is not allowed to update fields other than status.quantity and status.conditions`;
};

const named =
  (what: string): Check =>
  (node, { path }) =>
    path.name === node ? undefined : `can only access ${what} with the same name as the requesting node`;

const lease: Check = (node, request, read) => {
  const { namespace } = request.path;
  if (namespace !== 'kube-node-lease') return 'can only access leases in the "kube-node-lease" system namespace';
  return named('node lease')(node, request, read);
};

const slice: Check = (node, { operation, object, oldObject }) => {
  if (operation === 'CREATE' && partOf(object, 'spec').nodeName !== node)
    return 'can only create ResourceSlice with the same NodeName as the requesting node';
  if (operation === 'DELETE' && oldObject && partOf(oldObject, 'spec').nodeName !== node)
    return 'can only delete ResourceSlice with the same NodeName as the requesting node';
  return undefined;
};

const kubeletSigners = ['kubernetes.io/kube-apiserver-client-kubelet', 'kubernetes.io/kubelet-serving'];

/** Who it is in the certificate is who asks. */
const signingRequest: Check = (node, { operation, object }) => {
  if (operation !== 'CREATE' || !kubeletSigners.includes(textAt(object, 'spec', 'signerName'))) return undefined;
  const name = `system:node:${node}`;
  try {
    const { subject } = readSigningRequest(Buffer.from(textAt(object, 'spec', 'request'), 'base64').toString('latin1'));
    return subject.commonName === name ? undefined : `can only create a node CSR with CN=${name}`;
  } catch (error) {
    return `unable to parse csr: ${(error as Error).message}`;
  }
};

const checks: Readonly<Record<string, Check>> = {
  ' pods/': pod,
  ' pods/status': podStatus,
  ' pods/eviction': podEviction,
  ' nodes/': ownNode,
  ' nodes/status': ownNode,
  ' persistentvolumeclaims/': claim,
  ' persistentvolumeclaims/status': claim,
  'coordination.k8s.io leases/': lease,
  'storage.k8s.io csinodes/': named('CSINode'),
  'resource.k8s.io resourceslices/': slice,
  'certificates.k8s.io certificatesigningrequests/': signingRequest,
};

const otherPodSubresource: Check = (_, { path }) =>
  `unexpected pod subresource ${quote(path.subresource ?? '')}, only 'status' and 'eviction' are allowed`;

const checkOf = (group: string, resource: string, subresource: string): Check | undefined =>
  checks[`${group} ${resource}/${subresource}`] ??
  (group === '' && resource === 'pods' ? otherPodSubresource : undefined);

export const nodeRestriction = (read: ReadObjects): AdmissionStep => ({
  name: 'NodeRestriction',
  phase: 'mutate',
  handles: ({ group, resource, subresource, operation }) =>
    operation !== 'CONNECT' && checkOf(group, resource, subresource) !== undefined,
  review: (request) => {
    const node = nodeOf(request.user);
    if (node === false) return { allowed: true };
    const { group, resource, subresource = '', name = '' } = request.path;
    const why =
      node === ''
        ? `could not determine node from user ${quote(request.user.name)}`
        : checkOf(group, resource, subresource)!(node, request, read);
    if (why !== undefined) throw forbidden({ group, resource }, name, why);
    return { allowed: true };
  },
});
