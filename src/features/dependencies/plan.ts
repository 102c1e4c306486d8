/**
 * The binding of a dependency, from all who need it now (compatibility.md section 3.7). Who came first or last does not
 * matter: what is there after any coming and going is what those who are left ask for.
 */

import { seenTemplate } from '#apis/names/annotations.ts';
import { binding as bindingFinalizer, clusterBinding as clusterBindingFinalizer } from '#apis/names/finalizers.ts';
import {
  bindingId,
  bindingManagedBy,
  clusterBindingId,
  clusterPolicyId,
  dependedByPrefix,
} from '#apis/names/labels.ts';
import { bindingNameFor, bindingReferenceKey } from '#apis/names/objects.ts';
import { type Binding, bindingIdOf, bindingKindFor } from '#apis/work/binding.ts';
import type { BindingSpec, TargetCluster } from '#apis/work/binding-spec.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import { keyOf } from '#kube/meta/key.ts';
import { apiVersionOf, parseApiVersion } from '#kube/meta/kind.ts';
import type { KubeObject, OwnerReference } from '#kube/meta/object.ts';

export interface AttachedInput {
  readonly object: KubeObject;
  readonly existing: Binding | undefined;
  /** All bindings that need the object. */
  readonly referrers: readonly Binding[];
  /** A fresh uuid, used when the binding is new. */
  readonly newId: string;
}

type Snapshot = NonNullable<BindingSpec['requiredBy']>[number];

const isDirect = (purgeMode: string | undefined) => purgeMode === 'Immediately' || purgeMode === 'Directly';

/** Where the referrer is, and where it still runs until a graceful eviction is over: what it needs leaves with it. */
function clustersOf({ spec }: Binding): readonly TargetCluster[] {
  const clusters = spec.clusters ?? [];
  const names = new Set(clusters.map(({ name }) => name));
  const leaving = (spec.gracefulEvictionTasks ?? [])
    .filter(({ fromCluster, purgeMode }) => !isDirect(purgeMode) && !names.has(fromCluster))
    .map(({ fromCluster }) => ({ name: fromCluster }));
  return [...clusters, ...leaving];
}

function snapshotOf(referrer: Binding): Snapshot {
  const { namespace, name } = referrer.metadata;
  const clusters = clustersOf(referrer);
  return { ...(namespace ? { namespace } : {}), name: name!, ...(clusters.length > 0 ? { clusters } : {}) };
}

const byKey = (a: Binding, b: Binding) => (keyOf(a) < keyOf(b) ? -1 : 1);

type Resource = Pick<BindingSpec['resource'], 'apiVersion' | 'kind' | 'namespace'>;

/** Outside its own namespace a PropagationPolicy may add what is not there, but not take over what is. */
function overwrites({ metadata, spec }: Binding, { namespace }: Resource): boolean {
  if (spec.conflictResolution !== 'Overwrite') return false;
  return namespace === metadata.namespace || metadata.labels?.[clusterPolicyId] !== undefined;
}

const preserves = ({ spec }: Binding) => spec.preserveResourcesOnDeletion === true;

/** With a definition every object of its kind would go, whoever made it: it stays. */
const isDefinition = ({ apiVersion, kind }: Resource) =>
  parseApiVersion(apiVersion).group === 'apiextensions.k8s.io' && kind === 'CustomResourceDefinition';

/** Any Overwrite wins, any preservation wins; with nobody left the server's own default and nothing. */
function strategyFor(
  resource: Resource,
  referrers: readonly Binding[],
): Pick<BindingSpec, 'conflictResolution' | 'preserveResourcesOnDeletion'> {
  const overwritten = referrers.some((each) => overwrites(each, resource));
  const preserved = isDefinition(resource) || referrers.some(preserves);
  return {
    conflictResolution: overwritten ? 'Overwrite' : 'Abort',
    ...(referrers.length > 0 || preserved ? { preserveResourcesOnDeletion: preserved } : {}),
  };
}

/** The reference's words for what those who need the resource do not agree on; undefined when they do. */
export function conflictAmong(resource: Resource, referrers: readonly Binding[]): string | undefined {
  const differ = (of: (referrer: Binding) => boolean) => new Set(referrers.map(of)).size > 1;
  const conflicts = [
    ...(differ((each) => overwrites(each, resource)) ? ['ConflictResolution conflicted (Overwrite vs Abort)'] : []),
    ...(differ(preserves) ? ['PreserveResourcesOnDeletion conflicted (true vs false)'] : []),
  ];
  return conflicts.length > 0 ? `Dependency policy conflict detected: ${conflicts.join('; ')}.` : undefined;
}

