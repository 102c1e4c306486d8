/** Evidence from objects as they are: what is hashed of one, what is told of its Pods and endpoints. Pure. */

import type { EndpointSlice, Pod } from '#apis/kubernetes/types.ts';
import { lastApplied, manifestAnnotations } from '#apis/names/annotations.ts';
import { manifestLabels } from '#apis/names/labels.ts';
import { findCondition } from '#kube/conditions/conditions.ts';
import type { Condition, JsonValue, KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import { planLabel } from '../policies.ts';
import type { PodEvidence } from './evidence.ts';

type StringMap = Readonly<Record<string, string>>;

/** `map` without these keys; undefined when nothing is left. */
function without(map: StringMap | undefined, keys: ReadonlySet<string>): StringMap | undefined {
  const kept = Object.entries(map ?? {}).filter(([key]) => !keys.has(key));
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}

/** A template's label of its plan comes into the member with it. */
const ourLabels = new Set<string>([...manifestLabels, planLabel]);
/** Taking over hands the record of a client-side apply over too; what it recorded is in the object itself. */
const ourAnnotations = new Set<string>([...manifestAnnotations, lastApplied]);

/** What an object states: the same before and after it is taken over. */
export function statedIn(object: UnstructuredObject): JsonValue {
  const { status: _, metadata, apiVersion: _version, kind: _kind, ...rest } = object;
  const labels = without(metadata.labels, ourLabels);
  const annotations = without(metadata.annotations, ourAnnotations);
  const own = { ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) };
  return { ...rest, ...(labels || annotations ? { metadata: own } : {}) } as unknown as JsonValue;
}

const isReady = ({ status }: Pod): boolean =>
  findCondition(status?.conditions as readonly Condition[] | undefined, 'Ready')?.status === 'True';

/** `containerd://` and 32 of 64 digits. */
const mostOfId = 45;

export function podEvidence(pod: Pod): PodEvidence {
  const { metadata, spec, status } = pod;
  const containers = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  return {
    name: metadata.name!,
    uid: metadata.uid!,
    startTime: status?.startTime ?? '',
    node: spec.nodeName ?? '',
    ip: status?.podIP ?? '',
    ready: isReady(pod),
    containers: containers.map(({ name, containerID = '', restartCount, state }) => ({
      name,
      id: containerID.slice(0, mostOfId),
      restarts: restartCount,
      started: state?.running?.startedAt ?? '',
    })),
  };
}

/** Who controls an object, followed upwards: from a Pod over its ReplicaSet or Job to what people made; its uid. */
export function topOf(object: KubeObject, controllers: ReadonlyMap<string, string>): string {
  let uid = object.metadata.ownerReferences?.find((each) => each.controller)?.uid ?? object.metadata.uid!;
  // Chains are two long; a cycle would not be Kubernetes'.
  for (let step = 0; step < 4; step++) {
    const next = controllers.get(uid);
    if (next === undefined) break;
    uid = next;
  }
  return uid;
}

export function readyEndpoints(slices: readonly EndpointSlice[]): readonly string[] {
  const found = slices.flatMap(({ endpoints, ports }) =>
    (endpoints ?? [])
      .filter(({ conditions }) => conditions?.ready !== false)
      .flatMap(({ addresses }) =>
        addresses.flatMap((address) => (ports ?? []).map(({ port }) => `${address}:${port}`)),
      ),
  );
  return [...new Set(found)].sort();
}
