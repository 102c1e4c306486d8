/** Whole lists, page by page: no answer is larger than a few megabytes. */
import type { KubeObject } from '#kube/meta/object.ts';
import type { ApiClient, ListOptions, TypedResource } from './api-client.ts';

const pageSize = 500;

export async function listAll<T extends KubeObject>(
  client: ApiClient,
  resource: TypedResource<T>,
  options: Pick<ListOptions, 'namespace' | 'labelSelector'> = {},
): Promise<readonly T[]> {
  const found: T[] = [];
  let next: string | undefined;
  do {
    const page = await client
      .resource(resource)
      .list({ ...options, limit: pageSize, ...(next ? { continue: next } : {}) });
    for (const item of page.items) found.push(item);
    next = page.metadata.continue;
  } while (next);
  return found;
}