/** Made by detection or another controller: its strategy is theirs, whoever needs the object besides. */
export const isPlaced = ({ metadata: { annotations, labels }, spec }: Binding): boolean =>
  spec.placement !== undefined || annotations?.[seenTemplate] !== undefined || labels?.[bindingManagedBy] !== undefined;

const isAttached = ({ metadata: { labels = {} }, spec }: Binding): boolean =>
  (spec.requiredBy ?? []).length > 0 || Object.keys(labels).some((key) => key.startsWith(dependedByPrefix));

function labelsFor(existing: Binding | undefined, referrers: readonly Binding[]) {
  const others = Object.entries(existing?.metadata.labels ?? {}).filter(([key]) => !key.startsWith(dependedByPrefix));
  const depended = referrers.map((referrer): [string, string] => {
    const { namespace, name } = referrer.metadata;
    return [dependedByPrefix + bindingReferenceKey(namespace, name!), bindingIdOf(referrer)];
  });
  return Object.fromEntries([...others, ...depended]);
}

const ownerOf = ({ apiVersion, kind, metadata }: KubeObject): OwnerReference => ({
  apiVersion,
  kind,
  name: metadata.name!,
  uid: metadata.uid!,
  controller: true,
  blockOwnerDeletion: true,
});

/** One whose object was deleted without it has no owner left; it gets the new one. */
function ownersFor(existing: Binding, object: KubeObject): Binding['metadata']['ownerReferences'] {
  const { ownerReferences = [] } = existing.metadata;
  return ownerReferences.some(({ controller }) => controller)
    ? existing.metadata.ownerReferences
    : [...ownerReferences, ownerOf(object)];
}

function resourceOf({ apiVersion, kind, metadata }: KubeObject): BindingSpec['resource'] {
  const { namespace, name, uid, resourceVersion } = metadata;
  return { apiVersion, kind, ...(namespace ? { namespace } : {}), name: name!, uid, resourceVersion };
}

function attach({ object, referrers, newId }: AttachedInput): Binding {
  const { namespace, name } = object.metadata;
  const kind = bindingKindFor(namespace);
  return {
    apiVersion: apiVersionOf(kind),
    kind: kind.kind,
    metadata: {
      ...(namespace ? { namespace } : {}),
      name: bindingNameFor(object.kind, name!),
      labels: { [namespace ? bindingId : clusterBindingId]: newId, ...labelsFor(undefined, referrers) },
      finalizers: [namespace ? bindingFinalizer : clusterBindingFinalizer],
      ownerReferences: [ownerOf(object)],
    },
    spec: {
      resource: resourceOf(object),
      requiredBy: referrers.map(snapshotOf),
      ...strategyFor(resourceOf(object), referrers),
    },
  };
}

/** An existing binding with these referrers and no others; the same reference when it has them already. */
function merged<T extends Binding>(existing: T, referrers: readonly Binding[]): T {
  if (referrers.length === 0 && !isAttached(existing)) return existing;
  const { requiredBy: _required, ...others } = existing.spec;
  const { preserveResourcesOnDeletion: _preserve, ...free } = others;
  const requiredBy = referrers.map(snapshotOf);
  const labels = labelsFor(existing, referrers);
  const spec: BindingSpec = {
    ...(isPlaced(existing) ? others : { ...free, ...strategyFor(existing.spec.resource, referrers) }),
    ...(requiredBy.length > 0 ? { requiredBy } : {}),
  };
  const metadata = deepEqual(labels, existing.metadata.labels ?? {})
    ? existing.metadata
    : { ...existing.metadata, labels };
  if (metadata === existing.metadata && deepEqual(spec, existing.spec)) return existing;
  return { ...existing, metadata, spec };
}

/** Nobody of those who need the object no longer is, whether it is there or not. */
export const withReferrers = <T extends Binding>(existing: T, referrers: readonly Binding[]): T =>
  merged(existing, referrers.toSorted(byKey));

/** The binding as it should be; the same reference when it is so, undefined when there is none and needs not be. */
export function attachedBinding(input: AttachedInput): Binding | undefined {
  const { object, existing } = input;
  const referrers = input.referrers.toSorted(byKey);
  if (!existing) return referrers.length > 0 ? attach({ ...input, referrers }) : undefined;
  const binding = merged(existing, referrers);
  if (referrers.length === 0) return binding;
  const ownerReferences = ownersFor(existing, object);
  const resource = resourceOf(object);
  if (ownerReferences === existing.metadata.ownerReferences && deepEqual(resource, existing.spec.resource)) {
    return binding;
  }
  return {
    ...binding,
    metadata: { ...binding.metadata, ...(ownerReferences ? { ownerReferences } : {}) },
    spec: { ...binding.spec, resource },
  } as Binding;
}
