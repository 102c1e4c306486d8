/** What a delete does to an object: pure, the rules of apiserver's rest.BeforeDelete and registry.Store.Delete. */

import { deepEqual } from '#kube/meta/equal.ts';
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import type { DeleteOptions } from '#kube/request/request.ts';
import { parseTimestamp, timestamp } from '#world/clock/clock.ts';
import type { ServedKind } from '../kinds/served.ts';
import { withMetadata } from '../metadata.ts';
import { finalizers as known } from './finalizers.ts';

export type DeletionPlan =
  /** Gone at once; `object` is what is answered. */
  | { readonly outcome: 'remove'; readonly object: KubeObject }
  /** Marked, and waiting for finalizers or for the kubelet; the same reference when it was so before. */
  | { readonly outcome: 'mark'; readonly object: KubeObject };

export function planDeletion(
  served: ServedKind,
  object: KubeObject,
  options: DeleteOptions,
  now: number,
): DeletionPlan {
  if (!served.traits.graceful) {
    const finalized = withDependentFinalizers(served, object, options);
    return hasFinalizers(finalized)
      ? { outcome: 'mark', object: marked(finalized, now, 0) }
      : { outcome: 'remove', object: finalized };
  }
  if (object.metadata.deletionTimestamp !== undefined && object.metadata.deletionGracePeriodSeconds !== undefined) {
    const shortened = shorten(object, options);
    return shortened === undefined ? { outcome: 'mark', object } : finish(shortened);
  }
  return finish(marked(withDependentFinalizers(served, object, options), now, gracePeriod(object, options)));
}

function finish(object: KubeObject): DeletionPlan {
  const waits = (object.metadata.deletionGracePeriodSeconds ?? 0) > 0 || hasFinalizers(object);
  return { outcome: waits ? 'mark' : 'remove', object };
}

const hasFinalizers = (object: KubeObject) => (object.metadata.finalizers?.length ?? 0) > 0;

function marked(object: KubeObject, now: number, seconds: number): KubeObject {
  const { generation, deletionTimestamp } = object.metadata;
  if (deletionTimestamp !== undefined) return object;
  return withMetadata(object, {
    deletionTimestamp: timestamp(now + seconds * 1000),
    deletionGracePeriodSeconds: seconds,
    generation: generation === undefined ? undefined : generation + 1,
  });
}

/** Seconds a Pod is given; none when nobody runs it. */
function gracePeriod(object: KubeObject, options: DeleteOptions): number {
  const { spec, status } = object as UnstructuredObject;
  const { nodeName, terminationGracePeriodSeconds } = (spec ?? {}) as Readonly<Record<string, unknown>>;
  const { phase } = (status ?? {}) as Readonly<Record<string, unknown>>;
  if (!nodeName || phase === 'Succeeded' || phase === 'Failed') return 0;
  const own = typeof terminationGracePeriodSeconds === 'number' ? terminationGracePeriodSeconds : 0;
  const seconds = options.gracePeriodSeconds ?? own;
  return seconds < 0 ? 1 : seconds;
}

/** A deletion under way can only be made shorter; undefined when this one does not. */
function shorten(object: KubeObject, options: DeleteOptions): KubeObject | undefined {
  const { deletionTimestamp = '', deletionGracePeriodSeconds: current = 0 } = object.metadata;
  const wanted = options.gracePeriodSeconds;
  if (wanted === undefined || wanted >= current) return undefined;
  const seconds = wanted < 0 ? 1 : wanted;
  const started = parseTimestamp(deletionTimestamp) - current * 1000;
  return withMetadata(object, {
    deletionTimestamp: timestamp(started + seconds * 1000),
    deletionGracePeriodSeconds: seconds,
  });
}

/** The garbage collector's finalizers as the options ask for them; the same reference when they are so already. */
export function withDependentFinalizers(served: ServedKind, object: KubeObject, options: DeleteOptions): KubeObject {
  if (!served.traits.ownsDependents) return object;
  const before = object.metadata.finalizers ?? [];
  const wanted = dependentsFinalizer(served, options, before);
  const kept = before.filter((name) => name !== known.orphan && name !== known.foreground);
  const after = wanted === undefined ? kept : [...kept, wanted];
  if (deepEqual([...before].sort(), [...after].sort())) return object;
  return withMetadata(object, { finalizers: after.length > 0 ? after : undefined });
}

function dependentsFinalizer(
  served: ServedKind,
  options: DeleteOptions,
  before: readonly string[],
): string | undefined {
  const { propagationPolicy, orphanDependents } = options;
  if (orphanDependents !== undefined) return orphanDependents ? known.orphan : undefined;
  if (propagationPolicy !== undefined) {
    return propagationPolicy === 'Orphan'
      ? known.orphan
      : propagationPolicy === 'Foreground'
        ? known.foreground
        : undefined;
  }
  // Without a wish, what the object says itself holds; then what its kind does.
  const own = before.find((name) => name === known.orphan || name === known.foreground);
  return own ?? (served.traits.orphansDependents ? known.orphan : undefined);
}

/** An update that leaves a terminating object without finalizers is its end; a Pod's time must be up, too. */
export function deletesOnUpdate(served: ServedKind, object: KubeObject, old: KubeObject): boolean {
  if (old.metadata.deletionTimestamp === undefined || hasFinalizers(object)) return false;
  if ((old.metadata.deletionGracePeriodSeconds ?? 0) > 0) return false;
  return served.storageResource !== 'namespaces' || !hasSpecFinalizers(object);
}

/** Namespaces are also held by spec.finalizers, which the namespace controller clears. */
export function hasSpecFinalizers(object: KubeObject): boolean {
  const { finalizers } = ((object as UnstructuredObject).spec ?? {}) as { readonly finalizers?: readonly string[] };
  return (finalizers?.length ?? 0) > 0;
}
