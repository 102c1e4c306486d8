/** `get --watch`: what is there, then every change as it comes, until interrupted or the server ends it. */
import type { DiscoveredResource } from '#client/mapper/mapper.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { WatchEventType } from '#kube/request/request.ts';
import { type Status, StatusError } from '#kube/status/status.ts';
import type { Call } from '../../command.ts';
import { getJson, type TableQuery, tableForm, tablePath } from '../../connection/request.ts';
import type { ClusterSession, Scoped } from '../../connection/scope.ts';
import type { Session } from '../../connection/session.ts';
import { CommandError, throwAll } from '../../failure.ts';
import { joinClusterTables } from '../../output/clusters.ts';
import type { Widths } from '../../output/columns.ts';
import type { OutputFormat } from '../../output/format.ts';
import { printObjects } from '../../output/objects.ts';
import { printTable, type ServerColumn, type ServerTable } from '../../output/server-table.ts';
import { selectorsOf, wantedNames } from '../../targets/select.ts';
import { namespaceIn, spokenObject } from '../../targets/words.ts';
import { styleFor } from './tables.ts';

interface TableEvent {
  readonly type: WatchEventType;
  readonly object: ServerTable & { readonly kind: string };
}

/** What is watched: one resource, perhaps one object of it. */
interface Watched {
  readonly resource: DiscoveredResource;
  readonly key: { readonly namespace?: string; readonly name?: string };
}

/** Prints what one server answered or reported; `type` is absent for what was listed. */
type Show = (cluster: string, table: ServerTable, type: WatchEventType) => void;

export async function watch(call: Call, session: Session, scope: Scoped, format: OutputFormat): Promise<number> {
  const { wanted, failures } = await wantedNames(call, session);
  throwAll(failures);
  const [target] = wanted;
  if (wanted.length !== 1 || target!.names.length > 1) {
    throw new CommandError(
      'watch is only supported on individual resources and resource collections - more than 1 resource was found',
    );
  }
  const { resource, names, namespace } = target!;
  const watched: Watched = {
    resource,
    key: { ...namespaceIn(resource, namespace), ...(names[0] === undefined ? {} : { name: names[0] }) },
  };
  const show =
    format.form === 'table' ? tableShow(call, watched, scope, format.wide) : objectShow(call, watched, format);
  await Promise.all(scope.sessions.map((each) => follow(call, each, watched, format.form !== 'table', show)));
  return 0;
}

async function follow(
  call: Call,
  { cluster, session }: ClusterSession,
  { resource, key }: Watched,
  wholeObjects: boolean,
  show: Show,
): Promise<void> {
  const include: TableQuery = wholeObjects ? { includeObject: 'Object' } : {};
  const selectors = selectorsOf(call);
  const listed = (await getJson(
    session.client,
    tablePath(resource, key, { ...selectors, ...include }),
    tableForm,
  )) as unknown as ServerTable & { readonly metadata?: { readonly resourceVersion?: string } };
  if (!call.flags.on('watch-only')) show(cluster, listed, 'ADDED');
  const byName = key.name === undefined ? {} : { fieldSelector: `metadata.name=${key.name}` };
  const collection = key.namespace === undefined ? {} : { namespace: key.namespace };
  const path = tablePath(resource, collection, {
    ...selectors,
    ...byName,
    ...include,
    watch: true,
    resourceVersion: listed.metadata?.resourceVersion ?? '0',
  });
  let columns: readonly ServerColumn[] = listed.columnDefinitions;
  for await (const line of session.client.lines(path, tableForm, new AbortController().signal)) {
    const { type, object } = JSON.parse(line) as TableEvent;
    if (type === 'ERROR') throw new StatusError(object as unknown as Status);
    if (type === 'BOOKMARK') continue;
    // Only the first event says which columns there are.
    if (object.columnDefinitions?.length > 0) columns = object.columnDefinitions;
    show(cluster, { ...object, columnDefinitions: columns }, type);
  }
}

/** One table that grows: headers once, columns that never shrink. */
function tableShow(call: Call, { resource }: Watched, { showClusters }: Scoped, wide: boolean): Show {
  const widths: Widths = [];
  const style = styleFor(call, resource, wide, false);
  let headers = style.headers;
  return (cluster, own, type) => {
    const table = showClusters ? joinClusterTables(resource.resource, [{ cluster, table: own }]) : own;
    if (table.rows.length === 0) return;
    const shown = call.flags.on('output-watch-events') ? withEvent(table, type) : table;
    call.around.output.write(printTable(shown, { ...style, headers }, widths));
    headers = false;
  };
}

const withEvent = (table: ServerTable, type: string): ServerTable => ({
  columnDefinitions: [{ name: 'Event', type: 'string' }, ...table.columnDefinitions],
  rows: table.rows.map((row) => ({ ...row, cells: [type, ...row.cells] })),
});

function objectShow({ around, flags }: Call, { resource }: Watched, format: OutputFormat): Show {
  let first = true;
  return (_cluster, { rows }) => {
    for (const { object } of rows as unknown as readonly { readonly object: KubeObject }[]) {
      if (format.form === 'name') around.output.write(`${spokenObject(resource, object.metadata.name!)}\n`);
      else if (format.form !== 'table') {
        const managedFields = flags.on('show-managed-fields');
        const text = printObjects(format, { objects: [object], single: true, managedFields, headers: first });
        around.output.write(format.form === 'yaml' && !first ? `---\n${text}` : text);
      }
      first = false;
    }
  };
}
