/** Objects as the client asked to see them: as they are, as a Table, or as metadata alone. */
import type { KindDefinition } from '#kube/kind/definition.ts';
import type { KubeList, KubeObject, ListMeta } from '#kube/meta/object.ts';
import { type Table, tableFor } from '#kube/table/table.ts';
import type { IncludeObject, Representation } from './accept.ts';

export interface View extends Representation {
  readonly include: IncludeObject;
  /** Of the requested resource; without it objects are shown as they are. */
  readonly kind?: KindDefinition;
}

export const isList = (object: { readonly kind: string }): object is KubeList => 'items' in object;

export const metadataOnly = (object: KubeObject, version: string) => ({
  kind: 'PartialObjectMetadata',
  apiVersion: `meta.k8s.io/${version}`,
  metadata: object.metadata,
});

/** A Table as it goes out: rows show as much of their object as was asked for. */
export interface ShownTable extends Omit<Table, 'apiVersion' | 'rows'> {
  readonly apiVersion: string;
  readonly rows: readonly { readonly cells: readonly unknown[]; readonly object?: object }[];
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
  if (view.include === 'Metadata') return view.version === 'v1' ? table : { ...table, apiVersion };
  const rows = table.rows.map(({ cells }, index) =>
    view.include === 'Object' ? { cells, object: items[index]! } : { cells },
  );
  return { ...table, apiVersion, rows };
}

/** A Status and a subresource's object (Scale) are not of the resource's kind and stay what they are. */
export const showsAsTable = (view: View, kind: string): view is View & { readonly kind: KindDefinition } =>
  view.form === 'table' && view.kind !== undefined && (kind === view.kind.kind || kind === view.kind.listKind);

/** One object, not a list. */
export function represent(object: KubeObject, view: View, now: number): object {
  if (view.form === 'object' || object.kind === 'Status') return object;
  if (view.form === 'metadata') return metadataOnly(object, view.version);
  if (!showsAsTable(view, object.kind)) return object;
  const { resourceVersion } = object.metadata;
  return tableOf(view, view.kind, [object], now, resourceVersion === undefined ? {} : { resourceVersion });
}
