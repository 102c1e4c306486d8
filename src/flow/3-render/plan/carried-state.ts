/** The state of an application that goes with it to the cluster it moves to, as labels. */
import type { BindingSpec } from '#apis/work/binding-spec.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { isDirect, targetsOf } from './targets.ts';

/**
 * The manifest with the state that was kept when the last cluster was left. Only where it has one target, which it was
 * not in before, and where the first copy is gone before the next one starts: anywhere else it would be no state to go
 * on from. The same reference where there is nothing to carry.
 */
export function withState(manifest: UnstructuredObject, spec: BindingSpec, cluster: string): UnstructuredObject {
  const last = spec.gracefulEvictionTasks?.at(-1);
  if (!last?.preservedLabelState || !isDirect(last) || targetsOf(spec).length > 1) return manifest;
  if (last.clustersBeforeFailover?.includes(cluster)) return manifest;
  const labels = { ...manifest.metadata.labels, ...last.preservedLabelState };
  return { ...manifest, metadata: { ...manifest.metadata, labels } };
}
