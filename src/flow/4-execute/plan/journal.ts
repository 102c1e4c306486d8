/**
 * The original of an adopted object, kept before our first write (ARCHITECTURE.md, rule 7): one object per adoption in
 * the cluster's execution namespace, named after the Work; a ControllerRevision, or a Secret for a Secret.
 */
import { system, systemValue } from '#apis/names/labels.ts';
import { type FieldSet, fromFieldsText, toFieldsV1 } from '#kube/fields/fieldset.ts';
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import type { Deferred } from './applied.ts';

/** etcd's default limit for one object leaves room for 1.5 MiB; the original stays well below it. */
const MAX_ORIGINAL_BYTES = 1024 * 1024;

export interface Original {
  /** The member's object as it was, managedFields included. */
  readonly object: UnstructuredObject;
  /** What people had set in it that the manifest does not overrule until it changes. */
  readonly deferred: readonly Deferred[];
  /** Fields that get their values back when it is let go: a rollback asks for it. */
  readonly putBack?: FieldSet;
}

/** Where the original of a manifest is kept: beside the Work, under its name; further manifests by their place. */
export const journalName = (work: { readonly name?: string }, ordinal: number): string =>
  ordinal === 0 ? work.name! : `${work.name}-${ordinal}`;

/** On the journal and not in it, for a ControllerRevision's data may not change: what is still deferred. */
const deferredKey = 'adoption.flotilla.io/deferred';

/** The same of what is to be put back, as FieldsV1. */
const putBackKey = 'adoption.flotilla.io/put-back';

/** Of the 256 KiB that all annotations may have. */
const MAX_PUT_BACK_CHARACTERS = 64 * 1024;

/** Annotations by which a journal asks for it, null where it asks for nothing; so many fields cannot be said. */
export function putBackNote(fields: FieldSet | undefined): Readonly<Record<string, string | null>> {
  const text = fields && JSON.stringify(toFieldsV1(fields));
  return { [putBackKey]: text !== undefined && text.length <= MAX_PUT_BACK_CHARACTERS ? text : null };
}

function putBackIn({ metadata }: KubeObject): FieldSet | undefined {
  const note = metadata.annotations?.[putBackKey];
  if (note === undefined || parsed(note) === undefined) return undefined;
  return fromFieldsText(note);
}

class OriginalTooLarge extends Error {
  override readonly name = 'OriginalTooLarge';
}

const secretKey = 'original';

/** Its original is kept in a Secret, everything else's in a ControllerRevision. */
export const isSecret = (object: KubeObject): boolean => object.apiVersion === 'v1' && object.kind === 'Secret';

/** By it journals are told from other objects in an execution namespace. */
export const journalLabel = 'adoption.flotilla.io/original=true';
const [labelKey, labelValue] = journalLabel.split('=') as [string, string];

const encoder = new TextEncoder();

/** `hash` is of the original's JSON, so that a later reader can tell that it is whole. */
export function journalFor(
  key: { readonly namespace: string; readonly name: string },
  original: Original,
  hash: (text: string) => string,
): UnstructuredObject {
  const text = JSON.stringify(original.object);
  const bytes = encoder.encode(text).length;
  if (bytes > MAX_ORIGINAL_BYTES) {
    throw new OriginalTooLarge(
      `the original is ${bytes} bytes and at most ${MAX_ORIGINAL_BYTES} can be kept for going back; it is not adopted`,
    );
  }
  const { uid = '', resourceVersion = '' } = original.object.metadata;
  const metadata = {
    ...key,
    labels: { [system]: systemValue, [labelKey]: labelValue },
    annotations: {
      'adoption.flotilla.io/uid': uid,
      'adoption.flotilla.io/resource-version': resourceVersion,
      'adoption.flotilla.io/hash': hash(text),
      ...deferredNote(original.deferred),
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
    : { apiVersion: 'apps/v1', kind: 'ControllerRevision', metadata, revision: 1, data: original.object };
}

const deferredNote = (deferred: readonly Deferred[]): Readonly<Record<string, string>> =>
  deferred.length > 0 ? { [deferredKey]: JSON.stringify(deferred) } : {};

/** The journal with only these deferrals left. */
export function withDeferred(journal: UnstructuredObject, deferred: readonly Deferred[]): UnstructuredObject {
  const { [deferredKey]: _, ...annotations } = journal.metadata.annotations ?? {};
  return { ...journal, metadata: { ...journal.metadata, annotations: { ...annotations, ...deferredNote(deferred) } } };
}

/** `decode` turns base64 into text; undefined when the object holds no original. */
export function originalIn(journal: UnstructuredObject, decode: (base64: string) => string): Original | undefined {
  const object = journal.kind === 'ControllerRevision' ? journal.data : secretText(journal, decode);
  // What somebody has spoilt is as good as none: an object must be let go all the same.
  if (!isObject(object) || !isObject(object.metadata)) return undefined;
  const putBack = putBackIn(journal);
  return {
    object: object as unknown as UnstructuredObject,
    deferred: deferredIn(journal),
    ...(putBack ? { putBack } : {}),
  };
}

const nothing: readonly Deferred[] = [];

export function deferredIn(journal: KubeObject): readonly Deferred[] {
  const note = journal.metadata.annotations?.[deferredKey];
  const deferred = note === undefined ? undefined : parsed(note);
  return Array.isArray(deferred) ? (deferred as readonly Deferred[]) : nothing;
}

function secretText(journal: UnstructuredObject, decode: (base64: string) => string): unknown {
  const encoded = (journal.data as Readonly<Record<string, string>> | undefined)?.[secretKey];
  return encoded === undefined ? undefined : parsed(decode(encoded));
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
