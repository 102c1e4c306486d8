/** `get` as tables, made by the servers and joined here. */
import type { DiscoveredResource } from '#client/mapper/mapper.ts';
import { isReason } from '#kube/status/status.ts';
import type { Call } from '../../command.ts';
import { getJson, tableForm, tablePath } from '../../connection/request.ts';
import type { ClusterSession, Scoped } from '../../connection/scope.ts';
import type { Session } from '../../connection/session.ts';
import { throwAll } from '../../failure.ts';
import { type ClusterTable, joinClusterTables } from '../../output/clusters.ts';
import { asTable, printTable, type ServerTable, type TableStyle } from '../../output/server-table.ts';
import { sortBy } from '../../output/sort.ts';
import { listing, selectorsOf, wantedNames } from '../../targets/select.ts';
import { namespaceIn } from '../../targets/words.ts';

/** What one server answered for one resource. */
interface FetchedTable extends ClusterTable {
  readonly resource: DiscoveredResource;
}

interface Fetched {
  readonly tables: readonly FetchedTable[];
  readonly failures: readonly unknown[];
}

export async function showTables(
  call: Call,
  session: Session,
  { sessions, showClusters }: Scoped,
  { wide }: { readonly wide: boolean },
): Promise<number> {
  const { around, flags } = call;
  const fetched = await Promise.all(sessions.map((each) => fetchTables(call, each)));
  const byType = groupByType(fetched.flatMap(({ tables }) => tables));
  const failures = fetched.flatMap((each) => each.failures);
  const several = byType.length > 1;
  const blocks = byType.flatMap((tables) => {
    const { resource } = tables[0]!;
    const table = sorted(call, showClusters ? joinClusterTables(resource.resource, tables) : joined(tables));
    const style = styleFor(call, resource, wide, several);
    return table.rows.length === 0 ? [] : [printTable(table, style)];
  });
  if (blocks.length > 0) around.output.write(blocks.join(flags.on('no-headers') ? '' : '\n'));
  else if (failures.length === 0 && !flags.on('ignore-not-found')) {
    const scoped = !flags.on('all-namespaces') && byType.flat().every(({ resource }) => resource.namespaced);
    around.errors.write(scoped ? `No resources found in ${session.namespace} namespace.\n` : 'No resources found\n');
  }
  throwAll(failures);
  return 0;
}

/** How tables of a resource look under the flags. */
export function styleFor(
  { flags }: Call,
  resource: DiscoveredResource,
  wide: boolean,
  severalTypes: boolean,
): TableStyle {
  const kind = resource.kind.toLowerCase();
  return {
    wide,
    headers: !flags.on('no-headers'),
    namespaces: flags.on('all-namespaces') && resource.namespaced,
    showLabels: flags.on('show-labels'),
    labelColumns: flags.texts('label-columns'),
    ...(severalTypes || flags.on('show-kind')
      ? { kind: resource.group === '' ? kind : `${kind}.${resource.group}` }
      : {}),
  };
}

async function fetchTables(call: Call, { cluster, session }: ClusterSession): Promise<Fetched> {
  const { around, flags } = call;
  const tables: FetchedTable[] = [];
  const { wanted, failures: unread } = await wantedNames(call, session);
  const failures: unknown[] = [...unread];
  const query = {
    ...selectorsOf(call),
    ...(flags.text('sort-by') === '' ? {} : { includeObject: 'Object' as const }),
  };
  for (const { resource, names, namespace } of wanted) {
    const paths =
      names.length === 0
        ? [tablePath(resource, namespaceIn(resource, namespace), query)]
        : names.map((name) => tablePath(resource, { ...namespaceIn(resource, namespace), name }, query));
    for (const path of paths) {
      try {
        const table = await listing(call, resource, () => getJson(session.client, path, tableForm));
        tables.push({ cluster, resource, table: asTable(table, around.clock.now()) });
      } catch (error) {
        if (!(names.length > 0 && isReason(error, 'NotFound') && flags.on('ignore-not-found'))) failures.push(error);
      }
    }
  }
  return { tables, failures };
}

/** Tables of the same type stand together, types in the order they were asked for. */
function groupByType(tables: readonly FetchedTable[]): readonly (readonly FetchedTable[])[] {
  const groups = new Map<string, FetchedTable[]>();
  for (const each of tables) {
    const { group, version, resource } = each.resource;
    const key = `${group}/${version}/${resource}`;
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()];
}

const joined = (tables: readonly FetchedTable[]): ServerTable => ({
  columnDefinitions: tables[0]!.table.columnDefinitions,
  rows: tables.flatMap(({ table }) => table.rows),
});

const sorted = ({ flags }: Call, table: ServerTable): ServerTable => ({
  ...table,
  rows: sortBy(table.rows, flags.text('sort-by'), ({ object }) => object),
});
