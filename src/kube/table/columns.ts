/** Cells of kinds whose columns say where a value is found: JSONPath columns, or name and age alone. */

import { evaluateJsonPath, type JsonPath, parseJsonPath } from '../jsonpath/jsonpath.ts';
import { printValue } from '../jsonpath/print.ts';
import type { Column } from '../kind/definition.ts';
import type { KubeObject } from '../meta/object.ts';
import { ageOf, type Cell, nameOf, since } from './cells/cell.ts';

export const nameColumn: Column = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: 'The name of the object, unique in its namespace.',
};

const createdColumn: Column = {
  name: 'Created At',
  type: 'date',
  description: 'When the server created the object, in UTC.',
};

/** What a kind shows that declares no columns at all. */
export const defaultColumns: readonly Column[] = [nameColumn, createdColumn];

export function columnCell(column: Column, object: KubeObject, now: number): Cell {
  if (column.jsonPath !== undefined) return pathCell(column, object, now);
  switch (column.name) {
    case 'Name':
      return nameOf(object);
    case 'Age':
      return ageOf(object, now);
    case 'Created At':
      return object.metadata.creationTimestamp ?? null;
    default:
      return null;
  }
}

/** Columns are as long-lived as their kinds; a path that cannot be read shows nothing. */
const paths = new WeakMap<Column, JsonPath | null>();

function pathOf(column: Column): JsonPath | null {
  const known = paths.get(column);
  if (known !== undefined) return known;
  let path: JsonPath | null = null;
  try {
    path = parseJsonPath(column.jsonPath!);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  paths.set(column, path);
  return path;
}

/** The first value the path leads to, if it has the column's type; kubectl shows null as `<none>`. */
function pathCell(column: Column, object: KubeObject, now: number): Cell {
  const path = pathOf(column);
  const found = path ? evaluateJsonPath(path, object) : [];
  if (found.length === 0) return column.absent ?? null;
  const [value] = found;
  switch (column.type) {
    case 'string':
      return value === null ? '<no value>' : printValue(value);
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null;
    case 'number':
      return typeof value === 'number' ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'date': {
      if (typeof value !== 'string') return null;
      const text = since(value, now);
      return text === '<unknown>' && value !== '' ? '<invalid>' : text;
    }
    default:
      return null;
  }
}
