/**
 * One object that may be garbage, or that waits for its dependents. Caches say what to look at; whatever takes
 * something away is settled with the API server: absent owners are asked for live, and every write carries the state
 * it was decided on.
 */
import { nameOf } from '#client/cached.ts';
import { keyOf } from '#kube/meta/key.ts';
import type { KubeObject, OwnerReference } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';
import type { EventRecorder } from '#runtime/events.ts';
import { done, type Enqueue, type Result, requeueAfter } from '#runtime/reconciler.ts';
import { eventReasons } from '../reasons.ts';
import { fieldManager } from '../resources.ts';
import type { ServedResource, ServedResources } from '../served-resources.ts';
import type { GoneOwners } from './gone.ts';
import type { GraphNode, OwnerGraph } from './graph.ts';
import { blocks, deletesDependents, finalizers, type OwnerState, orphansDependents, planOwned } from './plan.ts';

export interface GarbageContext {
  readonly resources: ServedResources;
  readonly graph: OwnerGraph;
  readonly gone: GoneOwners;
  readonly events: EventRecorder;
}

const separator = '|';
/** Caches fill within a few turns; until then nobody can say that nothing refers to an object. */
const incompleteMs = 50;
/** An owner that was there when it was asked for, and of which the cache knows that it has gone since. */
const unseenMs = 500;
/** A kind that is not served may come to be; this asks no API server. */
const unservedMs = 30_000;
/** Referents are read in pages of 500: about 1.5 MB each. */
const pageSize = 500;

/** `apps/replicasets|default/web-1`. */
export const keyOfNode = ({ served, object }: GraphNode): string => `${served.id}${separator}${keyOf(object)}`;

export async function reconcileNode(context: GarbageContext, key: string, enqueue: Enqueue): Promise<Result> {
  const at = key.indexOf(separator);
  const served = context.resources.find(key.slice(0, at));
  const object = served?.resource.get(key.slice(at + 1));
  if (!served || !object) return done;
  const node = { served, object };
  const isHeld = orphansDependents(object) || deletesDependents(object);
  if (isHeld && !context.resources.complete())
    return requeueAfter(incompleteMs, 'not all resources are in the cache yet');
  if (orphansDependents(object)) await orphan(context, node);
  else if (deletesDependents(object)) await deleteInForeground(context, node, enqueue);
  else if (object.metadata.deletionTimestamp === undefined) return collect(context, node);
  return done;
}

/** Deletes it, if no owner is left; takes away what refers to owners that are gone, if some are. */
async function collect(context: GarbageContext, node: GraphNode): Promise<Result> {
  const { object, served } = node;
  const { uid = '', resourceVersion, ownerReferences: all = [] } = object.metadata;
  const states = new Map<OwnerReference, OwnerState>();
  for (const reference of all) states.set(reference, await stateOf(context, node, reference));
  const dependents = context.graph.dependentsOf(uid);
  const plan = planOwned(object, (reference) => states.get(reference)!, dependents.length > 0);
  if (plan.action === 'keepOwners') await setOwners(node, plan.references);
  if (plan.action !== 'delete') return untilToldOf(context, node, plan.action === 'keepOwners' ? plan.references : all);
  await unlessGone(
    served.resource.live.delete(nameOf(object), {
      propagationPolicy: plan.propagation,
      preconditions: { uid, resourceVersion },
    }),
  );
  return done;
}

/** The end of an owner in the cache wakes what it owns. Of others nobody tells: they are looked at again. */
function untilToldOf({ graph }: GarbageContext, node: GraphNode, references: readonly OwnerReference[]): Result {
  let result = done;
  for (const reference of references) {
    const owners = graph.servedFor(reference);
    if (!owners) result = requeueAfter(unservedMs, 'the kind of an owner is not served');
    else if (!isOutOfReach(owners, node.served) && !graph.ownerOf(node.object, reference))
      return requeueAfter(unseenMs, 'an owner is not in the cache');
  }
  return result;
}

/** A namespaced owner of an object without a namespace cannot be told from others of its name. */
const isOutOfReach = (owners: ServedResource, owned: ServedResource) => owners.ref.namespaced && !owned.ref.namespaced;

async function stateOf(
  context: GarbageContext,
  { served, object }: GraphNode,
  reference: OwnerReference,
): Promise<OwnerState> {
  const { graph, gone, events } = context;
  const owners = graph.servedFor(reference);
  if (owners && isOutOfReach(owners, served)) {
    const { apiVersion, kind, name, uid } = reference;
    const text = `ownerRef [${apiVersion}/${kind}, name: ${name}, uid: ${uid}] does not exist in namespace ""`;
    events.event(object, 'Warning', eventReasons.ownerInvalidNamespace, text);
    return 'present';
  }
  if (gone.has(reference.uid)) return 'absent';
  const known = graph.ownerOf(object, reference);
  if (known) return deletesDependents(known.object) ? 'waiting' : 'present';
  // Of a kind that nobody serves nothing can be said: what it owns is left alone.
  if (!owners) return 'present';
  const sought = soughtOf(owners, object, reference);
  if (gone.has(sought)) return 'absent';
  const owner = await liveOwner(owners, object, reference);
  if (!owner) {
    gone.add(sought);
    return 'absent';
  }
  // A cache that has not come to it yet could miss its whole life, and so never tell of its end.
  owners.resource.informer.observe(owner);
  return deletesDependents(owner) ? 'waiting' : 'present';
}

