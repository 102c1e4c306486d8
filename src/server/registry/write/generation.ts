/** metadata.generation: it counts what a controller has to act on. */

import { deepEqual } from '#kube/meta/equal.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { equalExcept } from '../equal.ts';
import type { ServedKind } from '../kinds/served.ts';

const metadata = new Set(['metadata']);
const metadataAndStatus = new Set(['metadata', 'status']);

/** Kinds whose annotations also count, as kube-apiserver has it. */
const annotated = new Set(['apps/deployments']);

/** The generation of `object`, which replaces `old`; undefined for kinds without one. */
export function nextGeneration(served: ServedKind, object: KubeObject, old: KubeObject): number | undefined {
  const { native, subresources } = served.definition;
  const before = old.metadata.generation;
  // A kind may count by rules of its own.
  const own = object.metadata.generation;
  if (own !== undefined && own > (before ?? 0)) return own;
  if (!served.custom && (!native?.hasGeneration || native.hasFixedGeneration)) return before;
  const ignored = served.custom && !subresources.status ? metadata : metadataAndStatus;
  const changed =
    !equalExcept(object, old, ignored) ||
    (annotated.has(served.storageResource) && !deepEqual(object.metadata.annotations, old.metadata.annotations));
  return changed ? (before ?? 0) + 1 : before;
}
