/** The start of a durable store: which objects there are, without reading them, and what is of no space any more. */
import { type Journal, journalKeyOf, tableKeyOf } from './journal.ts';
import type { Spaces } from './spaces.ts';

/** Left on disk by dropped spaces; to be removed. */
export interface Garbage {
  readonly keys: readonly string[];
  readonly tableKeys: readonly string[];
}

/** Fills the tables with entries that are read when first used. */
export async function recover(journal: Journal, spaces: Spaces): Promise<Garbage> {
  const names = spaces.names();
  const keys: string[] = [];
  const tableKeys: string[] = [];
  await journal.scan({
    object: ({ space, resource, namespace, name }, revision, writtenAt) => {
      const spaceName = names.get(space);
      if (spaceName === undefined) {
        keys.push(journalKeyOf(space, resource, namespace, name));
        return;
      }
      const table = spaces.table(spaceName, resource);
      table.insert(namespace, { name, object: undefined, revision, writtenAt });
      // A watch can go on from the last change of its resource, even if that is long ago: nothing was missed since.
      table.window.raiseFloor(revision);
    },
    deletion: (space, resource, revision) => {
      const spaceName = names.get(space);
      if (spaceName === undefined) tableKeys.push(tableKeyOf(space, resource));
      else spaces.table(spaceName, resource).window.raiseFloor(revision);
    },
  });
  return { keys, tableKeys };
}
