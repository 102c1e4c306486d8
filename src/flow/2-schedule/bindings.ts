/** Both kinds of binding as one collection: keys tell them apart, `namespace/name` from `name`. */
import { type Binding, bindingKinds } from '#apis/work/binding.ts';
import type { ApiClient, TypedResource } from '#client/api-client.ts';
import { type CachedResource, cachedResource } from '#client/cached.ts';
import type { Change, Informer, InformerFactory } from '#client/informer/informer.ts';
import { keyOf } from '#kube/meta/key.ts';

export interface Bindings {
  readonly get: (key: string) => Binding | undefined;
  readonly list: () => readonly Binding[];
  readonly update: (binding: Binding) => Promise<Binding>;
  readonly updateStatus: (binding: Binding) => Promise<Binding>;
  readonly onChange: (handler: (change: Change<Binding>) => void) => void;
  /** Of those in namespaces. */
  readonly namespaced: Informer<Binding>;
}

export function bindingsOf(client: ApiClient, informers: InformerFactory): Bindings {
  const [namespaced, clusterWide] = bindingKinds.map((kind) =>
    cachedResource(client, informers, kind as TypedResource<Binding>),
  ) as [CachedResource<Binding>, CachedResource<Binding>];
  const kindOf = (key: string) => (key.includes('/') ? namespaced : clusterWide);
  return {
    get: (key) => kindOf(key).get(key),
    list: () => [...namespaced.informer.list(), ...clusterWide.informer.list()],
    update: (binding) => kindOf(keyOf(binding)).update(binding),
    updateStatus: (binding) => kindOf(keyOf(binding)).updateStatus(binding),
    onChange: (handler) => {
      for (const { informer } of [namespaced, clusterWide]) informer.onChange(handler);
    },
    namespaced: namespaced.informer,
  };
}