/** What was sought and not there: the uid alone may well be that of an object elsewhere, which others refer to rightly. */
const soughtOf = ({ id }: ServedResource, { metadata }: KubeObject, { name, uid }: OwnerReference): string =>
  [id, metadata.namespace, name, uid].join(separator);

async function liveOwner(
  owners: ServedResource,
  { metadata }: KubeObject,
  { name, uid }: OwnerReference,
): Promise<KubeObject | undefined> {
  const namespace = owners.ref.namespaced ? metadata.namespace : undefined;
  const found = await unlessGone(owners.resource.live.get({ ...(namespace ? { namespace } : {}), name }));
  return found?.metadata.uid === uid ? found : undefined;
}

/**
 * Takes the owner out of everything that refers to it, then lets it go. The caches are not asked who that is: whom they
 * had not come to yet would be taken for garbage once the owner is gone.
 */
async function orphan({ resources }: GarbageContext, node: GraphNode): Promise<void> {
  const { uid = '', namespace } = node.object.metadata;
  for (const served of resources.all()) {
    if (namespace && !served.ref.namespaced) continue;
    for await (const object of liveObjects(served, namespace)) {
      const references = object.metadata.ownerReferences ?? [];
      const others = references.filter((reference) => reference.uid !== uid);
      if (others.length < references.length) await setOwners({ served, object }, others);
    }
  }
  await release(node, finalizers.orphan);
}

async function* liveObjects({ resource }: ServedResource, namespace: string | undefined): AsyncIterable<KubeObject> {
  const within = namespace ? { namespace } : {};
  let next: string | undefined;
  do {
    const options = { ...within, limit: pageSize, ...(next ? { continue: next } : {}) };
    const page = await unlessGone(resource.live.list(options));
    yield* page?.items ?? [];
    next = page?.metadata.continue;
  } while (next);
}

/** Has its dependents deleted, and lets it go when none is left that holds it. */
async function deleteInForeground({ graph }: GarbageContext, node: GraphNode, enqueue: Enqueue): Promise<void> {
  const { uid = '', ownerReferences = [] } = node.object.metadata;
  const dependents = graph.dependentsOf(uid);
  for (const dependent of dependents) if (!isGoing(dependent)) enqueue(keyOfNode(dependent));
  // A reference that cannot mean this object (by another name, from elsewhere) holds nothing: its end would wake nobody.
  const holds = ({ object }: GraphNode) => blocks(object, uid, (reference) => !!graph.ownerOf(object, reference));
  if (!dependents.some(holds)) await release(node, finalizers.foreground);
  // In a circle of objects that wait for each other somebody has to stop being waited for.
  else if (waitsForItself(graph, node)) await setOwners(node, ownerReferences.map(unblocking));
}

const unblocking = (reference: OwnerReference): OwnerReference => ({ ...reference, blockOwnerDeletion: false });

/** Follows those that wait for it, for those, and so on: each once. */
function waitsForItself(graph: OwnerGraph, node: GraphNode): boolean {
  const { uid } = node.object.metadata;
  const seen = new Set<string | undefined>();
  const waiting = [node.object];
  for (let object = waiting.pop(); object; object = waiting.pop()) {
    for (const reference of object.metadata.ownerReferences ?? []) {
      const owner = reference.blockOwnerDeletion ? graph.ownerOf(object, reference)?.object : undefined;
      if (!owner || !deletesDependents(owner) || seen.has(owner.metadata.uid)) continue;
      if (owner.metadata.uid === uid) return true;
      seen.add(owner.metadata.uid);
      waiting.push(owner);
    }
  }
  return false;
}

const isGoing = ({ object }: GraphNode): boolean => object.metadata.deletionTimestamp !== undefined;

async function patchMetadata({ served, object }: GraphNode, change: Readonly<Record<string, unknown>>): Promise<void> {
  const { uid, resourceVersion } = object.metadata;
  const metadata = { uid: uid!, resourceVersion: resourceVersion!, ...change };
  const patched = await unlessGone(
    served.resource.live.patch(nameOf(object), 'merge', { metadata } as never, { fieldManager }),
  );
  if (patched) served.resource.informer.observe(patched);
}

const setOwners = (node: GraphNode, references: readonly OwnerReference[]) =>
  patchMetadata(node, { ownerReferences: references.length > 0 ? references : null });

function release(node: GraphNode, finalizer: string): Promise<void> {
  const rest = (node.object.metadata.finalizers ?? []).filter((each) => each !== finalizer);
  return patchMetadata(node, { finalizers: rest.length > 0 ? rest : null });
}

async function unlessGone<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  }
}
