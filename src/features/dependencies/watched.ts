/** The kinds that something needs: each is watched from when it is first needed, so that what appears is noticed. */
import type { Change } from '#client/informer/informer.ts';
import type { ObjectReference, TemplateReader, TemplateSource } from '#client/template-reader.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import type { KubeObject } from '#kube/meta/object.ts';

export interface WatchedKinds {
  /** The kind's objects, in the cache; undefined when the API server does not serve it. */
  readonly of: (reference: Pick<ObjectReference, 'apiVersion' | 'kind'>) => Promise<TemplateSource | undefined>;
}

export function watchedKinds(
  templates: TemplateReader,
  onChange: (source: TemplateSource, change: Change<KubeObject>) => void,
): WatchedKinds {
  /** By source: a kind that was gone and is there again has a new one. */
  const watched = new WeakSet<TemplateSource>();
  return {
    of: async (reference) => {
      const source = await templates.of(reference);
      if (!source) return undefined;
      if (!watched.has(source)) {
        watched.add(source);
        source.resource.informer.onChange((change) => onChange(source, change));
      }
      return source;
    },
  };
}

/** All that goes to members: not status, not the server's bookkeeping. */
function contentOf(object: KubeObject): unknown {
  const { status: _status, metadata, ...rest } = object as KubeObject & { readonly status?: unknown };
  const { managedFields: _managed, resourceVersion: _version, generation: _generation, ...kept } = metadata;
  return { ...rest, metadata: kept };
}

export const isNews = (change: Change<KubeObject>): boolean =>
  change.type !== 'updated' || !deepEqual(contentOf(change.old), contentOf(change.object));
