/** Which tables there are, by space and resource, and the numbers that stand for spaces on disk. */
import type { SpaceRecord } from './journal.ts';
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

  constructor(ephemeral: EphemeralPolicies, records: readonly SpaceRecord[]) {
    this.ephemeral = ephemeral;
    for (const record of records) this.add(record);
  }

  records(): readonly SpaceRecord[] {
    return [...this.byName.values()].map((space) => space.record);
  }

  has(name: string): boolean {
    return this.byName.has(name);
  }

  idOf(name: string): number {
    return this.byName.get(name)!.record.id;
  }

  /** A new space; `floor` is the revision at which it begins. */
  create(name: string, floor: number): void {
    if (name.includes(' ')) throw new RangeError(`a space's name cannot hold a blank: '${name}'`);
    this.add({ name, id: this.lastId + 1, floor });
  }

  /** The tables of the space that is no more. */
  drop(name: string): readonly Table[] {
    const space = this.byName.get(name);
    this.byName.delete(name);
    return space ? [...space.tables.values()] : [];
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

  private add(record: SpaceRecord): void {
    this.byName.set(record.name, { record, tables: new Map() });
    this.lastId = Math.max(this.lastId, record.id);
  }
}
