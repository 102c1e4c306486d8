/** What the working copy writes to, behind its back: the disk, or a simulation of one. */
import type { KubeObject } from '#kube/meta/object.ts';

/** A cluster's keys carry its number instead of its name; dropping a space takes the number out of use. */
export interface SpaceRecord {
  readonly name: string;
  readonly id: number;
  /** Revisions below this may be of another space of this name, dropped since. */
  readonly floor: number;
}

export interface SpaceDirectory {
  readonly spaces: readonly SpaceRecord[];
  /** Revision of the last drop of a space, 0 when none was. */
  readonly droppedAt: number;
}

export interface JournalState {
  /** Of the last group written. */
  readonly revision: number;
  /** No revision above this has ever been given out. */
  readonly reserved: number;
  readonly directory: SpaceDirectory;
}

export interface JournalRecord {
  readonly object: KubeObject;
  readonly revision: number;
  /** Milliseconds since 1970; 0 unless the resource is ephemeral. */
  readonly writtenAt: number;
}

/** What goes to disk together, whole or not at all: every change up to `revision` that is not there yet. */
export interface JournalGroup extends JournalState {
  /** The last state of each changed object by journal key; undefined removes it. */
  readonly records: ReadonlyMap<string, JournalRecord | undefined>;
  /** Revision of the newest deletion by table key; undefined forgets it. */
  readonly deletions: ReadonlyMap<string, number | undefined>;
}

export interface JournalScan {
  readonly object: (key: JournalKey, revision: number, writtenAt: number) => void;
  readonly deletion: (space: number, resource: string, revision: number) => void;
}

export interface Journal {
  /** As found when opened; undefined for a new one. */
  readonly state: JournalState | undefined;
  /** Tells of everything stored, in order of keys, yielding between slices. */
  readonly scan: (visit: JournalScan) => Promise<void>;
  /** The stored object; the key must be one that was scanned. */
  readonly read: (key: string) => KubeObject;
  /** Resolves when the group is flushed. One at a time; after a failure the same changes may be tried again. */
  readonly commit: (group: JournalGroup) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Of resource and space number; the object's namespace and name follow in the journal key. */
export const tableKeyOf = (space: number, resource: string) => `${space} ${resource}`;

/** No part but the name can hold a space, so the parts can be told apart again. */
export const journalKeyOf = (space: number, resource: string, namespace: string, name: string) =>
  `${space} ${resource} ${namespace} ${name}`;

export interface JournalKey {
  readonly space: number;
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

export function parseJournalKey(key: string): JournalKey {
  const afterSpace = key.indexOf(' ');
  const afterResource = key.indexOf(' ', afterSpace + 1);
  const afterNamespace = key.indexOf(' ', afterResource + 1);
  return {
    space: Number(key.slice(0, afterSpace)),
    resource: key.slice(afterSpace + 1, afterResource),
    namespace: key.slice(afterResource + 1, afterNamespace),
    name: key.slice(afterNamespace + 1),
  };
}

export function parseTableKey(key: string): { readonly space: number; readonly resource: string } {
  const [space, resource = ''] = key.split(' ');
  return { space: Number(space), resource };
}
