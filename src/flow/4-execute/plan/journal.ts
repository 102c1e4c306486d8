/**
 * The original of an adopted object, kept before our first write (ARCHITECTURE.md, rule 7): one object per adoption in
 * the cluster's execution namespace, named after the Work; a ControllerRevision, or a Secret for a Secret.
 */
import { system, systemValue } from '#apis/names/labels.ts';
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import type { Deferred } from './applied.ts';

/** etcd's default limit for one object leaves room for 1.5 MiB; the original stays well below it. */
export const MAX_ORIGINAL_BYTES = 1024 * 1024;

export interface Original {
  /** The member's object as it was, managedFields included. */
  readonly object: UnstructuredObject;
  /** What people had set in it that the manifest does not overrule until it changes. */
  readonly deferred: readonly Deferred[];
}

export class OriginalTooLarge extends Error {
  override readonly name = 'OriginalTooLarge';
}

const secretKey = 'original';

const isSecret = (object: KubeObject) => object.apiVersion === 'v1' && object.kind === 'Secret';

/** `hash` is of the original's JSON, so that a later reader can tell that it is whole. */
export function journalFor(
  work: { readonly namespace: string; readonly name: string },
  original: Original,
  hash: (text: string) => string,
): UnstructuredObject {
  const text = JSON.stringify(original);
  if (text.length > MAX_ORIGINAL_BYTES) {
    throw new OriginalTooLarge(
      `the original is ${text.length} bytes and at most ${MAX_ORIGINAL_BYTES} can be kept for going back; it is not adopted`,
    );
  }
  const { uid = '', resourceVersion = '' } = original.object.metadata;
  const metadata = {
    namespace: work.namespace,
    name: work.name,
    labels: { [system]: systemValue, 'adoption.flotilla.io/work': work.name.slice(0, 63) },
    annotations: {
      'adoption.flotilla.io/uid': uid,
      'adoption.flotilla.io/resource-version': resourceVersion,
      'adoption.flotilla.io/hash': hash(text),
    },
  };
  return isSecret(original.object)
    ? {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata,
        type: 'adoption.flotilla.io/original',
        stringData: { [secretKey]: text },
      }
    : { apiVersion: 'apps/v1', kind: 'ControllerRevision', metadata, revision: 1, data: original };
}

/** `decode` turns base64 into text; undefined when the object holds no original. */
export function originalIn(journal: UnstructuredObject, decode: (base64: string) => string): Original | undefined {
  if (journal.kind === 'ControllerRevision') return journal.data as Original | undefined;
  const encoded = (journal.data as Readonly<Record<string, string>> | undefined)?.[secretKey];
  return encoded === undefined ? undefined : (JSON.parse(decode(encoded)) as Original);
}
