/** What a member's informer has not told yet: nobody waits for it holding a worker, for it may never come. */
import type { KubeObject } from '#kube/meta/object.ts';
import type { Informer } from './informer/informer.ts';

export class Unsynced extends Error {
  override readonly name = 'Unsynced';
  /** Resolves with the first list; rejects when the connection is closed before. */
  readonly whenSynced: Promise<void>;
  /** It fails, and is tried again: not merely the time that a list takes. */
  readonly failing: boolean;

  constructor(cluster: string, informer: Informer<KubeObject>) {
    const failure = informer.lastError();
    const { resource, group } = informer.resource;
    super(
      `cannot list ${group ? `${resource}.${group}` : resource} in cluster ${cluster}${failure ? `: ${failure.message}` : ' yet'}`,
    );
    this.whenSynced = informer.whenSynced();
    this.failing = failure !== undefined;
  }
}

/** The informer, if it has its first list. */
export function syncedOnly<T extends KubeObject>(cluster: string, informer: Informer<T>): Informer<T> {
  if (!informer.synced()) throw new Unsynced(cluster, informer as unknown as Informer<KubeObject>);
  return informer;
}
