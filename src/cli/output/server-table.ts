/** Tables that API servers answer, as kubectl prints them: which columns, what is put before and after. */
import type { JsonValue, KubeObject, ObjectMeta } from '#kube/meta/object.ts';
import { humanDuration } from '#kube/table/duration.ts';
import { escapedForTables } from '#world/process/control-characters.ts';
import { alignColumns, type Widths } from './columns.ts';
import { goText } from './go-value.ts';
import { labelsText } from './labels.ts';

export interface ServerColumn {
  readonly name: string;
  readonly type: string;
  readonly format?: string;
  /** Above 0: only in wide tables. */
  readonly priority?: number;
}

export interface ServerRow {
  readonly cells: readonly unknown[];
  readonly object?: { readonly metadata?: ObjectMeta };
}

export interface ServerTable {
  readonly columnDefinitions: readonly ServerColumn[];
  readonly rows: readonly ServerRow[];
}

export interface TableStyle {
  readonly wide: boolean;
  readonly headers: boolean;
  /** A first column with each object's namespace. */
  readonly namespaces: boolean;
  readonly showLabels: boolean;
  /** Labels that have a column of their own. */
  readonly labelColumns: readonly string[];
  /** `deployment.apps`, put before names where several kinds are shown. */
  readonly kind?: string;
}

/** What a server that makes no Tables answers instead: objects, shown by name and age. */
export function asTable(answer: JsonValue, now: number): ServerTable {
  const table = answer as unknown as ServerTable & { readonly kind?: string };
  if (table.kind === 'Table') return table;
  const { items } = answer as unknown as { readonly items?: readonly KubeObject[] };
  const objects = items ?? [answer as unknown as KubeObject];
  return {
    columnDefinitions: [
      { name: 'Name', type: 'string', format: 'name' },
      { name: 'Age', type: 'string' },
    ],
    rows: objects.map((object) => ({ cells: [object.metadata.name, ageOf(object.metadata, now)], object })),
  };
}

const ageOf = ({ creationTimestamp }: ObjectMeta, now: number) =>
  creationTimestamp ? humanDuration(now - Date.parse(creationTimestamp)) : '<unknown>';

/** Lines of cells, the header first where it is asked for. */
function tableLines({ columnDefinitions, rows }: ServerTable, style: TableStyle): readonly (readonly string[])[] {
  const shown = columnDefinitions.flatMap((column, index) =>
    style.wide || !column.priority ? [{ column, index }] : [],
  );
  const header = [
    ...(style.namespaces ? ['NAMESPACE'] : []),
    ...shown.map(({ column }) => column.name.toUpperCase()),
    ...style.labelColumns.map((label) => label.split('/').at(-1)!.toUpperCase()),
    ...(style.showLabels ? ['LABELS'] : []),
  ];
  const lines = rows.map(({ cells, object }) => {
    const { namespace = '', labels } = object?.metadata ?? {};
    return [
      ...(style.namespaces ? [namespace] : []),
      ...shown.map(({ column, index }) => {
        const text = cellText(cells[index]);
        return style.kind && isName(column) ? `${style.kind}/${text}` : text;
      }),
      ...style.labelColumns.map((label) => labels?.[label] ?? ''),
      ...(style.showLabels ? [labelsText(labels)] : []),
    ];
  });
  const all = style.headers ? [header, ...lines] : lines;
  return all.map((line) => line.map(escapedForTables));
}

export const printTable = (table: ServerTable, style: TableStyle, widths?: Widths): string =>
  alignColumns(tableLines(table, style), widths);

const isName = ({ type, format }: ServerColumn) => type === 'string' && format === 'name';

/** The first line of a text; `...` says that there were more. */
function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  const text = goText(cell);
  const end = text.search(/[\f\n\r]/);
  return end < 0 ? text : `${text.slice(0, end)}...`;
}
