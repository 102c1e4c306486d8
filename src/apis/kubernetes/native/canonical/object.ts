/** Native defaulting of whole objects: what kube-apiserver's decoder makes of a request body. */
import type { KubeObject } from '#kube/meta/object.ts';
import { badRequest } from '#kube/status/errors.ts';
import type { Fields } from '../value.ts';
import { canonicalStruct } from './struct.ts';

/**
 * The object with its defaults and in canonical form; the same reference when it is so already. `known` is so: what is
 * the same reference in both is not looked at again. Throws BadRequest on a malformed quantity, as the decoder does.
 */
export function canonicalObject(object: KubeObject, known?: KubeObject): KubeObject {
  const { apiVersion, kind } = object;
  try {
    return canonicalStruct(`${apiVersion}.${kind}`, object as unknown as Fields, known) as unknown as KubeObject;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
    throw badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${error.message}`);
  }
}

const emptyStatuses = new Map<string, unknown>();

/** The status a new object of this kind has before anybody has looked at it: {} and what is never absent. */
export function emptyStatus({ apiVersion, kind }: KubeObject): unknown {
  const key = `${apiVersion}.${kind}`;
  if (!emptyStatuses.has(key)) {
    const empty = canonicalStruct(key, { apiVersion, kind, metadata: {} });
    emptyStatuses.set(key, empty.status);
  }
  return emptyStatuses.get(key);
}
