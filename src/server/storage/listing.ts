/** Pages of a table's objects: of now, or of an earlier revision rebuilt from the change window. */
import type { KubeObject } from '#kube/meta/object.ts';
import type { ListPage, StoredChange } from './store.ts';
import { comparePositions, type Entry, type Position, type Table } from './table.ts';

export interface PageRequest {
  readonly namespace: string | undefined;
  readonly after: Position | undefined;
  readonly limit: number | undefined;
  readonly matches?: ((object: KubeObject) => boolean) | undefined;
}

type ObjectOf = (table: Table, namespace: string, entry: Entry) => KubeObject;

/** Collects up to a limit and remembers where the page ends. */
class PageBuilder {
  readonly items: KubeObject[] = [];
  last: Position | undefined;
  private readonly limit: number;
  private readonly matches: ((object: KubeObject) => boolean) | undefined;

  constructor({ limit, matches }: PageRequest) {
    this.limit = limit && limit > 0 ? limit : Number.POSITIVE_INFINITY;
    this.matches = matches;
  }

  /** Answers whether more would fit. */
  add(namespace: string, name: string, object: KubeObject): boolean {
    if (this.matches && !this.matches(object)) return true;
    this.items.push(object);
    if (this.items.length < this.limit) return true;
    this.last = { namespace, name };
    return false;
  }

  /** `remainingAfter` is asked only when the page is full. */
  page(revision: number, remainingAfter: (last: Position) => number): ListPage {
    const remaining = this.last ? remainingAfter(this.last) : 0;
    const { items, last } = this;
    return remaining > 0 && last ? { items, revision, next: last, remaining } : { items, revision, remaining: 0 };
  }
}

export function listNow(table: Table, request: PageRequest, revision: number, objectOf: ObjectOf): ListPage {
  const builder = new PageBuilder(request);
  table.walk(request.namespace, request.after, (namespace, entry) =>
    builder.add(namespace, entry.name, objectOf(table, namespace, entry)),
  );
  return builder.page(revision, (last) => table.countAfter(last, request.namespace));
}

/** What an object changed since was like at the earlier revision; `object` is absent where it did not exist. */
interface EarlierState extends Position {
  readonly object: KubeObject | undefined;
}

const slotOf = (namespace: string, name: string) => `${namespace}/${name}`;

function earlierStates(changes: readonly StoredChange[]): ReadonlyMap<string, EarlierState> {
  const states = new Map<string, EarlierState>();
  for (const { key, previous } of changes) {
    const slot = slotOf(key.namespace, key.name);
    if (!states.has(slot)) states.set(slot, { namespace: key.namespace, name: key.name, object: previous });
  }
  return states;
}

/** The page as it was at `revision`, which the table's window must reach back to. */
export function listAt(table: Table, request: PageRequest, revision: number, objectOf: ObjectOf): ListPage {
  const earlier = earlierStates(table.window.after(revision));
  if (earlier.size === 0) return listNow(table, request, revision, objectOf);

  const selected = (state: Position) => request.namespace === undefined || state.namespace === request.namespace;
  const changed = [...earlier.values()].filter(selected).sort(comparePositions);
  const isAfter = (state: Position, position: Position | undefined) =>
    !position || comparePositions(state, position) > 0;
  const deleted = changed.filter(
    (state) => state.object && isAfter(state, request.after) && !table.get(state.namespace, state.name),
  );

  const builder = new PageBuilder(request);
  let nextDeleted = 0;
  const addDeletedBefore = (position: Position | undefined): boolean => {
    for (; nextDeleted < deleted.length; nextDeleted++) {
      const state = deleted[nextDeleted]!;
      if (position && comparePositions(state, position) > 0) return true;
      if (builder.last) return false;
      builder.add(state.namespace, state.name, state.object!);
    }
    return !builder.last;
  };
  table.walk(request.namespace, request.after, (namespace, entry) => {
    if (!addDeletedBefore({ namespace, name: entry.name }) || builder.last) return false;
    const state = earlier.get(slotOf(namespace, entry.name));
    const object = state ? state.object : objectOf(table, namespace, entry);
    return !object || builder.add(namespace, entry.name, object);
  });
  if (!builder.last) addDeletedBefore(undefined);

  return builder.page(revision, (last) => {
    let remaining = table.countAfter(last, request.namespace);
    for (const state of changed) {
      if (!isAfter(state, last)) continue;
      remaining += (state.object ? 1 : 0) - (table.get(state.namespace, state.name) ? 1 : 0);
    }
    return remaining;
  });
}
