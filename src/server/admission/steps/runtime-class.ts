/** RuntimeClass: a Pod carries the overhead of how it is run, and goes where it can be run so. */
import type { Pod, Toleration } from '#apis/kubernetes/types.ts';
import type { AdmissionRequest } from '#kube/admission/review.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { canonicalQuantity } from '#kube/quantity/quantity.ts';
import { refuse } from '../refuse.ts';
import { type AdmissionStep, handlesResource } from '../step.ts';

interface RuntimeClass extends KubeObject {
  readonly overhead?: { readonly podFixed?: Table };
  readonly scheduling?: {
    readonly nodeSelector?: Readonly<Record<string, string>>;
    readonly tolerations?: readonly Toleration[];
  };
}

type Find = (name: string) => KubeObject | undefined;
type Table = Readonly<Record<string, string | number>>;

const name = 'RuntimeClass';
const handles = handlesResource('', 'pods', ['CREATE']);

export function runtimeClass(find: Find): readonly AdmissionStep[] {
  return [
    {
      name,
      phase: 'mutate',
      handles,
      review: (request) => {
        const found = classOf(request, find);
        if (!found?.overhead && !found?.scheduling) return undefined;
        return { allowed: true, object: scheduled(request, withOverhead(request, found), found) };
      },
    },
    { name, phase: 'validate', handles, review: (request) => checkOverhead(request, classOf(request, find)) },
  ];
}

function classOf(request: AdmissionRequest, find: Find): RuntimeClass | undefined {
  const { runtimeClassName } = (request.object as Pod).spec;
  if (runtimeClassName === undefined) return undefined;
  const found = find(runtimeClassName);
  if (found) return found as RuntimeClass;
  throw refuse(request, `pod rejected: RuntimeClass ${JSON.stringify(runtimeClassName)} not found`);
}

const canonical = (table: Table | undefined) =>
  Object.fromEntries(Object.entries(table ?? {}).map(([key, text]) => [key, canonicalQuantity(text)]));
const same = (left: Table | undefined, right: Table | undefined) => deepEqual(canonical(left), canonical(right));

const mismatch = "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead";

function withOverhead(request: AdmissionRequest, { overhead }: RuntimeClass): Pod {
  const pod = request.object as Pod;
  if (!overhead) return pod;
  const { overhead: stated } = pod.spec;
  if (stated && Object.keys(stated).length > 0 && !same(stated, overhead.podFixed)) throw refuse(request, mismatch);
  return { ...pod, spec: { ...pod.spec, ...(overhead.podFixed ? { overhead: overhead.podFixed } : {}) } };
}

function scheduled(request: AdmissionRequest, pod: Pod, { scheduling }: RuntimeClass): Pod {
  if (!scheduling) return pod;
  const own = pod.spec.nodeSelector ?? {};
  for (const [key, value] of Object.entries(scheduling.nodeSelector ?? {})) {
    if (own[key] === undefined || own[key] === value) continue;
    throw refuse(
      request,
      `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${own[key]}`,
    );
  }
  const nodeSelector = { ...own, ...scheduling.nodeSelector };
  const tolerations = merged([...(pod.spec.tolerations ?? []), ...(scheduling.tolerations ?? [])]);
  return {
    ...pod,
    spec: {
      ...pod.spec,
      ...(Object.keys(nodeSelector).length > 0 ? { nodeSelector } : {}),
      ...(tolerations.length > 0 ? { tolerations } : {}),
    },
  };
}

/** What another one covers is left out. */
function merged(all: readonly Toleration[]): readonly Toleration[] {
  const kept: Toleration[] = [];
  for (const [index, each] of all.entries()) {
    const later = all.slice(index + 1).some((other) => !deepEqual(each, other) && covers(other, each));
    if (!later && !kept.some((other) => covers(other, each))) kept.push(each);
  }
  return kept;
}

function covers(wide: Toleration, narrow: Toleration): boolean {
  if (deepEqual(wide, narrow)) return true;
  if (narrow.key !== wide.key && (wide.key || wide.operator !== 'Exists')) return false;
  if (narrow.effect !== wide.effect && wide.effect) return false;
  if (wide.effect === 'NoExecute' && wide.tolerationSeconds !== undefined) {
    if (narrow.tolerationSeconds === undefined || narrow.tolerationSeconds > wide.tolerationSeconds) return false;
  }
  if (wide.operator === 'Exists') return true;
  return (narrow.operator ?? 'Equal') === 'Equal' && narrow.value === wide.value;
}

function checkOverhead(request: AdmissionRequest, found: RuntimeClass | undefined): undefined {
  const { overhead } = (request.object as Pod).spec;
  if (found?.overhead) {
    if (!same(found.overhead.podFixed, overhead)) throw refuse(request, mismatch);
  } else if (overhead) {
    throw refuse(request, 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead');
  }
  return undefined;
}
