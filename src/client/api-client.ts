/**
 * How anybody talks to any API server. Two implementations, HTTP and in-process, pass one case file
 * (`api-client.cases.ts`), which also runs against a real kube-apiserver.
 */

import type { ResourceRef } from '#kube/meta/kind.ts';
import type { JsonValue, KubeList, KubeObject } from '#kube/meta/object.ts';
import type { DeleteOptions, PatchType, RawResponse, WatchEvent, WatchHandle } from '#kube/request/request.ts';

/** Where a typed kind and a discovered resource meet: `defineKind` results are ResourceRefs with a type. */
export interface TypedResource<T extends KubeObject> extends ResourceRef {
  /** Carries the type only; never read. */
  readonly objectType?: T;
}

export interface ObjectName {
  readonly namespace?: string;
  readonly name: string;
}

export interface WriteOptions {
  readonly dryRun?: boolean;
  readonly fieldManager?: string;
  readonly fieldValidation?: 'Ignore' | 'Warn' | 'Strict';
  readonly subresource?: string;
  readonly signal?: AbortSignal;
  /** Called with each `Warning:` text of the answer. */
  readonly onWarning?: (text: string) => void;
}

export interface ApplyOptions extends WriteOptions {
  readonly fieldManager: string;
  readonly force?: boolean;
}

export interface ListOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly limit?: number;
  readonly continue?: string;
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: 'Exact' | 'NotOlderThan';
  readonly signal?: AbortSignal;
}

export interface WatchOptions extends ListOptions {
  readonly allowBookmarks?: boolean;
  readonly sendInitialEvents?: boolean;
  readonly timeoutSeconds?: number;
}

/** Events come in order and never within `watch` itself; none comes after `end`, the handle's `stop` or the signal. */
export interface WatchReceiver<T extends KubeObject> {
  /** Never of type ERROR: that ends the watch with the StatusError it carries. */
  readonly event: (event: WatchEvent<T>) => void;
  readonly end: (error?: Error) => void;
}

/** Verbs on one resource. Every failure is a StatusError (transport failures: reason ServiceUnavailable or Timeout). */
export interface ResourceClient<T extends KubeObject> {
  readonly get: (
    key: ObjectName,
    options?: { readonly resourceVersion?: string; readonly subresource?: string },
  ) => Promise<T>;
  readonly list: (options?: ListOptions) => Promise<KubeList<T>>;
  readonly watch: (options: WatchOptions, receiver: WatchReceiver<T>) => Promise<WatchHandle>;
  readonly create: (object: T, options?: WriteOptions) => Promise<T>;
  readonly update: (object: T, options?: WriteOptions) => Promise<T>;
  readonly patch: (
    key: ObjectName,
    type: Exclude<PatchType, 'apply'>,
    patch: JsonValue,
    options?: WriteOptions,
  ) => Promise<T>;
  readonly apply: (object: KubeObject, options: ApplyOptions) => Promise<T>;
  /** Answers the object's last or terminating state, or a Status. Throws NotFound when it is not there. */
  readonly delete: (key: ObjectName, options?: DeleteOptions & { readonly signal?: AbortSignal }) => Promise<void>;
  readonly deleteCollection: (selection: ListOptions, options?: DeleteOptions) => Promise<void>;
}

export interface ApiClient {
  /** For logs and metrics: `karmada-apiserver`, `member1`. */
  readonly name: string;
  /** The server is in this process: it answers as soon as it gets its turn, and no network can lose the answer. */
  readonly inProcess?: boolean;
  readonly resource: <T extends KubeObject>(resource: TypedResource<T>) => ResourceClient<T>;
  /** Non-resource paths: `/version`, `/apis`. `accept` chooses a form, as aggregated discovery needs. */
  readonly raw: (path: string, accept?: string) => Promise<RawResponse>;
  /** Ends all watches and connections of this client. */
  readonly close: () => void;
}
