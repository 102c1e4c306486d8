/**
 * Owners that are known to be gone for good, and need not be asked about again: by uid those that were seen to go, by
 * reference those that were not found.
 */

/** At about 200 bytes each 2 MB; an older one is asked for at the API server again. */
const mostOwners = 10_000;

export interface GoneOwners {
  readonly add: (owner: string) => void;
  readonly has: (owner: string) => boolean;
}

export function goneOwners(): GoneOwners {
  const owners = new Set<string>();
  return {
    has: (owner) => owners.has(owner),
    add: (owner) => {
      owners.add(owner);
      if (owners.size > mostOwners) owners.delete(owners.values().next().value!);
    },
  };
}
