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
import type { GoneUids } from './gone.ts';
import type { GraphNode, OwnerGraph } from './graph.ts';
import { blocks, deletesDependents, finalizers, type OwnerState, orphansDependents, planOwned } from './plan.ts';

export interface GarbageContext {
  readonly resources: ServedResources;
  readonly graph: OwnerGraph;
  readonly gone: GoneUids;
  readonly events: EventRecorder;
}

const separator = '|';
/** Caches fill within a few turns; until then nobody can say that nothing refers to an object. */
const incompleteMs = 50;

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
  else if (object.metadata.deletionTimestamp === undefined) await collect(context, node);
  return done;
}

/** Deletes it, if no owner is left; takes away what refers to owners that are gone, if some are. */
async function collect(context: GarbageContext, node: GraphNode): Promise<void> {
  const { object, served } = node;
  const states = new Map<OwnerReference, OwnerState>();
  for (const reference of object.metadata.ownerReferences ?? []) {
    states.set(reference, await stateOf(context, node, reference));
  }
  const { uid = '', resourceVersion } = object.metadata;
  const dependents = context.graph.dependentsOf(uid);
  const plan = planOwned(object, (reference) => states.get(reference)!, dependents.length > 0);
  if (plan.action === 'keepOwners') await setOwners(node, plan.references);
  if (plan.action !== 'delete') return;
  // In a circle of objects that wait for each other somebody has to stop waiting.
  const isCircle =
    plan.propagation === 'Foreground' && dependents.some((dependent) => deletesDependents(dependent.object));
  if (isCircle) await setOwners(node, (object.metadata.ownerReferences ?? []).map(unblocking));
  await unlessGone(
    served.resource.live.delete(nameOf(object), {
      propagationPolicy: plan.propagation,
      preconditions: isCircle ? { uid } : { uid, resourceVersion },
    }),
  );
}

const unblocking = (reference: OwnerReference): OwnerReference => ({ ...reference, blockOwnerDeletion: false });

async function stateOf(
  context: GarbageContext,
  { served, object }: GraphNode,
  reference: OwnerReference,
): Promise<OwnerState> {
  const { graph, gone, events } = context;
  const owners = graph.servedFor(reference);
  if (owners?.ref.namespaced && !served.ref.namespaced) {
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
  const owner = await liveOwner(owners, object, reference);
  if (owner) return deletesDependents(owner) ? 'waiting' : 'present';
  gone.add(reference.uid);
  return 'absent';
}

async function liveOwner(
  owners: ServedResource,
  { metadata }: KubeObject,
  { name, uid }: OwnerReference,
): Promise<KubeObject | undefined> {
  const namespace = owners.ref.namespaced ? metadata.namespace : undefined;
  const found = await unlessGone(owners.resource.live.get({ ...(namespace ? { namespace } : {}), name }));
  return found?.metadata.uid === uid ? found : undefined;
}

/** Takes the owner out of everything that refers to it, then lets it go. */
async function orphan({ graph }: GarbageContext, node: GraphNode): Promise<void> {
  const { uid = '' } = node.object.metadata;
  for (const dependent of graph.dependentsOf(uid)) {
    const others = (dependent.object.metadata.ownerReferences ?? []).filter((reference) => reference.uid !== uid);
    await setOwners(dependent, others);
  }
  await release(node, finalizers.orphan);
}

/** Has its dependents deleted, and lets it go when none is left that holds it. */
async function deleteInForeground({ graph }: GarbageContext, node: GraphNode, enqueue: Enqueue): Promise<void> {
  const { uid = '' } = node.object.metadata;
  const dependents = graph.dependentsOf(uid);
  for (const dependent of dependents) if (!isGoing(dependent)) enqueue(keyOfNode(dependent));
  if (!dependents.some(({ object }) => blocks(object, uid))) await release(node, finalizers.foreground);
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
