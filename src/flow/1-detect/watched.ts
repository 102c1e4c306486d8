/** The resources that are watched for templates: all that discovery lists and that may be propagated; new ones as they come. */

import { claimOf } from '#apis/policy/claim.ts';
import type { Change } from '#client/informer/informer.ts';
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
  /** Asks discovery what there is now and begins to watch what is new. Throws when the API server does not answer. */
  readonly look: () => Promise<void>;
  readonly source: (id: string) => TemplateSource | undefined;
  readonly sources: () => readonly TemplateSource[];
}

export interface WatchedOptions {
  readonly mapper: RestMapper;
  readonly templates: TemplateReader;
  readonly skippedApis: readonly SkippedApi[];
  /** Hears of every object of every watched resource. */
  readonly onChange: (source: TemplateSource, change: Change<KubeObject>) => void;
}

export const resourceId = ({ group, version, resource }: ResourceRef): string => `${group}/${version}/${resource}`;

export function watchedResources({ mapper, templates, skippedApis, onChange }: WatchedOptions): WatchedResources {
  const sources = new Map<string, TemplateSource>();
  return {
    look: async () => {
      await mapper.refresh();
      for (const resource of await mapper.preferred()) {
        const id = resourceId(resource);
        if (sources.has(id) || !isTemplateResource(resource, skippedApis)) continue;
        const source = templates.ofResource(resource);
        sources.set(id, source);
        source.resource.informer.addIndex(byClaim, claimIndex);
        source.resource.informer.onChange((change) => onChange(source, change));
      }
    },
    source: (id) => sources.get(id),
    sources: () => [...sources.values()],
  };
}
