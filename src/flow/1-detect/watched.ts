/** The resources that are watched for templates: all that discovery lists and that may be propagated; new ones as they come. */

import { CustomResourceDefinitions } from '#apis/kubernetes/types.ts';
import { claimOf } from '#apis/policy/claim.ts';
import type { ApiClient } from '#client/api-client.ts';
import type { Change, InformerFactory } from '#client/informer/informer.ts';
import type { RestMapper } from '#client/mapper/mapper.ts';
import type { TemplateReader, TemplateSource } from '#client/template-reader.ts';
import type { ResourceRef } from '#kube/meta/kind.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { isTemplateResource, type SkippedApi } from './plan/propagated.ts';

/** Index of templates by the id of the policy that has claimed them. */
export const byClaim = 'claim';
const claimIndex = (template: KubeObject): readonly string[] => {
  const claim = claimOf(template);
  return claim ? [claim.id] : [];
};

export interface WatchedResources {
  /** Begins to watch; `onChange` hears of every object of every watched resource. */
  readonly start: (onChange: (source: TemplateSource, change: Change<KubeObject>) => void) => void;
  readonly source: (id: string) => TemplateSource | undefined;
  readonly sources: () => readonly TemplateSource[];
}

export interface WatchedOptions {
  readonly client: ApiClient;
  readonly informers: InformerFactory;
  readonly mapper: RestMapper;
  readonly templates: TemplateReader;
  readonly skippedApis: readonly SkippedApi[];
  /** Discovery failed: it is tried again at the next change of a CustomResourceDefinition. */
  readonly onError: (error: unknown) => void;
}

export const resourceId = ({ group, version, resource }: ResourceRef): string => `${group}/${version}/${resource}`;

export function watchedResources(options: WatchedOptions): WatchedResources {
  const { informers, mapper, templates, skippedApis, onError } = options;
  const sources = new Map<string, TemplateSource>();
  let onChange: (source: TemplateSource, change: Change<KubeObject>) => void;

  const look = async () => {
    for (const resource of await mapper.preferred()) {
      const id = resourceId(resource);
      if (sources.has(id) || !isTemplateResource(resource, skippedApis)) continue;
      const source = templates.ofResource(resource);
      sources.set(id, source);
      source.resource.informer.addIndex(byClaim, claimIndex);
      source.resource.informer.onChange((change) => onChange(source, change));
    }
  };

  return {
    start: (handler) => {
      onChange = handler;
      look().catch(onError);
      // A kind is served once its definition is established: the change that says so brings a new look.
      informers.informer(CustomResourceDefinitions).onChange((change) => {
        if (change.initial) return;
        mapper.refresh().then(look).catch(onError);
      });
    },
    source: (id) => sources.get(id),
    sources: () => [...sources.values()],
  };
}
