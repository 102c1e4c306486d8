/**
 * One API request and its answer, as values: what the HTTP door parses into, what an in-process caller builds
 * directly, and what every served API (registry, cluster proxy, …) answers. Both doors meet the same handler,
 * so an in-process call passes the same identity, authorisation, admission and validation.
 */
import type { Connection, ConnectRequest } from '../connect/connection.ts';
import type { JsonValue, KubeList, KubeObject } from '../meta/object.ts';
import type { Status } from '../status/status.ts';

export interface UserInfo {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection';

/** Where in the API: `/apis/{group}/{version}/namespaces/{namespace}/{resource}/{name}/{subresource}`. */
export interface ResourcePath {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
}

/** Query parameters of all verbs, already typed; absent means not given. */
export interface RequestOptions {
  readonly dryRun?: boolean;
  readonly fieldManager?: string;
  readonly fieldValidation?: 'Ignore' | 'Warn' | 'Strict';
  readonly force?: boolean;
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: 'Exact' | 'NotOlderThan';
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly limit?: number;
  readonly continue?: string;
  readonly timeoutSeconds?: number;
  readonly allowWatchBookmarks?: boolean;
  readonly sendInitialEvents?: boolean;
}

/** metav1.DeleteOptions, from body or query. */
export interface DeleteOptions {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: 'Orphan' | 'Background' | 'Foreground';
  readonly orphanDependents?: boolean;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly dryRun?: readonly string[];
}

export type PatchType = 'json' | 'merge' | 'strategic' | 'apply';

export const patchContentTypes: Readonly<Record<PatchType, string>> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
};

export interface ApiRequest {
  readonly verb: Verb;
  readonly path: ResourcePath;
  readonly user: UserInfo;
  readonly options: RequestOptions;
  /** create/update: the object. patch: the patch document. delete: DeleteOptions. Never mutated by the handler. */
  readonly body?: JsonValue | KubeObject | DeleteOptions;
  readonly patchType?: PatchType;
  /** For events and managedFields where no fieldManager is given: the product part of User-Agent. */
  readonly userAgent?: string;
  /** Adds to the annotations of the request's audit event; with `Request` only to one that records requests. */
  readonly annotate?: (key: string, value: string, level?: 'Request') => void;
  readonly signal?: AbortSignal;
  /** Hears what was sent, as it was understood (decoded, with defaults), where an audit log tells it. */
  readonly sent?: (object: KubeObject | DeleteOptions) => void;
  /** Of a subresource that connects: exec, attach, port-forward, log, proxy. */
  readonly connect?: ConnectRequest;
}

/** A successful answer; failures are thrown as StatusError. */
export interface ApiResponse {
  /** 200, 201 or 202. */
  readonly code: number;
  readonly object: KubeObject | KubeList | Status;
  /** Texts for `Warning:` headers. */
  readonly warnings: readonly string[];
  /**
   * Resolves when every revision this answer depends on is durable. The HTTP door awaits it before the first
   * byte; callers inside the process may go on without it.
   */
  readonly durable?: Promise<void>;
  /** Of a subresource that connects: what the door speaks with the client about, instead of the object. */
  readonly connection?: Connection;
}

export type WatchEventType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';

/** One event, one shared object for all watchers; `json` is made at most once, by the first door that needs bytes. */
export interface WatchEvent<T extends KubeObject = KubeObject> {
  readonly type: WatchEventType;
  /** The object after the change (DELETED: its last state, with the deletion's resourceVersion). Status on ERROR. */
  readonly object: T;
}

export interface WatchSink {
  /** Called in order, never re-entrantly from within the write that caused it. */
  readonly event: (event: WatchEvent) => void;
  /** The watch has ended: by time-out, by the server, or with an error (410 Expired among them). Called once. */
  readonly end: (error?: Error) => void;
}

export interface WatchHandle {
  /** Texts for `Warning:` headers. */
  readonly warnings?: readonly string[];
  readonly stop: () => void;
}

/** Whoever serves Kubernetes resources: the embedded API server, a remote one behind HTTP, a simulated fault in between. */
export interface ApiHandler {
  /** All verbs but watch. Throws StatusError. */
  readonly handle: (request: ApiRequest) => Promise<ApiResponse>;
  /** Rejects with StatusError when the watch cannot start; afterwards speaks through the sink. */
  readonly watch: (request: ApiRequest, sink: WatchSink) => Promise<WatchHandle>;
  /**
   * Non-resource paths with their query: /version, /healthz, /openapi/v3/…, /api, /apis; answers parsed JSON, or text.
   * `accept` chooses between the forms of discovery, as the header does; absent means plain JSON.
   */
  readonly raw: (path: string, user: UserInfo, accept?: string) => Promise<RawResponse>;
}

export interface RawResponse {
  readonly code: number;
  readonly contentType: string;
  /** Bytes where the form is no text. */
  readonly body: JsonValue | string | Uint8Array;
  /** JSON is written for people, whoever asks. */
  readonly indented?: boolean;
  /** ETag, Cache-Control, Vary: lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
}
