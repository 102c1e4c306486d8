/** Rows of several clusters in one table, with karmadactl's columns CLUSTER and ADOPTION. */
import { managed, managedValue } from '#apis/names/labels.ts';
import type { ServerColumn, ServerRow, ServerTable } from './server-table.ts';

/** How the control plane is called among clusters. */
export const controlPlaneCluster = 'Karmada';

export interface ClusterTable {
  /** `Karmada`, `member1`. */
  readonly cluster: string;
  readonly table: ServerTable;
}

const clusterColumn: ServerColumn = { name: 'Cluster', type: 'string' };

/** Pods are never adopted themselves: their owners are, so the column shows in wide tables only. */
const adoptionColumn = (resource: string): ServerColumn => ({
  name: 'Adoption',
  type: 'string',
  priority: resource === 'pods' ? 1 : 0,
});

/** `resource`: the plural. The columns are those of the first table that has rows. */
export function joinClusterTables(resource: string, tables: readonly ClusterTable[]): ServerTable {
  const filled = tables.filter(({ table }) => table.rows.length > 0);
  const columns = filled[0]?.table.columnDefinitions ?? [];
  const [name, ...others] = columns;
  if (!name) return { columnDefinitions: [], rows: [] };
  return {
    columnDefinitions: [name, clusterColumn, ...others, adoptionColumn(resource)],
    rows: filled.flatMap(({ cluster, table }) => table.rows.map((row) => withCluster(row, cluster))),
  };
}

function withCluster(row: ServerRow, cluster: string): ServerRow {
  const [name, ...others] = row.cells;
  return { ...row, cells: [name, cluster, ...others, adoption(row, cluster)] };
}

/** Y: the control plane manages it. N: the member's own. -: it is the control plane's. */
function adoption({ object }: ServerRow, cluster: string): string {
  if (cluster === controlPlaneCluster) return '-';
  return object?.metadata?.labels?.[managed] === managedValue ? 'Y' : 'N';
}
