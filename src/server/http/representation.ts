/** Objects as the client asked to see them: as they are, as a Table, or as metadata alone. */
import type { KindDefinition } from '#kube/kind/definition.ts';
import type { KubeList, KubeObject, ListMeta, ObjectMeta } from '#kube/meta/object.ts';
import { failure } from '#kube/status/status.ts';
import { type Table, tableFor } from '#kube/table/table.ts';
import type { IncludeObject, Representation } from './accept.ts';

export interface View extends Representation {
  readonly include: IncludeObject;
  /** Of the requested resource; without it objects are shown as they are. */
  readonly kind?: KindDefinition;
}

export const isList = (object: { readonly kind: string }): object is KubeList => 'items' in object;

/** An annotation that DaemonSets are served with is a field of theirs inside kube-apiserver, and no part of their metadata. */
const templateGeneration = 'deprecated.daemonset.template.generation';

function ownMetadata({ kind, metadata }: KubeObject): ObjectMeta {
  if (kind !== 'DaemonSet' || metadata.annotations?.[templateGeneration] === undefined) return metadata;
  const { annotations: { [templateGeneration]: _, ...others } = {}, ...rest } = metadata;
  return Object.keys(others).length > 0 ? { ...rest, annotations: others } : rest;
}

export const metadataOnly = (object: KubeObject, version: string) => ({
  kind: 'PartialObjectMetadata',
  apiVersion: `meta.k8s.io/${version}`,
  metadata: ownMetadata(object),
});

/** kube-apiserver names its own type of the object. */
function internalType({ kind }: View, sent: string): string {
  if (!kind?.native) return sent.endsWith('List') ? '*unstructured.UnstructuredList' : '*unstructured.Unstructured';
  const room = kind.group.split('.', 1)[0]!;
  return `*${room === '' || room === 'events' ? 'core' : room}.${sent}`;
}

/** Throws NotAcceptable where the metadata of a list was asked of an object, or that of an object of a list. */
export function requireForm(view: View, sent: string, list: boolean): void {
  if (view.form !== 'metadata' || (view.list === true) === list) return;
  const asked = list ? 'PartialObjectMetadata' : 'PartialObjectMetadataList';
  const is = list ? 'is a list' : 'is not a list';
  throw failure(
    'NotAcceptable',
    `you requested ${asked}, but the requested object ${is} (${internalType(view, sent)})`,
  );
}

/** A Table as it goes out: rows show as much of their object as was asked for. */
export interface ShownTable extends Omit<Table, 'apiVersion' | 'rows'> {
  readonly apiVersion: string;
  readonly rows: readonly { readonly cells: readonly unknown[]; readonly object: object | null }[];
}

function rowObject({ include, version }: View, object: KubeObject): object | null {
  if (include === 'None') return null;
  return include === 'Object' ? object : metadataOnly(object, version);
}

/** Rows of `items`, with the columns' definitions and the list's metadata around them. */
export function tableOf(
  view: View,
  kind: KindDefinition,
  items: readonly KubeObject[],
  now: number,
  metadata: ListMeta,
): ShownTable {
  const table: ShownTable = tableFor(kind, items, now, metadata);
  const apiVersion = `meta.k8s.io/${view.version}`;
  if (view.include === 'Metadata' && view.version === 'v1' && kind.kind !== 'DaemonSet') return table;
  const rows = table.rows.map(({ cells }, index) => ({ cells, object: rowObject(view, items[index]!) }));
  return { ...table, apiVersion, rows };
}

/** A Status and a subresource's object (Scale) are not of the resource's kind and stay what they are. */
export const showsAsTable = (view: View, kind: string): view is View & { readonly kind: KindDefinition } =>
  view.form === 'table' && view.kind !== undefined && (kind === view.kind.kind || kind === view.kind.listKind);

/** One object, not a list. */
export function represent(object: KubeObject, view: View, now: number): object {
  if (view.form === 'object' || object.kind === 'Status') return object;
  if (view.form === 'metadata') {
    requireForm(view, object.kind, false);
    return metadataOnly(object, view.version);
  }
  if (!showsAsTable(view, object.kind)) return object;
  const { resourceVersion } = object.metadata;
  return tableOf(view, view.kind, [object], now, resourceVersion === undefined ? {} : { resourceVersion });
}
