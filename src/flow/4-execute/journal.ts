/** The kept originals, in the cluster's execution namespace of the control plane. */
import { ControllerRevisions, Secrets } from '#apis/kubernetes/types.ts';
import type { Work } from '#apis/work/work.ts';
import type { ApiClient, ResourceClient } from '#client/api-client.ts';
import type { ResourceRef } from '#kube/meta/kind.ts';
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';
import { journalFor, type Original, originalIn } from './plan/journal.ts';

export interface Journal {
  /** Keeps the original before the first write; one kept for the same object stays as it is. */
  readonly keep: (work: Work, original: Original) => Promise<void>;
  /** Undefined when the object was not adopted but made by us. */
  readonly of: (work: Work) => Promise<Original | undefined>;
  /** The adoption has been undone. */
  readonly release: (work: Work) => Promise<void>;
}

export interface JournalOptions {
  readonly client: ApiClient;
  /** SHA-256 in hex. */
  readonly hash: (text: string) => string;
  readonly decodeBase64: (text: string) => string;
}

/** Originals read lately; adoption is rare, looking is not. At 4 kB each some 8 MB. */
const mostRemembered = 2_000;

export function journalIn({ client, hash, decodeBase64 }: JournalOptions): Journal {
  const resources = [ControllerRevisions as ResourceRef, Secrets as ResourceRef].map(
    (ref) => client.resource(ref) as unknown as ResourceClient<UnstructuredObject>,
  );
  const remembered = new Map<string, Original | undefined>();
  const idOf = ({ metadata }: Work) => metadata.uid!;
  const remember = (work: Work, original: Original | undefined) => {
    if (remembered.size >= mostRemembered) remembered.delete(remembered.keys().next().value!);
    remembered.set(idOf(work), original);
  };
  const resourceFor = ({ kind }: KubeObject) => resources[kind === 'Secret' ? 1 : 0]!;

  const read = async (work: Work): Promise<Original | undefined> => {
    const { namespace, name } = work.metadata;
    const manifest = work.spec.workload?.manifests?.[0] as KubeObject | undefined;
    if (!manifest) return undefined;
    try {
      return originalIn(await resourceFor(manifest).get({ namespace, name: name! }), decodeBase64);
    } catch (error) {
      if (isReason(error, 'NotFound')) return undefined;
      throw error;
    }
  };

  return {
    keep: async (work, original) => {
      const { namespace, name } = work.metadata;
      const kept = await read(work);
      if (kept && kept.object.metadata.uid === original.object.metadata.uid) return remember(work, kept);
      const journal = journalFor({ namespace: namespace!, name: name! }, original, hash);
      const resource = resourceFor(original.object);
      // One of an earlier object of that name, which is no more.
      if (kept) await resource.delete({ namespace, name: name! });
      await resource.create(journal);
      remember(work, original);
    },
    of: async (work) => {
      if (remembered.has(idOf(work))) return remembered.get(idOf(work));
      const original = await read(work);
      remember(work, original);
      return original;
    },
    release: async (work) => {
      remembered.delete(idOf(work));
      const { namespace, name } = work.metadata;
      const manifest = work.spec.workload?.manifests?.[0] as KubeObject | undefined;
      if (!manifest) return;
      try {
        await resourceFor(manifest).delete({ namespace, name: name! });
      } catch (error) {
        if (!isReason(error, 'NotFound')) throw error;
      }
    },
  };
}
