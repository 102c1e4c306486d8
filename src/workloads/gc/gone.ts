/** Uids of objects that are known to be gone for good: what they owned need not be asked about again. */

/** At about 100 bytes each 1 MB; an older one is asked for at the API server again. */
const mostUids = 10_000;

export interface GoneUids {
  readonly add: (uid: string) => void;
  readonly has: (uid: string) => boolean;
}

export function goneUids(): GoneUids {
  const uids = new Set<string>();
  return {
    has: (uid) => uids.has(uid),
    add: (uid) => {
      uids.add(uid);
      if (uids.size > mostUids) uids.delete(uids.values().next().value!);
    },
  };
}
