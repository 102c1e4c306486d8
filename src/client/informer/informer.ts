/**
 * A local, always growing-fresher copy of one resource: list, then watch, resumed from the last revision, relisted
 * on 410. Objects are shared and frozen. A write's answer is laid over it at once (`observe`), so that a reconciler
 * reads its own writes.
 */

import type { ResourceRef } from '#kube/meta/kind.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { TypedResource } from '../api-client.ts';

export type Change<T extends KubeObject> =
  | {
      readonly type: 'added';
      readonly object: T;
      readonly old?: undefined /** Part of the first list. */;
      readonly initial: boolean;
    }
  | { readonly type: 'updated'; readonly object: T; readonly old: T; readonly initial: false }
  | { readonly type: 'deleted'; readonly object: T; readonly old?: undefined; readonly initial: false };

export type Indexer<T extends KubeObject> = (object: T) => readonly string[];

export interface InformerOptions<T extends KubeObject> {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Trims what no reader uses before it is kept (managedFields, for most). Must not mutate. */
  readonly transform?: (object: T) => T;
}

export interface Informer<T extends KubeObject> {
  readonly resource: ResourceRef;
  /** True once the first list is in the cache and its changes have been handed out. */
  readonly synced: () => boolean;
  readonly whenSynced: () => Promise<void>;
  /** Key is `namespace/name`, or `name` for cluster-scoped objects. */
  readonly get: (key: string) => T | undefined;
  readonly list: (namespace?: string) => readonly T[];
  readonly byIndex: (index: string, value: string) => readonly T[];
  /** May be called before or after start; indexing what is there already. The same name twice is an error unless the function is the same. */
  readonly addIndex: (name: string, indexer: Indexer<T>) => void;
  /** A handler added late gets what is in the cache as initial additions. Returns how to stop. */
  readonly onChange: (handler: (change: Change<T>) => void) => () => void;
  /**
   * Lays a write's answer over the cache; an older resourceVersion than the cached one is ignored. `deleted`: the
   * object is gone for good (not: waits for its finalizers); events of its UID are ignored until the watch passes it.
   * With a field selector the cache cannot tell who belongs: there only what is cached already is replaced.
   */
  readonly observe: (object: T, deleted?: boolean) => void;
  /** What keeps the copy from being fresh: the last failure, until a list or watch works again. */
  readonly lastError: () => Error | undefined;
  readonly stop: () => void;
}

/** For logs and metrics; the client knows neither. */
export interface InformerHooks {
  /** A whole list has come: how many objects, in how many milliseconds. */
  readonly listed?: (resource: ResourceRef, objects: number, ms: number) => void;
  /** A list or watch failed and will be tried again after `retryMs`. */
  readonly failed?: (resource: ResourceRef, error: Error, retryMs: number) => void;
  /** A handler threw: a defect of ours. The other handlers have had the change. */
  readonly handlerFailed?: (resource: ResourceRef, error: unknown) => void;
}

/** One informer per resource and option set, shared by everybody who asks; started on first use. */
export interface InformerFactory {
  readonly informer: <T extends KubeObject>(resource: TypedResource<T>, options?: InformerOptions<T>) => Informer<T>;
  /** All informers asked for so far are synced. */
  readonly whenSynced: () => Promise<void>;
  /** Every informer in use with its state, for health checks and `flotilla status`. */
  readonly informers: () => readonly Informer<KubeObject>[];
  readonly stop: () => void;
}
