/** The binding a template and its policy ask for (compatibility.md section 3.1, "Binding build"). */

import { seenTemplate, writeMode } from '#apis/names/annotations.ts';
import { binding as bindingFinalizer, clusterBinding as clusterBindingFinalizer } from '#apis/names/finalizers.ts';
import { bindingId, clusterBindingId } from '#apis/names/labels.ts';
import { bindingNameFor } from '#apis/names/objects.ts';
import { claimFor, withClaim } from '#apis/policy/claim.ts';
import type { Policy } from '#apis/policy/matching.ts';
import { type Binding, bindingKindFor } from '#apis/work/binding.ts';
import type { BindingSpec } from '#apis/work/binding-spec.ts';
import type { Replicas } from '#interpreter/interpreter.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import { apiVersionOf } from '#kube/meta/kind.ts';
import type { KubeObject, OwnerReference } from '#kube/meta/object.ts';
import { hasSeen } from './stamp.ts';

export interface BindingInput {
  readonly template: KubeObject;
  readonly policy: Policy;
  /** Undefined when the template is not a workload. */
  readonly replicas: Replicas | undefined;
  readonly existing: Binding | undefined;
  /** Of the template, by `stampOf`. */
  readonly stamp: string;
  /** A fresh uuid, used when the binding is new. */
  readonly newId: string;
}

/** Raised when the name is taken by the binding of an earlier template of that name: it goes first. */
class BindingOfAnother extends Error {
  override readonly name = 'BindingOfAnother';
}

function ownerOf({ apiVersion, kind, metadata }: KubeObject): OwnerReference {
  return { apiVersion, kind, name: metadata.name!, uid: metadata.uid!, controller: true, blockOwnerDeletion: true };
}

/** Fields that other controllers own stay; `scheduling` of the suspension is not the policy's. */
function specFor({ template, policy, replicas, existing }: BindingInput): BindingSpec {
  const { spec } = policy;
  const { namespace, name, uid, resourceVersion } = template.metadata;
  const old = existing?.spec;
  const scheduling = old?.suspension?.scheduling;
  const suspension =
    spec.suspension || scheduling !== undefined
      ? { ...spec.suspension, ...(scheduling !== undefined ? { scheduling } : {}) }
      : undefined;
  const fields: BindingSpec = {
    resource: {
      apiVersion: template.apiVersion,
      kind: template.kind,
      ...(namespace ? { namespace } : {}),
      name: name!,
      uid,
      resourceVersion,
    },
    clusters: old?.clusters,
    gracefulEvictionTasks: old?.gracefulEvictionTasks,
    requiredBy: old?.requiredBy,
    rescheduleTriggeredAt: old?.rescheduleTriggeredAt,
    // Go's omitempty: a flag that is false is not written.
    propagateDeps: spec.propagateDeps || undefined,
    schedulerName: spec.schedulerName,
    placement: spec.placement,
    failover: spec.failover,
    conflictResolution: spec.conflictResolution,
    preserveResourcesOnDeletion: spec.preserveResourcesOnDeletion,
    suspension,
    replicas: replicas?.replicas || undefined,
    replicaRequirements: replicas?.requirements,
  };
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as unknown as BindingSpec;
}

function newBinding(input: BindingInput): Binding {
  const { template, newId } = input;
  const { namespace, name } = template.metadata;
  const kind = bindingKindFor(namespace);
  return {
    apiVersion: apiVersionOf(kind),
    kind: kind.kind,
    metadata: {
      ...(namespace ? { namespace } : {}),
      name: bindingNameFor(template.kind, name!),
      labels: { [namespace ? bindingId : clusterBindingId]: newId },
      finalizers: [namespace ? bindingFinalizer : clusterBindingFinalizer],
      ownerReferences: [ownerOf(template)],
    },
    spec: specFor(input),
  };
}

/** What the binding tells of the template it carries, and of how the policy wants it written. */
function withNotes<T extends Binding>(binding: T, policy: Policy, stamp: string): T {
  const { [seenTemplate]: _seen, [writeMode]: _mode, ...annotations } = binding.metadata.annotations ?? {};
  const mode = policy.metadata.annotations?.[writeMode];
  const noted = { ...annotations, [seenTemplate]: stamp, ...(mode ? { [writeMode]: mode } : {}) };
  return deepEqual(noted, binding.metadata.annotations)
    ? binding
    : { ...binding, metadata: { ...binding.metadata, annotations: noted } };
}

/**
 * The binding to write; the existing reference when nothing changes. The template's resourceVersion alone is no change:
 * only `stamp` tells whether it is another template, else a restart would rewrite every binding after a status.
 */
export function bindingFor(input: BindingInput): Binding {
  const { template, policy, existing, stamp } = input;
  if (!existing) return withNotes(withClaim(newBinding(input), claimFor(policy)), policy, stamp);
  const owner = existing.metadata.ownerReferences?.find((reference) => reference.controller);
  if (owner && owner.uid !== template.metadata.uid) {
    throw new BindingOfAnother(
      `binding ${existing.metadata.name} still belongs to an earlier ${owner.kind} ${owner.name} (uid ${owner.uid}); it is replaced once that one is gone`,
    );
  }
  const wanted = specFor(input);
  const resourceVersion = existing.spec.resource.resourceVersion;
  const spec = hasSeen(existing, stamp) ? { ...wanted, resource: { ...wanted.resource, resourceVersion } } : wanted;
  const noted = withNotes(withClaim(existing, claimFor(policy)), policy, stamp);
  return deepEqual(spec, existing.spec) ? noted : { ...noted, spec };
}
