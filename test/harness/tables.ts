/** Tables as kubectl prints them, read back: columns by the header's places, rows by name. */

export interface PrintedTable {
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, string>>[];
}

/** Columns stand at least two blanks apart (three in kubectl), so a header may hold single blanks: `NOMINATED NODE`. */
export function readTable(text: string): PrintedTable {
  const [header = '', ...lines] = text.trimEnd().split('\n');
  const columns = [...header.matchAll(/\S+( \S+)*/g)].map((match) => ({ name: match[0], at: match.index }));
  const rows = lines
    .filter((line) => line.trim() !== '' && line.trim() !== '...')
    .map((line) =>
      Object.fromEntries(columns.map(({ name, at }, i) => [name, line.slice(at, columns[i + 1]?.at).trim()])),
    );
  return { columns: columns.map(({ name }) => name), rows };
}

/** What differs from run to run, as patterns by column. */
const varying: Readonly<Record<string, RegExp>> = {
  AGE: /^(\d+[smhdy])+$/,
  'CLUSTER-IP': /^\d+\.\d+\.\d+\.\d+$/,
};

/**
 * The table with only the rows of these names, and with values that differ from run to run replaced by their column's
 * name. A value that does not look as it should stays as it is.
 */
export function comparable({ columns, rows }: PrintedTable, names: ReadonlySet<string>): PrintedTable {
  return {
    columns,
    rows: rows
      .filter((row) => names.has(row.NAME ?? ''))
      .map((row) =>
        Object.fromEntries(
          Object.entries(row).map(([column, value]) => [column, varying[column]?.test(value) ? `<${column}>` : value]),
        ),
      ),
  };
}
