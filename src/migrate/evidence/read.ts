/** Evidence from objects as they are: what is hashed of one, what is told of its Pods and endpoints. Pure. */

import type { EndpointSlice, Pod } from '#apis/kubernetes/types.ts';
import { lastApplied, manifestAnnotations } from '#apis/names/annotations.ts';
import { manifestLabels } from '#apis/names/labels.ts';
import { findCondition } from '#kube/conditions/conditions.ts';
import { canonicalJson } from '#kube/fields/text.ts';
import type { Condition, JsonValue, KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import { planLabel } from '../plan/policies.ts';
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

/** What an object states, as text to be hashed: the same before and after it is taken over. */
export function statedText(object: UnstructuredObject): string {
  const { status: _, metadata, ...rest } = object;
  const { labels, annotations } = metadata;
  const own = { labels: without(labels, ourLabels), annotations: without(annotations, ourAnnotations) };
  return canonicalJson({ ...rest, metadata: own } as unknown as JsonValue);
}

const isReady = ({ status }: Pod): boolean =>
  findCondition(status?.conditions as readonly Condition[] | undefined, 'Ready')?.status === 'True';

export function podEvidence(pod: Pod): PodEvidence {
  const { metadata, spec, status } = pod;
  const containers = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  return {
    name: metadata.name!,
    uid: metadata.uid!,
    startTime: status?.startTime ?? '',
    node: spec.nodeName ?? '',
    ready: isReady(pod),
    containers: containers.map(({ name, containerID = '', restartCount }) => ({
      name,
      id: containerID,
      restarts: restartCount,
    })),
  };
}

/** Who controls whom, followed upwards: from a Pod over its ReplicaSet or Job to what people made. */
export function topsOf(
  owned: readonly KubeObject[],
  between: ReadonlyMap<string, KubeObject>,
): ReadonlyMap<string, readonly KubeObject[]> {
  const byTop = new Map<string, KubeObject[]>();
  for (const object of owned) {
    let top: KubeObject | undefined = object;
    let uid = top.metadata.uid!;
    // Chains are two long; a cycle would not be Kubernetes'.
    for (let step = 0; step < 4 && top; step++) {
      const controller: string | undefined = top.metadata.ownerReferences?.find((each) => each.controller)?.uid;
      if (controller === undefined) break;
      uid = controller;
      top = between.get(controller);
    }
    const list = byTop.get(uid);
    if (list) list.push(object);
    else byTop.set(uid, [object]);
  }
  return byTop;
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
