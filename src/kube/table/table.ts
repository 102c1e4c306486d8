/** meta.k8s.io/v1 Table: how a server shows objects to kubectl, one row of cells each. */
import type { Column, KindDefinition } from '../kind/definition.ts';
import type { KubeObject, ListMeta, ObjectMeta } from '../meta/object.ts';
import type { Cell } from './cells/cell.ts';
import { nativeCells } from './cells/index.ts';
import { columnCell, defaultColumns, nameColumn } from './columns.ts';

export interface TableColumnDefinition {
  readonly name: string;
  readonly type: string;
  /** '' or `name`, which marks the column that identifies the row. */
  readonly format: string;
  readonly description: string;
  /** 0: always shown; above: with `-o wide`. */
  readonly priority: number;
}

export interface PartialObjectMetadata {
  readonly kind: 'PartialObjectMetadata';
  readonly apiVersion: 'meta.k8s.io/v1';
  readonly metadata: ObjectMeta;
}

export interface TableRow {
  readonly cells: readonly Cell[];
  readonly object: PartialObjectMetadata;
}

export interface Table {
  readonly kind: 'Table';
  readonly apiVersion: 'meta.k8s.io/v1';
  readonly metadata: ListMeta;
  readonly columnDefinitions: readonly TableColumnDefinition[];
  readonly rows: readonly TableRow[];
}

/** What is the same for all tables of a kind. */
interface Layout {
  readonly definitions: readonly TableColumnDefinition[];
  readonly cells: (object: KubeObject, now: number) => readonly Cell[];
}

/** Kinds live as long as they are served, and their layout with them. */
const layouts = new WeakMap<KindDefinition, Layout>();

/** `items` in their order; `now` in milliseconds since 1970, for ages; `metadata` of the list they came in. */
export function tableFor(kind: KindDefinition, items: readonly KubeObject[], now: number, metadata: ListMeta): Table {
  const { definitions, cells } = layoutOf(kind);
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: withoutEmptyContinue(metadata),
    columnDefinitions: definitions,
    rows: items.map((item) => ({
      cells: cells(item, now),
      object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: item.metadata },
    })),
  };
}

/** A Table has a Go type, which leaves out what is empty; the lists of custom resources have none. */
function withoutEmptyContinue(metadata: ListMeta): ListMeta {
  if (metadata.continue !== '') return metadata;
  const { continue: _, ...rest } = metadata;
  return rest;
}

function layoutOf(kind: KindDefinition): Layout {
  const known = layouts.get(kind);
  if (known) return known;
  const columns = columnsOf(kind);
  const native = kind.columns.some(hasPath) ? undefined : nativeCells(kind.group, kind.kind);
  const layout: Layout = {
    definitions: columns.map(definitionOf),
    cells: native ?? ((object, now) => columns.map((column) => columnCell(column, object, now))),
  };
  layouts.set(kind, layout);
  return layout;
}

/** Columns with paths are those of a custom resource, which says what comes after the name. */
function columnsOf({ columns }: KindDefinition): readonly Column[] {
  if (columns.length === 0) return defaultColumns;
  const named = columns[0]!.name === nameColumn.name;
  return named || !columns.some(hasPath) ? columns : [nameColumn, ...columns];
}

const hasPath = ({ jsonPath }: Column) => jsonPath !== undefined;

function definitionOf({ name, type, format = '', description, jsonPath, priority = 0 }: Column): TableColumnDefinition {
  const fallback = jsonPath === undefined ? '' : `Custom resource definition column (in JSONPath format): ${jsonPath}`;
  return { name, type, format, description: description ?? fallback, priority };
}
