/** Paths and queries of the Kubernetes API. */
import type { ResourceRef } from '#kube/meta/kind.ts';
import type { ListOptions, ObjectName, WatchOptions, WriteOptions } from '../api-client.ts';

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** `/apis/apps/v1/namespaces/default/deployments/web/status`; without a name the collection. */
export function resourcePath(ref: ResourceRef, key: Partial<ObjectName>, subresource?: string): string {
  const group = ref.group === '' ? `/api/${ref.version}` : `/apis/${ref.group}/${ref.version}`;
  const namespace = ref.namespaced && key.namespace ? `/namespaces/${encodeURIComponent(key.namespace)}` : '';
  const name = key.name === undefined ? '' : `/${encodeURIComponent(key.name)}`;
  return `${group}${namespace}/${ref.resource}${name}${subresource ? `/${subresource}` : ''}`;
}

export function queryText(query: Query): string {
  const pairs: string[] = [];
  for (const key in query) {
    const value = query[key];
    if (value !== undefined) pairs.push(`${key}=${encodeURIComponent(value)}`);
  }
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

export const writeQuery = (options: WriteOptions | undefined, force?: boolean): Query => ({
  dryRun: options?.dryRun ? 'All' : undefined,
  fieldManager: options?.fieldManager,
  fieldValidation: options?.fieldValidation,
  force,
});

export const listQuery = (options: ListOptions): Query => ({
  labelSelector: options.labelSelector,
  fieldSelector: options.fieldSelector,
  limit: options.limit,
  continue: options.continue,
  resourceVersion: options.resourceVersion,
  resourceVersionMatch: options.resourceVersionMatch,
});

export const watchQuery = (options: WatchOptions): Query => ({
  ...listQuery(options),
  watch: true,
  allowWatchBookmarks: options.allowBookmarks,
  sendInitialEvents: options.sendInitialEvents,
  timeoutSeconds: options.timeoutSeconds,
});
