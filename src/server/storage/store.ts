/**
 * The storage contract. All clusters of one process share one environment and one ordered log; a space is one
 * cluster's keys in it. Drivers: LMDB and memory; both pass `store.cases.ts`.
 *
 * Memory is the working copy: a write is *committed* when its call returns (ordered, visible to reads, its watch
 * event queued) and *durable* when `durable(revision)` resolves; drivers write behind in groups. Nothing may leave the
 * process before the revisions it depends on are durable; a crash drops a suffix of the one log, for all spaces alike.
 */
import type { KubeObject } from '#kube/meta/object.ts';

/** `group/resource`, then namespace and name: `apps/deployments`, `default`, `web`. */
export interface StoreKey {
  readonly space: string;
  readonly resource: string;
  /** '' for cluster-scoped objects. */
  readonly namespace: string;
  readonly name: string;
}

export interface StoredChange {
  readonly type: 'created' | 'updated' | 'deleted';
  readonly key: StoreKey;
  readonly revision: number;
  /** The new state; on deletion the last state, carrying the deletion's resourceVersion. */
  readonly object: KubeObject;
  /** State before, absent on creation. */
  readonly previous?: KubeObject;
}

export type WriteOutcome =
  | { readonly ok: true; readonly object: KubeObject; readonly revision: number }
  | { readonly ok: false; readonly reason: 'exists' | 'missing' }
  /** The stored revision differs from `expected`; `object` is what is stored. */
  | { readonly ok: false; readonly reason: 'stale'; readonly object: KubeObject };

export interface ListPage {
  readonly items: readonly KubeObject[];
  /** Of the snapshot the list is of. */
  readonly revision: number;
  /** Key after which the next page begins, absent on the last page. */
  readonly next?: { readonly namespace: string; readonly name: string };
  readonly remaining: number;
}

export interface Store {
  /**
   * Stores with metadata.resourceVersion set to the new revision. Every write throws TooManyRequests while the disk is
   * too far behind, InternalError while it cannot be written.
   */
  readonly create: (key: StoreKey, object: KubeObject) => WriteOutcome;
  /** `expected`: the revision the caller saw, compared with the stored one. */
  readonly update: (key: StoreKey, object: KubeObject, expected: number) => WriteOutcome;
  readonly delete: (key: StoreKey, expected?: number) => WriteOutcome;
  readonly get: (key: StoreKey) => KubeObject | undefined;
  /**
   * A consistent snapshot ordered by namespace and name. With `at`, the state of that earlier revision (for
   * continue tokens and resourceVersionMatch=Exact): throws Expired (kube/status) outside the kept window.
   */
  readonly list: (
    selection: { readonly space: string; readonly resource: string; readonly namespace?: string },
    page?: {
      readonly at?: number;
      readonly after?: { readonly namespace: string; readonly name: string };
      /** Of objects that match. */
      readonly limit?: number;
      /** Only these; asked once for each object that is there. */
      readonly matches?: ((object: KubeObject) => boolean) | undefined;
    },
  ) => ListPage;
  /**
   * What the start found on disk is parsed at first use; listing many such objects at once would hold the turn.
   * Resolves when a list of the selection holds it no longer; undefined when it would not anyway.
   */
  readonly prepare: (selection: {
    readonly space: string;
    readonly resource: string;
    readonly namespace?: string;
  }) => Promise<void> | undefined;
  readonly count: (selection: {
    readonly space: string;
    readonly resource: string;
    readonly namespace?: string;
  }) => number;
  /**
   * Changes of one resource after `fromRevision`, then as they happen; delivered in order, asynchronously, never
   * within the write's own call. Throws Expired when `fromRevision` is below the kept window. Ends silently when the
   * space is dropped. A receiver that throws gets nothing more.
   */
  readonly watch: (
    selection: { readonly space: string; readonly resource: string },
    fromRevision: number,
    receive: (change: StoredChange) => void,
  ) => { readonly stop: () => void };
  /** The newest committed revision. */
  readonly revision: () => number;
  /**
   * Resolves when everything up to `revision` has been flushed. Rejects with InternalError when the disk failed; then
   * writes throw the same until a later try succeeds. Those who write events need not wait: they may be lost.
   */
  readonly durable: (revision: number) => Promise<void>;
  /** While the disk fails: the newest revision that is flushed; later ones may not be shown. undefined when all is well. */
  readonly held: () => number | undefined;
  /** Resources of a space that hold objects. */
  readonly resources: (space: string) => readonly string[];
  /** Names of the spaces that hold objects, or did. */
  readonly spaces: () => readonly string[];
  /** Everything in the space is gone at once, without changes to watch. */
  readonly dropSpace: (space: string) => void;
  /** Flushes and closes; the store is unusable afterwards. */
  readonly close: () => Promise<void>;
}
