/**
 * A JSON patch that tests the resourceVersion it was computed from. Of a test that fails an API server says only that
 * the request is invalid; the object itself shows whether it has changed meanwhile.
 */
import { type CachedResource, nameOf } from '#client/cached.ts';
import type { JsonValue, UnstructuredObject } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';

export interface TestedPatch {
  /** The object as it is now. */
  readonly object: UnstructuredObject;
  /** False: it has changed since, nothing was written, and the patch is to be computed anew. */
  readonly applied: boolean;
}

/** Throws what the server says of a patch that does not fit for another reason. */
export async function patchTested(
  resource: CachedResource<UnstructuredObject>,
  live: UnstructuredObject,
  patch: JsonValue,
  fieldManager: string,
): Promise<TestedPatch> {
  const noted = (object: UnstructuredObject, applied: boolean): TestedPatch => {
    resource.informer.observe(object);
    return { object, applied };
  };
  try {
    return noted(await resource.live.patch(nameOf(live), 'json', patch, { fieldManager }), true);
  } catch (error) {
    if (!isReason(error, 'Invalid')) throw error;
    const now = await resource.live.get(nameOf(live));
    if (now.metadata.resourceVersion === live.metadata.resourceVersion) throw error;
    return noted(now, false);
  }
}
