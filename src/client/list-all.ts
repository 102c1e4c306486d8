/** Whole lists, page by page: no answer is larger than a few megabytes. */
import type { KubeObject } from '#kube/meta/object.ts';
import type { ApiClient, ListOptions, TypedResource } from './api-client.ts';

const pageSize = 500;

type Listed = Pick<ListOptions, 'namespace' | 'labelSelector'>;

export async function listAll<T extends KubeObject>(
  client: ApiClient,
  resource: TypedResource<T>,
  options: Listed = {},
): Promise<readonly T[]> {
  const found: T[] = [];
  await visitAll(client, resource, options, (item) => found.push(item));
  return found;
}

/** For who keeps a part of each: no more than a page is held at a time. */
export async function visitAll<T extends KubeObject>(
  client: ApiClient,
  resource: TypedResource<T>,
  options: Listed,
  visit: (item: T) => unknown,
): Promise<void> {
  let next: string | undefined;
  do {
    const page = await client
      .resource(resource)
      .list({ ...options, limit: pageSize, ...(next ? { continue: next } : {}) });
    for (const item of page.items) visit(item);
    next = page.metadata.continue;
  } while (next);
}
