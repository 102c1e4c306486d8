/** The objects of one resource in one space, found by name and walked in order. */
import type { KubeObject } from '#kube/meta/object.ts';
import { ChangeWindow } from './change-window.ts';
import { SortedNames } from './sorted-names.ts';

export interface Entry {
  readonly name: string;
  /** Undefined until first used, for what the start found on disk. */
  object: KubeObject | undefined;
  revision: number;
  /** Milliseconds since 1970 of the last write; kept for ephemeral resources only, 0 for others. */
  writtenAt: number;
}

export interface Position {
  readonly namespace: string;
  readonly name: string;
}

/** How long and how many objects of a resource are kept, for resources that end by themselves (events). */
export interface EphemeralPolicy {
  readonly lifetimeMs: number;
  readonly perNamespace: number;
}

interface NamespaceIndex {
  /** In order of creation; of an ephemeral resource in order of the last write, so that the oldest come first. */
  readonly entries: Map<string, Entry>;
  readonly names: SortedNames;
}

/** etcd orders `namespace/name` paths by bytes, so `web-1/…` comes before `web/…`; lists and continue tokens follow it. */
const orderOf = (namespace: string) => (namespace === '' ? '' : `${namespace}/`);
const namespaceOf = (order: string) => order.slice(0, -1);

/** Negative when `a` comes first in lists. */
export function comparePositions(a: Position, b: Position): number {
  if (a.namespace !== b.namespace) return orderOf(a.namespace) < orderOf(b.namespace) ? -1 : 1;
  if (a.name === b.name) return 0;
  return a.name < b.name ? -1 : 1;
}

export class Table {
  readonly space: string;
  readonly resource: string;
  readonly window: ChangeWindow;
  readonly ephemeral: EphemeralPolicy | undefined;
  /** Entries whose object is still only on disk. */
  unread = 0;
  private total = 0;
  private readonly namespaces = new Map<string, NamespaceIndex>();
  private readonly order = new SortedNames();

  constructor(space: string, resource: string, floor: number, ephemeral: EphemeralPolicy | undefined) {
    this.space = space;
    this.resource = resource;
    this.window = new ChangeWindow(floor);
    this.ephemeral = ephemeral;
  }

  get(namespace: string, name: string): Entry | undefined {
    return this.namespaces.get(namespace)?.entries.get(name);
  }

  insert(namespace: string, entry: Entry): void {
    let index = this.namespaces.get(namespace);
    if (!index) {
      index = { entries: new Map(), names: new SortedNames() };
      this.namespaces.set(namespace, index);
      this.order.add(orderOf(namespace));
    }
    index.entries.set(entry.name, entry);
    index.names.add(entry.name);
    this.total++;
    if (!entry.object) this.unread++;
  }

  remove(namespace: string, name: string): void {
    const index = this.namespaces.get(namespace);
    const entry = index?.entries.get(name);
    if (!index || !entry) return;
    index.entries.delete(name);
    index.names.delete(name);
    this.total--;
    if (!entry.object) this.unread--;
    if (index.entries.size > 0) return;
    this.namespaces.delete(namespace);
    this.order.delete(orderOf(namespace));
  }

  /** Moves an entry behind those written before it; only ephemeral resources need it. */
  touch(namespace: string, entry: Entry): void {
    const entries = this.namespaces.get(namespace)!.entries;
    entries.delete(entry.name);
    entries.set(entry.name, entry);
  }

  /** Brings the entries of each namespace into order of their last write, after loading. */
  sortByAge(): void {
    for (const { entries } of this.namespaces.values()) {
      const sorted = [...entries.values()].sort((a, b) => a.writtenAt - b.writtenAt);
      entries.clear();
      for (const entry of sorted) entries.set(entry.name, entry);
    }
  }

  namespacesWithObjects(): Iterable<string> {
    return this.namespaces.keys();
  }

  /** The entries of a namespace as they lie: those of an ephemeral resource oldest first. May be removed while walked. */
  entriesOf(namespace: string): Iterable<Entry> {
    return this.namespaces.get(namespace)?.entries.values() ?? [];
  }

  count(namespace?: string): number {
    return namespace === undefined ? this.total : (this.namespaces.get(namespace)?.entries.size ?? 0);
  }

  countAfter(after: Position, namespace?: string): number {
    let count = this.namespaces.get(after.namespace)?.names.countAfter(after.name) ?? 0;
    if (namespace !== undefined) return count;
    this.order.walk(orderOf(after.namespace), (order) => {
      count += this.count(namespaceOf(order));
      return true;
    });
    return count;
  }

  /** Visits in list order the entries above `after`, of one namespace or of all, until `visit` answers false. */
  walk(
    namespace: string | undefined,
    after: Position | undefined,
    visit: (namespace: string, entry: Entry) => boolean,
  ): void {
    const walkOne = (name: string, from: string | undefined): boolean => {
      const index = this.namespaces.get(name);
      return !index || index.names.walk(from, (entryName) => visit(name, index.entries.get(entryName)!));
    };
    if (namespace !== undefined) {
      walkOne(namespace, after?.namespace === namespace ? after.name : undefined);
      return;
    }
    if (after && !walkOne(after.namespace, after.name)) return;
    this.order.walk(after && orderOf(after.namespace), (order) => walkOne(namespaceOf(order), undefined));
  }
}
