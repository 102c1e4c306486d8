/** A ReplicaSet with another size, or another note of the size its Deployment has. Pure. */
import type { Deployment, ReplicaSet } from '#apis/kubernetes/types.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import { sizeAnnotations } from './revisions.ts';
import { replicasOf } from './sizes.ts';

type Annotations = Readonly<Record<string, string>>;

/** The same reference when it has these annotations already. */
export function withAnnotations(set: ReplicaSet, annotations: Annotations): ReplicaSet {
  return deepEqual(set.metadata.annotations ?? {}, annotations)
    ? set
    : { ...set, metadata: { ...set.metadata, annotations } };
}

/** With the Deployment's present size noted beside. */
export function sized(deployment: Deployment, set: ReplicaSet, replicas: number): ReplicaSet {
  const noted = withAnnotations(set, { ...set.metadata.annotations, ...sizeAnnotations(deployment) });
  return replicasOf(noted) === replicas ? noted : { ...noted, spec: { ...noted.spec, replicas } };
}

/** The same reference when the size is right: notes alone are not worth a write. */
export const resized = (deployment: Deployment, set: ReplicaSet, replicas: number): ReplicaSet =>
  replicasOf(set) === replicas ? set : sized(deployment, set, replicas);

/** The list with `changed` in the place of those of the same name. */
export function replaced(sets: readonly ReplicaSet[], changed: readonly ReplicaSet[]): readonly ReplicaSet[] {
  const byName = new Map(changed.map((set) => [set.metadata.name, set]));
  return sets.map((set) => byName.get(set.metadata.name) ?? set);
}
