/** Which tables there are, by space and resource, and the numbers that stand for spaces on disk. */
import type { SpaceDirectory, SpaceRecord } from './journal.ts';
import { type EphemeralPolicy, Table } from './table.ts';

interface Space {
  readonly record: SpaceRecord;
  readonly tables: Map<string, Table>;
}

export type EphemeralPolicies = Readonly<Record<string, EphemeralPolicy>>;

export class Spaces {
  private readonly ephemeral: EphemeralPolicies;
  private readonly byName = new Map<string, Space>();
  private lastId = 0;
  private droppedAt: number;

  constructor(ephemeral: EphemeralPolicies, directory: SpaceDirectory) {
    this.ephemeral = ephemeral;
    this.droppedAt = directory.droppedAt;
    for (const record of directory.spaces) this.add(record);
  }

  directory(): SpaceDirectory {
    return { droppedAt: this.droppedAt, spaces: [...this.byName.values()].map((space) => space.record) };
  }

  has(name: string): boolean {
    return this.byName.has(name);
  }

  idOf(name: string): number {
    return this.byName.get(name)!.record.id;
  }

  create(name: string): void {
    if (name.includes(' ')) throw new RangeError(`a space's name cannot hold a blank: '${name}'`);
    this.add({ name, id: this.lastId + 1, floor: this.droppedAt });
  }

  /** The number and the tables of the space that is no more. */
  drop(name: string, revision: number): { readonly id: number; readonly tables: readonly Table[] } {
    const space = this.byName.get(name)!;
    this.byName.delete(name);
    this.droppedAt = revision;
    return { id: space.record.id, tables: [...space.tables.values()] };
  }

  /** By the number that keys on disk carry. */
  names(): ReadonlyMap<number, string> {
    return new Map([...this.byName.values()].map(({ record }) => [record.id, record.name]));
  }

  find(space: string, resource: string): Table | undefined {
    return this.byName.get(space)?.tables.get(resource);
  }

  /** The table, made when it is not there; the space must be. */
  table(name: string, resource: string): Table {
    const space = this.byName.get(name)!;
    let table = space.tables.get(resource);
    if (!table) {
      if (resource.includes(' ')) throw new RangeError(`a resource cannot hold a blank: '${resource}'`);
      table = new Table(name, resource, space.record.floor, this.ephemeral[resource]);
      space.tables.set(resource, table);
    }
    return table;
  }

  tablesOf(name: string): Iterable<Table> {
    return this.byName.get(name)?.tables.values() ?? [];
  }

  *all(): Generator<Table> {
    for (const { tables } of this.byName.values()) yield* tables.values();
  }

  private add(record: SpaceRecord): void {
    this.byName.set(record.name, { record, tables: new Map() });
    this.lastId = Math.max(this.lastId, record.id);
  }
}
