/** What is deferred for each adopted object, read from the journals without what they keep. */
import { ControllerRevisions, Secrets } from '#apis/kubernetes/types.ts';
import type { TypedResource } from '#client/api-client.ts';
import type { Informer, InformerFactory } from '#client/informer/informer.ts';
import { keyFor } from '#kube/meta/key.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { type Item, journalKeyOf } from './journal.ts';
import type { Deferred } from './plan/applied.ts';
import { deferredIn, isSecret, journalLabel } from './plan/journal.ts';

export interface Deferrals {
  readonly of: (item: Item) => readonly Deferred[];
  /** A journal just written, so that the next look sees it. */
  readonly observe: (journal: KubeObject) => void;
}

/** Originals may be a megabyte each, and Secrets: neither is kept in memory. */
function trim({ apiVersion, kind, metadata }: KubeObject): KubeObject {
  const { managedFields: _, ...kept } = metadata;
  return { apiVersion, kind, metadata: kept };
}

export function deferralsIn(informers: InformerFactory): Deferrals {
  const options = { labelSelector: journalLabel, transform: trim };
  const [revisions, secrets] = [ControllerRevisions, Secrets].map(
    (resource): Informer<KubeObject> => informers.informer(resource as TypedResource<KubeObject>, options),
  );
  const informerFor = (object: KubeObject, holder: 'itself' | 'original') =>
    (holder === 'itself' ? object.kind === 'Secret' : isSecret(object)) ? secrets! : revisions!;
  return {
    of: (item) => {
      const { namespace, name } = journalKeyOf(item);
      const journal = informerFor(item.manifest, 'original').get(keyFor(namespace, name));
      return journal ? deferredIn(journal) : [];
    },
    observe: (journal) => informerFor(journal, 'itself').observe(journal),
  };
}
