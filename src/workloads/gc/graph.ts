/**
 * Who owns whom, over all resources: nothing but the informers' own caches and one index on each, so it is as fresh
 * as they are and forgets by itself.
 */
import type { Indexer } from '#client/informer/informer.ts';
import { keyFor } from '#kube/meta/key.ts';
import { parseApiVersion } from '#kube/meta/kind.ts';
import type { KubeObject, OwnerReference } from '#kube/meta/object.ts';
import type { ServedResource, ServedResources } from '../served-resources.ts';

/** An object and where it is served. */
export interface GraphNode {
  readonly served: ServedResource;
  readonly object: KubeObject;
}

export interface OwnerGraph {
  readonly dependentsOf: (uid: string) => readonly GraphNode[];
  /** The owner as the caches have it; undefined when they have none of that uid. */
  readonly ownerOf: (dependent: KubeObject, reference: OwnerReference) => GraphNode | undefined;
  /** The resource a reference speaks of. */
  readonly servedFor: (reference: OwnerReference) => ServedResource | undefined;
  /** Before the first change of a resource is asked for. */
  readonly index: (served: ServedResource) => void;
}

const indexName = 'owner';

const byOwner: Indexer<KubeObject> = ({ metadata }) => metadata.ownerReferences?.map(({ uid }) => uid) ?? none;
const none: readonly string[] = [];

export function ownerGraph(resources: ServedResources): OwnerGraph {
  const indexed = new WeakSet<ServedResource>();
  const index = (served: ServedResource) => {
    if (indexed.has(served)) return;
    indexed.add(served);
    served.resource.informer.addIndex(indexName, byOwner);
  };
  const servedFor = ({ apiVersion, kind }: OwnerReference) => resources.ofKind(parseApiVersion(apiVersion).group, kind);
  return {
    index,
    servedFor,
    dependentsOf: (uid) => {
      const found: GraphNode[] = [];
      for (const served of resources.all()) {
        index(served);
        for (const object of served.resource.informer.byIndex(indexName, uid)) found.push({ served, object });
      }
      return found;
    },
    ownerOf: (dependent, reference) => {
      const served = servedFor(reference);
      if (!served) return undefined;
      const namespace = served.ref.namespaced ? dependent.metadata.namespace : undefined;
      const object = served.resource.informer.get(keyFor(namespace, reference.name));
      return object?.metadata.uid === reference.uid ? { served, object } : undefined;
    },
  };
}
