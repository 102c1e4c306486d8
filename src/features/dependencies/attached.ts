/** The binding of an object that others need: made, merged from all of them, and let go when nobody is left. */
import { reasons } from '#apis/events/reasons.ts';
import { belongsToItsCluster } from '#apis/kubernetes/own-objects.ts';
import { bindingNameFor, isReservedNamespace } from '#apis/names/objects.ts';
import type { Binding } from '#apis/work/binding.ts';
import { nameOf } from '#client/cached.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import { keyFor, keyOf } from '#kube/meta/key.ts';
import { parseApiVersion } from '#kube/meta/kind.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';
import { done, type Result, requeueAfter } from '#runtime/reconciler.ts';
import { type DependenciesContext, errorText, mayNeed, needing, snapshotKey } from './context.ts';
import { referenceTarget, type Target, targetKey, versionsFor } from './plan/needed.ts';
import { attachedBinding, conflictAmong, isPlaced, withReferrers } from './plan.ts';
import { stampsMissing } from './preservation.ts';

export interface AttachedContext extends DependenciesContext {
  /** The conflict last told of each object's binding, by key; none where there is none. */
  readonly told: Map<string, string>;
  /** Objects whose Works have to learn that they are preserved before they may go. */
  readonly stamping: Set<string>;
}

export async function reconcileAttached(context: AttachedContext, target: Target): Promise<Result> {
  const key = targetKey(target);
  context.stamping.delete(key);
  const existing = context
    .bindings(target.namespace)
    .get(keyFor(target.namespace, bindingNameFor(target.kind, target.name)));
  // Its end brings the object back here.
  if (existing?.metadata.deletionTimestamp) return done;
  const object = await read(context, target, existing);
  const referrers = object && isKept(context, object) ? [] : needing(context, target, object?.metadata.labels);
  try {
    return await write(context, { target, key, existing, object, referrers });
  } catch (error) {
    if (!isReason(error, 'Conflict')) {
      for (const referrer of referrers) {
        context.events.event(referrer, 'Warning', reasons.syncDependenciesFailed, errorText(error));
      }
    }
    throw error;
  }
}

/** Each cluster's own, and the control plane's own: never brought anywhere, whoever names them. */
function isKept({ skippedNamespaces }: DependenciesContext, object: KubeObject): boolean {
  const { namespace = '' } = object.metadata;
  if (belongsToItsCluster(object) || isReservedNamespace(namespace)) return true;
  return skippedNamespaces.some((pattern) => pattern.test(namespace));
}

/** The object in the version that its binding has, or in the first that is served of those that are named. */
async function read(context: DependenciesContext, target: Target, existing: Binding | undefined) {
  const versions = mayNeed(context, target).flatMap((binding) => versionsFor(binding, target));
  const placed = existing && isPlaced(existing);
  const known = existing ? [existing.spec.resource.apiVersion] : [];
  for (const apiVersion of new Set([...(placed ? known : []), ...versions.sort(), ...known])) {
    const source = await context.watched.of({ apiVersion, kind: target.kind });
    if (!source) continue;
    const object = source.get(target);
    return object?.metadata.deletionTimestamp ? undefined : object;
  }
  return undefined;
}

interface Wanted {
  readonly target: Target;
  readonly key: string;
  readonly existing: Binding | undefined;
  readonly object: KubeObject | undefined;
  readonly referrers: readonly Binding[];
}

async function write(context: AttachedContext, wanted: Wanted): Promise<Result> {
  const { target, key, existing, object, referrers } = wanted;
  if (existing) {
    const another = targetKey(referenceTarget(existing.spec.resource)) !== key;
    if (another && referrers.length === 0) return done;
    if (another) throw nameTaken(existing, target);
    const owner = existing.metadata.ownerReferences?.find(({ controller }) => controller);
    // Of an earlier object of that name: the garbage collector is about to take it away, and its end comes back here.
    if (owner && object && owner.uid !== object.metadata.uid) return done;
    if (await stampsMissing(context, existing, object, referrers)) {
      context.stamping.add(key);
      return done;
    }
  }
  const binding = object
    ? attachedBinding({ object, existing, referrers, newId: context.random.uuid() })
    : existing && withReferrers(existing, referrers);
  if (!binding) {
    context.told.delete(key);
    return done;
  }
  // Of an object that is gone, and of which only the cache does not know it, a binding would be garbage at once.
  if (!existing && object && !(await isStillThere(context, object))) return done;
  if (binding !== existing && !(await put(context, binding, existing))) {
    return requeueAfter(0, `binding ${keyOf(binding)} was made by somebody else just now`);
  }
  tell(context, wanted, binding);
  return done;
}

/** Two kinds of one name in different groups have one binding name: the second of them has to wait for its name. */
function nameTaken({ metadata, spec: { resource } }: Binding, target: Target): Error {
  const { group } = parseApiVersion(resource.apiVersion);
  return new Error(
    `binding ${keyFor(metadata.namespace, metadata.name!)} is of another ${target.kind} ${target.name}, of group "${group}" and not "${target.group}": rename one of the two`,
  );
}

async function isStillThere({ watched }: DependenciesContext, object: KubeObject): Promise<boolean> {
  const source = await watched.of(object);
  try {
    const live = await source?.resource.live.get(nameOf(object));
    return live?.metadata.uid === object.metadata.uid && live?.metadata.deletionTimestamp === undefined;
  } catch (error) {
    if (isReason(error, 'NotFound')) return false;
    throw error;
  }
}

/** False when it was made by somebody else meanwhile; then it is known now. */
async function put(
  { bindings }: DependenciesContext,
  binding: Binding,
  existing: Binding | undefined,
): Promise<boolean> {
  const store = bindings(binding.metadata.namespace);
  if (existing) {
    await store.update(binding);
    return true;
  }
  try {
    await store.create(binding);
    return true;
  } catch (error) {
    if (!isReason(error, 'AlreadyExists')) throw error;
    store.informer.observe(await store.live.get(nameOf(binding)));
    return false;
  }
}

function tell({ events, told }: AttachedContext, { key, existing, referrers }: Wanted, binding: Binding): void {
  const before = new Map((existing?.spec.requiredBy ?? []).map((snapshot) => [snapshotKey(snapshot), snapshot]));
  const now = new Map((binding.spec.requiredBy ?? []).map((snapshot) => [snapshotKey(snapshot), snapshot]));
  for (const referrer of referrers) {
    if (deepEqual(now.get(keyOf(referrer)), before.get(keyOf(referrer)))) continue;
    const message = 'Sync schedule results to dependencies succeed.';
    events.event(referrer, 'Normal', reasons.syncDependenciesSucceed, message);
  }
  const conflict = isPlaced(binding) ? undefined : conflictAmong(binding.spec.resource, referrers);
  if (conflict === undefined) told.delete(key);
  else if (told.get(key) !== conflict) {
    told.set(key, conflict);
    events.event(binding, 'Warning', reasons.dependencyPolicyConflict, conflict);
  }
}
