/**
 * Objects of any kind, read through informers that are started when the kind is first asked for: how the flow reaches
 * resource templates and members' objects, whose kinds nobody knows beforehand.
 */
import { keyFor } from '#kube/meta/key.ts';
import { parseApiVersion, type ResourceRef } from '#kube/meta/kind.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { ApiClient } from './api-client.ts';
import { type CachedResource, cachedResource } from './cached.ts';
import type { InformerFactory } from './informer/informer.ts';
import type { RestMapper } from './mapper/mapper.ts';

export interface ObjectReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
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
  /** The source of a resource whose path is known; its informer may not be synced yet. */
  readonly ofResource: (ref: ResourceRef) => TemplateSource;
}

export function templateReader(client: ApiClient, informers: InformerFactory, mapper: RestMapper): TemplateReader {
  const sources = new Map<string, TemplateSource>();
  const ofResource = (ref: ResourceRef): TemplateSource => {
    const id = `${ref.group}/${ref.version}/${ref.resource}`;
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
  return {
    ofResource,
    find,
    of: async (reference) => {
      const source = await find(reference);
      if (source && !source.resource.informer.synced()) await source.resource.informer.whenSynced();
      return source;
    },
  };
}
