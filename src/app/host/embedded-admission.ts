/** Admission on karmada-host: what is part of the process itself is shown and refuses to be changed, with what to do instead. */
import { systemNamespace } from '#apis/names/objects.ts';
import type { AdmissionRequest, AdmissionResponse } from '#kube/admission/review.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { controllerOf } from '#kube/meta/owner.ts';
import { forbidden } from '#kube/status/errors.ts';
import type { AdmissionStep, AdmissionTarget } from '#server/admission/step.ts';
import { type EmbeddedPart, embeddedParts } from './components.ts';

/** What a change of it would change a part by: the workload, what it made, and their numbers. */
const guarded = new Set(['apps/deployments', 'apps/statefulsets', 'apps/replicasets', '/pods', '/namespaces']);

function handles({ group, resource, subresource, operation }: AdmissionTarget): boolean {
  if (!guarded.has(`${group}/${resource}`)) return false;
  if (resource === 'pods' && subresource === 'eviction') return operation === 'CREATE';
  if (subresource !== '' && subresource !== 'scale') return false;
  // Pods change all the time, and nothing in them that can be changed matters here.
  const onlyDeletion = resource === 'pods' || resource === 'namespaces';
  return operation === 'DELETE' || (operation === 'UPDATE' && !onlyDeletion);
}

const find = (kind: string, name: string): EmbeddedPart | undefined =>
  embeddedParts.find((part) => part.kind === kind && part.name === name);

/** Pods are named after what made them: a ReplicaSet with five letters more, or a StatefulSet with a number. */
const partOfPod = (pod: string): EmbeddedPart | undefined => {
  const maker = deploymentOf(pod);
  return find('StatefulSet', maker) ?? find('Deployment', deploymentOf(maker));
};

/** A ReplicaSet is named after its Deployment, with the hash of its template. */
const deploymentOf = (replicaSet: string): string => replicaSet.slice(0, replicaSet.lastIndexOf('-'));

/** The part that an object of this resource belongs to. */
function partOf(resource: string, name: string, object: KubeObject | undefined): EmbeddedPart | undefined {
  if (resource === 'deployments') return find('Deployment', name);
  if (resource === 'statefulsets') return find('StatefulSet', name);
  const owner = object && controllerOf(object);
  if (!owner) return undefined;
  return owner.kind === 'ReplicaSet' ? find('Deployment', deploymentOf(owner.name)) : find(owner.kind, owner.name);
}

const specOf = (object: KubeObject | undefined) => (object as { readonly spec?: unknown } | undefined)?.spec;

function review(request: AdmissionRequest): AdmissionResponse {
  const { path, operation, object, oldObject } = request;
  const name = path.name ?? '';
  if (path.resource === 'namespaces') {
    if (name !== systemNamespace) return { allowed: true };
    throw forbidden(path, name, 'it shows the control plane\'s parts; "flotilla down" stops the control plane');
  }
  if (path.namespace !== systemNamespace) return { allowed: true };
  // Controllers keep their notes in annotations, people may label: only what runs is guarded.
  if (operation === 'UPDATE' && deepEqual(specOf(object), specOf(oldObject))) return { allowed: true };
  const part = path.subresource === 'eviction' ? partOfPod(name) : partOf(path.resource, name, oldObject ?? object);
  if (!part) return { allowed: true };
  throw forbidden(path, name, `${part.name} is ${part.what} and cannot be changed here: ${part.instead}`);
}

/** For the host's API server. */
export const embeddedAdmission: AdmissionStep = { name: 'EmbeddedPart', phase: 'validate', handles, review };
