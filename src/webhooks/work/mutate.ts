/** A Work made by somebody else gets what a rendered one has: id, pruned manifests, the records of its keys. */

import { workId } from '#apis/names/labels.ts';
import type { Work } from '#apis/work/work.ts';
import { recordKeys, type WorkIdentity } from '#flow/3-render/plan/manifest.ts';
import { prune } from '#flow/3-render/plan/prune.ts';
import type { AdmissionReviewer } from '#kube/admission/review.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import type { JsonObject, JsonValue, KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import { invalidValue } from '#kube/status/causes.ts';
import { judged, mutated } from '../reviewer.ts';

/** Undefined: it can be told what to write where. */
function unusable(manifest: JsonValue): string | undefined {
  const { apiVersion, kind, metadata } = (manifest ?? {}) as Partial<UnstructuredObject>;
  if (typeof kind !== 'string' || kind === '') return "Object 'Kind' is missing";
  if (typeof apiVersion !== 'string' || apiVersion === '') return "Object 'apiVersion' is missing";
  return typeof metadata?.name === 'string' && metadata.name !== '' ? undefined : 'metadata.name is missing';
}

/** Our own records are made anew, so that they never list what is gone. */
function finished(manifest: UnstructuredObject, work: WorkIdentity): UnstructuredObject {
  return recordKeys(prune(manifest), work);
}

export function mutateWork(newId: () => string): AdmissionReviewer {
  return ({ object }) => {
    const work = object as KubeObject as Work;
    const { metadata, spec } = work;
    const causes = (spec.workload?.manifests ?? []).flatMap((manifest, i) => {
      const why = unusable(manifest);
      return why === undefined ? [] : [invalidValue(`spec.workload.manifests[${i}]`, manifest, why)];
    });
    if (causes.length > 0) return judged(causes);
    const id = metadata.labels?.[workId] || newId();
    const identity = { namespace: metadata.namespace!, name: metadata.name!, id };
    const manifests = (spec.workload?.manifests ?? []).map((manifest) => {
      const before = manifest as unknown as UnstructuredObject;
      const after = finished(before, identity);
      return deepEqual(before, after) ? manifest : (after as unknown as JsonObject);
    });
    const same = manifests.every((manifest, i) => manifest === spec.workload?.manifests?.[i]);
    const withId = metadata.labels?.[workId] ? metadata : { ...metadata, labels: { ...metadata.labels, [workId]: id } };
    if (same && withId === metadata) return mutated(work, work);
    return mutated(work, {
      ...work,
      metadata: withId,
      spec: same ? spec : { ...spec, workload: { ...spec.workload, manifests } },
    } as Work);
  };
}
