/** The kept originals, in the cluster's execution namespace of the control plane. */
import { ControllerRevisions, Secrets } from '#apis/kubernetes/types.ts';
import type { Work } from '#apis/work/work.ts';
import type { ApiClient, ResourceClient } from '#client/api-client.ts';
import { nameOf } from '#client/cached.ts';
import type { ResourceRef } from '#kube/meta/kind.ts';
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';
import type { Deferred } from './plan/applied.ts';
import { isSecret, journalFor, journalName, type Original, originalIn, withDeferred } from './plan/journal.ts';
import { isOfUs } from './plan/managers.ts';

/** One manifest of a Work. */
export interface Item {
  readonly work: Work;
  readonly manifest: KubeObject;
  /** Its place in the Work. */
  readonly ordinal: number;
}

export interface Journal {
  /**
   * Keeps the original before the first write; answers the object that holds it. One kept before stays if we have
   * written since, else it is brought up to date: it was kept, and the write never came.
   */
  readonly keep: (item: Item, original: Original) => Promise<UnstructuredObject>;
  /** Undefined when the object was not adopted but made by us. */
  readonly of: (item: Item) => Promise<Original | undefined>;
  /** Only these deferrals are left: the manifest has overruled the others. Undefined when nothing is kept. */
  readonly overrule: (item: Item, deferred: readonly Deferred[]) => Promise<UnstructuredObject | undefined>;
  /** The adoption has been undone. */
  readonly release: (item: Item) => Promise<void>;
}

export interface JournalOptions {
  readonly client: ApiClient;
  /** SHA-256 in hex. */
  readonly hash: (text: string) => string;
  readonly decodeBase64: (text: string) => string;
}

export const journalKeyOf = ({ work, ordinal }: Item) => ({
  namespace: work.metadata.namespace!,
  name: journalName(work.metadata, ordinal),
});

export function journalIn({ client, hash, decodeBase64 }: JournalOptions): Journal {
  const [revisions, secrets] = [ControllerRevisions as ResourceRef, Secrets as ResourceRef].map(
    (ref) => client.resource(ref) as unknown as ResourceClient<UnstructuredObject>,
  );
  const resourceFor = ({ manifest }: Item) => (isSecret(manifest) ? secrets : revisions)!;
  const read = async (item: Item): Promise<UnstructuredObject | undefined> => {
    try {
      return await resourceFor(item).get(journalKeyOf(item));
    } catch (error) {
      if (isReason(error, 'NotFound')) return undefined;
      throw error;
    }
  };
  return {
    of: async (item) => {
      const journal = await read(item);
      return journal && originalIn(journal, decodeBase64);
    },
    keep: async (item, original) => {
      const resource = resourceFor(item);
      const journal = await read(item);
      const { uid, resourceVersion, managedFields = [] } = original.object.metadata;
      const kept = journal && originalIn(journal, decodeBase64)?.object.metadata;
      const current = kept?.resourceVersion === resourceVersion || managedFields.some(isOfUs);
      if (journal && kept?.uid === uid && current) return journal;
      const wanted = journalFor(journalKeyOf(item), original, hash);
      if (journal) await resource.delete(nameOf(journal), { preconditions: { uid: journal.metadata.uid } });
      return resource.create(wanted);
    },
    overrule: async (item, deferred) => {
      const journal = await read(item);
      return journal && resourceFor(item).update(withDeferred(journal, deferred));
    },
    release: async (item) => {
      try {
        await resourceFor(item).delete(journalKeyOf(item));
      } catch (error) {
        if (!isReason(error, 'NotFound')) throw error;
      }
    },
  };
}
