/** The binding a template and its policy ask for (compatibility.md section 3.1, "Binding build"). */

import { carriedByBindings, seenTemplate } from '#apis/names/annotations.ts';
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
  /** Undefined when the template is not a workload, or is one of components. */
  readonly replicas?: Replicas | undefined;
  readonly components?: BindingSpec['components'];
  /** Of the policy's PriorityClass, where it names one and priorities count. */
  readonly priority?: number | undefined;
  /** Gate WorkloadAffinity. */
  readonly workloadAffinity?: boolean;
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

/** `<key>=<value>` of the labels the policy groups by, where the template has them. */
function affinityGroups({ template, policy }: BindingInput): BindingSpec['workloadAffinityGroups'] {
  const { affinity, antiAffinity } = policy.spec.placement?.workloadAffinity ?? {};
  const { labels = {} } = template.metadata;
  const groupBy = (key: string | undefined) =>
    key !== undefined && labels[key] !== undefined ? `${key}=${labels[key]}` : undefined;
  const [near, far] = [groupBy(affinity?.groupByLabelKey), groupBy(antiAffinity?.groupByLabelKey)];
  if (near === undefined && far === undefined) return undefined;
  return {
    ...(near === undefined ? {} : { affinityGroup: near }),
    ...(far === undefined ? {} : { antiAffinityGroup: far }),
  };
}

/**
 * What only a ResourceBinding is kept up to date in: a ClusterResourceBinding gets propagateDeps when it is made, and
 * never a priority or groups, as in the reference.
 */
function ofNamespaced(input: BindingInput): Partial<BindingSpec> {
  const { template, policy, existing, priority, workloadAffinity } = input;
  // Go's omitempty: a flag that is false is not written.
  const propagateDeps = policy.spec.propagateDeps || undefined;
  if (!template.metadata.namespace) {
    if (!existing) return { propagateDeps };
    const { propagateDeps: kept, schedulePriority, workloadAffinityGroups } = existing.spec;
    return { propagateDeps: kept, schedulePriority, workloadAffinityGroups };
  }
  return {
    propagateDeps,
    schedulePriority: priority === undefined ? undefined : { priority },
    workloadAffinityGroups: workloadAffinity ? affinityGroups(input) : undefined,
  };
}

/** What holds the binding back: the policy's word, and `scheduling`, which is not the policy's. */
function suspensionOf({ policy, existing }: BindingInput): BindingSpec['suspension'] {
  const { suspension } = policy.spec;
  const scheduling = existing?.spec.suspension?.scheduling;
  if (!suspension && scheduling === undefined) return undefined;
  return { ...suspension, ...(scheduling === undefined ? {} : { scheduling }) };
}

/** Fields that other controllers own stay. */
function specFor(input: BindingInput): BindingSpec {
  const { template, policy, replicas, components, existing } = input;
  const { spec } = policy;
  const { namespace, name, uid, resourceVersion } = template.metadata;
  const old = existing?.spec;
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
    ...ofNamespaced(input),
    schedulerName: spec.schedulerName,
    // Without any, all clusters are meant; a binding that has none is one that only others require.
    placement: spec.placement ?? {},
    failover: spec.failover,
    conflictResolution: spec.conflictResolution,
    preserveResourcesOnDeletion: spec.preserveResourcesOnDeletion,
    suspension: suspensionOf(input),
    replicas: replicas?.replicas || undefined,
    replicaRequirements: replicas?.requirements,
    components,
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
  const noted: Record<string, string> = { ...binding.metadata.annotations, [seenTemplate]: stamp };
  for (const key of carriedByBindings) {
    const word = policy.metadata.annotations?.[key];
    if (word) noted[key] = word;
    else delete noted[key];
  }
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
