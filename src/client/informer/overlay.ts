/**
 * What this process wrote and the watch has not told it yet. A list is a snapshot taken after it was asked for, so it
 * settles everything noted before that; what was noted since then outlives it.
 */
import type { KubeObject } from '#kube/meta/object.ts';
import { compareVersions } from './resource-version.ts';

/**
 * Most notes of each kind; at about 120 bytes 1.2 MB. Beyond it the oldest goes: its object may flicker back to an
 * older state until the watch catches up, which level-based readers stand.
 */
const mostNotes = 10_000;

/** A burial whose DELETED event came before it was noted is of no use any more after this long. */
const burialMs = 10 * 60_000;

interface Burial {
  readonly listing: number;
  readonly version: string | undefined;
  readonly at: number;
  /** It only left the informer's selection: any newer state is news. */
  readonly left: boolean;
}

export interface Overlay {
  /** A list is being asked for. */
  readonly listing: () => void;
  /** That list has come and is about to be taken over: what was noted before it was asked for is settled. */
  readonly listed: () => void;
  /** The cached object under this key is a write's answer. */
  readonly wrote: (key: string) => void;
  /** The watch has told as much as we wrote. */
  readonly confirmed: (key: string) => void;
  /** Written since the last list was asked for: the list cannot know better. */
  readonly wroteSinceListing: (key: string) => boolean;
  /** The object is gone for good, or with `left` it no longer belongs to the selection. */
  readonly bury: (object: KubeObject, now: number, left?: boolean) => void;
  readonly unbury: (uid: string | undefined) => void;
  /** True for states of an object from before it was buried. */
  readonly buried: (object: KubeObject) => boolean;
}

function boundedSet<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > mostNotes) map.delete(map.keys().next().value!);
}

export function overlay(): Overlay {
  const written = new Map<string, number>();
  const burials = new Map<string, Burial>();
  let listing = 0;

  const dropSettled = () => {
    for (const [key, at] of written) if (at < listing) written.delete(key);
    for (const [uid, burial] of burials) if (burial.listing < listing) burials.delete(uid);
  };

  return {
    listing: () => {
      listing++;
    },
    listed: dropSettled,
    wrote: (key) => boundedSet(written, key, listing),
    confirmed: (key) => {
      if (written.size > 0) written.delete(key);
    },
    wroteSinceListing: (key) => written.get(key) === listing,
    bury: ({ metadata }, now, left = false) => {
      for (const [uid, burial] of burials) {
        if (now - burial.at < burialMs) break;
        burials.delete(uid);
      }
      if (metadata.uid)
        boundedSet(burials, metadata.uid, { listing, version: metadata.resourceVersion, at: now, left });
    },
    unbury: (uid) => {
      if (uid && burials.size > 0) burials.delete(uid);
    },
    buried: ({ metadata }) => {
      const burial = burials.size > 0 && metadata.uid ? burials.get(metadata.uid) : undefined;
      if (!burial) return false;
      // A newer state that waits for finalizers says the burial was a mistake: the object is still there.
      const waits = metadata.deletionTimestamp !== undefined && (metadata.finalizers?.length ?? 0) > 0;
      return !((waits || burial.left) && (compareVersions(metadata.resourceVersion, burial.version) ?? 0) > 0);
    },
  };
}
