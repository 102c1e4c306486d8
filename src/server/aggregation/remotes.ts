/** The API servers behind this one, by what they serve: followed from the store, asked for with every request. */
import type { Storage } from '../registry/storage.ts';
import {
  type ApiService,
  apiServicesResource,
  isAvailable,
  nameOf,
  referenceOf,
  type ServiceReference,
} from './api-service.ts';

/** A group version that another API server serves. */
export interface Remote {
  readonly name: string;
  readonly group: string;
  readonly version: string;
  readonly service: ServiceReference;
  readonly object: ApiService;
}

export interface Remotes {
  /** By the path of a request. Costs nothing where there are none. */
  readonly at: (pathname: string) => Remote | undefined;
  readonly byName: (name: string) => Remote | undefined;
  readonly all: () => readonly Remote[];
  /** Every APIService, local ones among them. */
  readonly service: (group: string, version: string) => ApiService | undefined;
  /** Every APIService, and whether it is available. */
  readonly availability: () => Iterable<readonly [name: string, available: boolean]>;
  /** Told of every change of an APIService; `remote` is undefined where it is, or has come to be, local or gone. */
  readonly onChange: (listener: (name: string, remote: Remote | undefined) => void) => void;
}

export function followRemotes(storage: Storage): Remotes {
  const services = new Map<string, ApiService>();
  const remotes = new Map<string, Remote>();
  const listeners: ((name: string, remote: Remote | undefined) => void)[] = [];

  const take = (object: ApiService): void => {
    const { group = '', version = '' } = object.spec;
    const name = nameOf(group, version);
    services.set(name, object);
    const service = referenceOf(object);
    if (service) remotes.set(name, { name, group, version, service, object });
    else remotes.delete(name);
  };

  for (const object of storage.list(apiServicesResource, undefined).items) take(object as ApiService);
  storage.onCommit(apiServicesResource, ({ name, object, deleted }) => {
    if (deleted) {
      services.delete(name);
      remotes.delete(name);
    } else take(object as ApiService);
    for (const listener of listeners) listener(name, remotes.get(name));
  });

  return {
    at: (pathname) => {
      if (remotes.size === 0) return undefined;
      const [, root, group = '', version = ''] = pathname.split('/', 4);
      if (root === 'apis') return remotes.get(nameOf(group, version));
      return root === 'api' ? remotes.get(nameOf('', group)) : undefined;
    },
    byName: (name) => remotes.get(name),
    all: () => [...remotes.values()],
    service: (group, version) => services.get(nameOf(group, version)),
    availability: () => [...services].map(([name, service]) => [name, isAvailable(service)] as const),
    onChange: (listener) => listeners.push(listener),
  };
}
