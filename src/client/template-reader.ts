/**
 * Objects of any kind, read through informers that are started when the kind is first asked for: how the flow reaches
 * resource templates and members' objects, whose kinds nobody knows beforehand.
 */
import { keyFor } from '#kube/meta/key.ts';
import { parseApiVersion, type ResourceRef } from '#kube/meta/kind.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';
import type { ApiClient } from './api-client.ts';
import { type CachedResource, cachedResource } from './cached.ts';
import type { InformerFactory } from './informer/informer.ts';
import { compareVersions } from './informer/resource-version.ts';
import type { RestMapper } from './mapper/mapper.ts';

export interface ObjectReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** A reference that says which state of the object it was made from, as a binding's does. */
export interface SeenReference extends ObjectReference {
  readonly resourceVersion?: string;
}

export interface TemplateSource {
  readonly ref: ResourceRef;
  readonly resource: CachedResource<KubeObject>;
  /** From the cache; undefined when it is not there. */
  readonly get: (reference: Pick<ObjectReference, 'namespace' | 'name'>) => KubeObject | undefined;
}

export interface TemplateReader {
  /** Undefined when the server does not serve the kind; its informer may not be synced yet. */
  readonly find: (reference: Pick<ObjectReference, 'apiVersion' | 'kind'>) => Promise<TemplateSource | undefined>;
  /** Resolves when the kind's informer is synced; undefined when the server does not serve the kind. */
  readonly of: (reference: Pick<ObjectReference, 'apiVersion' | 'kind'>) => Promise<TemplateSource | undefined>;
  /** The object, at least as new as the reference saw it, whatever the cache holds; undefined when it is not there. */
  readonly current: (reference: SeenReference) => Promise<KubeObject | undefined>;
  /** The source of a resource whose path is known; its informer may not be synced yet. */
  readonly ofResource: (ref: ResourceRef) => TemplateSource;
  /** Watches the resource no longer, for nobody; whoever asks for it later gets a new source. */
  readonly letGo: (ref: ResourceRef) => void;
}

export function templateReader(client: ApiClient, informers: InformerFactory, mapper: RestMapper): TemplateReader {
  const sources = new Map<string, TemplateSource>();
  const idOf = ({ group, version, resource }: ResourceRef) => `${group}/${version}/${resource}`;
  const ofResource = (ref: ResourceRef): TemplateSource => {
    const id = idOf(ref);
    const known = sources.get(id);
    if (known) return known;
    const resource = cachedResource<KubeObject>(client, informers, ref);
    const source: TemplateSource = {
      ref,
      resource,
      get: ({ namespace, name }) => resource.get(keyFor(ref.namespaced ? namespace : undefined, name)),
    };
    sources.set(id, source);
    return source;
  };
  const find: TemplateReader['find'] = async ({ apiVersion, kind }) => {
    const ref = await mapper.find({ ...parseApiVersion(apiVersion), kind });
    return ref && ofResource(ref);
  };
  const of: TemplateReader['of'] = async (reference) => {
    const source = await find(reference);
    if (source && !source.resource.informer.synced()) await source.resource.informer.whenSynced();
    return source;
  };
  return {
    ofResource,
    letGo: (ref) => {
      const id = idOf(ref);
      sources.get(id)?.resource.informer.stop();
      sources.delete(id);
    },
    find,
    of,
    current: async (reference) => {
      const source = await of(reference);
      if (!source) return undefined;
      const cached = source.get(reference);
      const seen = reference.resourceVersion;
      if (cached && (compareVersions(cached.metadata.resourceVersion, seen) ?? -1) >= 0) return cached;
      try {
        const { namespace, name } = reference;
        return await source.resource.live.get({ ...(namespace ? { namespace } : {}), name });
      } catch (error) {
        if (isReason(error, 'NotFound')) return undefined;
        throw error;
      }
    },
  };
}
