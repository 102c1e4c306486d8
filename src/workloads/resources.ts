/** Resources as these controllers write them: under kube-controller-manager's field manager. */
import type { ApiClient, TypedResource } from '#client/api-client.ts';
import { type CachedResource, cachedResource } from '#client/cached.ts';
import type { InformerFactory } from '#client/informer/informer.ts';
import type { KubeObject } from '#kube/meta/object.ts';

export const fieldManager = 'kube-controller-manager';

export interface Reach {
  readonly client: ApiClient;
  readonly informers: InformerFactory;
}

/** Reads from the shared informer, writes over it; see client/cached.ts. */
export function managedResource<T extends KubeObject>(
  { client, informers }: Reach,
  resource: TypedResource<T>,
): CachedResource<T> {
  const cached = cachedResource<T>(client, informers, resource);
  const mark = { fieldManager };
  return {
    ...cached,
    create: (object, options) => cached.create(object, { ...mark, ...options }),
    update: (object, options) => cached.update(object, { ...mark, ...options }),
    updateStatus: (object, options) => cached.updateStatus(object, { ...mark, ...options }),
  };
}
