/**
 * The template that `promote` makes of a running object: all of it, as the reference copies it, so that what other
 * clients see is the same. What its API server filled in is told from what was asked for when it is rendered. Pure.
 */
import { conflictResolution } from '#apis/names/annotations.ts';
import { prune } from '#flow/3-render/plan/prune.ts';
import type { JsonObject, UnstructuredObject } from '#kube/meta/object.ts';

type JobSpec = JsonObject & { readonly ttlSecondsAfterFinished?: number };

/** How long a finished Job is kept is left out of a manifest, but belongs to the template. */
function withTimeToLive(template: UnstructuredObject, live: UnstructuredObject): UnstructuredObject {
  const { ttlSecondsAfterFinished } = (live.spec ?? {}) as JobSpec;
  if (live.kind !== 'Job' || ttlSecondsAfterFinished === undefined) return template;
  return { ...template, spec: { ...(template.spec as JsonObject), ttlSecondsAfterFinished } };
}

/** What the object says itself of conflicts is kept. */
export function promotedTemplate(live: UnstructuredObject): UnstructuredObject {
  const pruned = withTimeToLive(prune(live), live);
  const annotations = { [conflictResolution]: 'overwrite', ...pruned.metadata.annotations };
  return { ...pruned, metadata: { ...pruned.metadata, annotations } };
}
