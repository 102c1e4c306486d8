/**
 * One resource as a controller works with it: reads come from the informer, writes go to the API server and their
 * answers are laid over the informer at once, so that the next reconciliation reads what this one wrote.
 */
import type { KubeObject } from '#kube/meta/object.ts';
import type { DeleteOptions } from '#kube/request/request.ts';
import { isReason, StatusError } from '#kube/status/status.ts';
import type { ApiClient, ObjectName, ResourceClient, TypedResource, WriteOptions } from './api-client.ts';
import type { Informer, InformerFactory } from './informer/informer.ts';

export interface CachedResource<T extends KubeObject> {
  readonly informer: Informer<T>;
  /** Straight to the API server, for decisions that must not be stale. */
  readonly live: ResourceClient<T>;
  readonly get: (key: string) => T | undefined;
  readonly create: (object: T, options?: WriteOptions) => Promise<T>;
  /** With the object's own resourceVersion: a Conflict means that the cache was behind. */
  readonly update: (object: T, options?: WriteOptions) => Promise<T>;
  readonly updateStatus: (object: T, options?: WriteOptions) => Promise<T>;
  /** Deletes this very object, not one of the same name made meanwhile; not found counts as deleted. */
  readonly delete: (object: T, options?: DeleteOptions) => Promise<void>;
}

export function cachedResource<T extends KubeObject>(
  client: ApiClient,
  informers: InformerFactory,
  resource: TypedResource<T>,
): CachedResource<T> {
  const informer = informers.informer<T>(resource);
  const live = client.resource<T>(resource);
  const observed = (object: T): T => {
    informer.observe(object);
    return object;
  };
  /** A write that failed without a word on it may have been done: the next decision must not rest on the state before it. */
  const answered = async (object: T, write: Promise<T>): Promise<T> => {
    try {
      return observed(await write);
    } catch (error) {
      if (mayBeDone(error) && object.metadata.name) await live.get(nameOf(object)).then(observed, () => {});
      throw error;
    }
  };
  return {
    informer,
    live,
    get: informer.get,
    create: (object, options) => answered(object, live.create(object, options)),
    update: (object, options) => answered(object, live.update(object, options)),
    updateStatus: (object, options) => answered(object, live.update(object, { ...options, subresource: 'status' })),
    delete: async (object, options) => {
      try {
        await live.delete(nameOf(object), { ...options, preconditions: { uid: object.metadata.uid } });
      } catch (error) {
        if (!isReason(error, 'NotFound')) throw error;
      }
    },
  };
}

/** No answer at all, or one that speaks of the server and not of the request. */
const mayBeDone = (error: unknown): boolean => !(error instanceof StatusError) || error.code >= 500;

export function nameOf(object: KubeObject): ObjectName {
  const { namespace, name } = object.metadata;
  return { ...(namespace ? { namespace } : {}), name: name! };
}
