/** The garbage collector, the wiring: every change of every object, and whom it could concern. */
import type { Change } from '#client/informer/informer.ts';
import type { KubeObject, OwnerReference } from '#kube/meta/object.ts';
import type { Controller, Enqueue } from '#runtime/reconciler.ts';
import type { WorkloadOptions } from '../options.ts';
import { components } from '../reasons.ts';
import type { ServedResource, ServedResources } from '../served-resources.ts';
import { priorityOf } from '../wake.ts';
import { goneOwners } from './gone.ts';
import { ownerGraph } from './graph.ts';
import { deletesDependents, orphansDependents } from './plan.ts';
import { type GarbageContext, keyOfNode, reconcileNode } from './reconcile.ts';

const workers = 16;

export function garbageController(options: WorkloadOptions, resources: ServedResources): Controller {
  const context: GarbageContext = {
    resources,
    graph: ownerGraph(resources),
    gone: goneOwners(),
    events: options.events(components.garbage),
  };
  let wake: Enqueue = () => {};
  return {
    name: 'garbagecollector',
    workers,
    setUp: (enqueue) => {
      wake = enqueue;
      resources.follow((served, change) => onChange(context, served, change, enqueue));
    },
    reconcile: (key) => reconcileNode(context, key, wake),
  };
}

function onChange(context: GarbageContext, served: ServedResource, change: Change<KubeObject>, enqueue: Enqueue): void {
  const { object } = change;
  if (change.type === 'deleted') {
    onDeleted(context, object, enqueue);
    return;
  }
  const references = object.metadata.ownerReferences ?? none;
  const before = change.type === 'updated' ? (change.old.metadata.ownerReferences ?? none) : none;
  if (deletesDependents(object) || orphansDependents(object)) {
    enqueue(keyOfNode({ served, object }), priorityOf(change));
  } else if (references.length > 0 && (change.type === 'added' || references !== before)) {
    if (references.some((reference) => needsLook(context, object, reference))) {
      enqueue(keyOfNode({ served, object }), priorityOf(change));
    }
  }
  if (before !== references) wakeWaiting(context, object, before, enqueue);
}

const none: readonly OwnerReference[] = [];

/** Most owners are in the cache when what they made comes: nothing to do for those. */
function needsLook({ graph }: GarbageContext, object: KubeObject, reference: OwnerReference): boolean {
  const owner = graph.ownerOf(object, reference);
  return owner === undefined || deletesDependents(owner.object);
}

function onDeleted(context: GarbageContext, object: KubeObject, enqueue: Enqueue): void {
  const { uid = '', ownerReferences = none } = object.metadata;
  const dependents = context.graph.dependentsOf(uid);
  if (dependents.length > 0) context.gone.add(uid);
  for (const dependent of dependents) enqueue(keyOfNode(dependent));
  wakeWaiting(context, object, ownerReferences, enqueue);
}

/** Owners that wait for their dependents have one less to wait for. */
function wakeWaiting(
  { graph }: GarbageContext,
  object: KubeObject,
  references: readonly OwnerReference[],
  enqueue: Enqueue,
): void {
  for (const reference of references) {
    const owner = graph.ownerOf(object, reference);
    if (owner && deletesDependents(owner.object)) enqueue(keyOfNode(owner));
  }
}
