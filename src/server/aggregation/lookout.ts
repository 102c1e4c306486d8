/** When it is worth looking at an API server behind this one: its APIService says something else, or its Service does. */
import { deepEqual } from '#kube/meta/equal.ts';
import { storageName } from '../registry/kinds/served.ts';
import type { Storage } from '../registry/storage.ts';
import type { Remote, Remotes } from './remotes.ts';
import { type Resolved, resolveService } from './resolve.ts';

const slicesResource = storageName('discovery.k8s.io', 'endpointslices');
const [servicesResource, endpointsResource] = ['services', 'endpoints'] as const;
const sliceLabel = 'kubernetes.io/service-name';

export interface Lookout {
  /** What is served by whom has changed. */
  readonly changed: () => void;
  readonly look: (name: string) => void;
  /** It is not there any more. */
  readonly gone: (name: string) => void;
}

export function followServices(storage: Storage, remotes: Remotes, { changed, look, gone }: Lookout): void {
  const specs = new Map<string, unknown>();
  remotes.onChange((name, remote) => {
    const spec = remote?.object.spec;
    if (spec !== undefined && deepEqual(specs.get(name), spec)) return;
    if (spec) specs.set(name, spec);
    else {
      specs.delete(name);
      gone(name);
    }
    changed();
    if (spec) look(name);
  });
  for (const resource of [servicesResource, endpointsResource, slicesResource]) {
    storage.onCommit(resource, ({ namespace, name, object }) => {
      const service = resource === slicesResource ? object.metadata.labels?.[sliceLabel] : name;
      for (const { service: reference, name: remote } of remotes.all())
        if (reference.namespace === namespace && reference.name === service) look(remote);
    });
  }
}

/** Where its Service is now. */
export function resolved(storage: Storage, { service }: Remote): Resolved {
  const { namespace, name } = service;
  const slices = storage.list(slicesResource, namespace).items;
  return resolveService(service, {
    service: storage.find(servicesResource, namespace, name),
    endpoints: storage.find(endpointsResource, namespace, name),
    slices: slices.filter(({ metadata }) => metadata.labels?.[sliceLabel] === name),
  });
}
