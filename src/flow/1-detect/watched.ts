/**
 * The resources that are watched for templates: all that discovery lists and that may be propagated; new ones as they
 * come, and none that is served no longer.
 */

import { claimOf } from '#apis/policy/claim.ts';
import type { Change } from '#client/informer/informer.ts';
import type { RestMapper } from '#client/mapper/mapper.ts';
import type { TemplateReader, TemplateSource } from '#client/template-reader.ts';
import { apiVersionOf, type ResourceRef } from '#kube/meta/kind.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { Clock } from '#world/clock/clock.ts';
import { isTemplateResource, type SkippedApi } from './plan/propagated.ts';

/** Index of templates by the id of the policy that has claimed them. */
export const byClaim = 'claim';
const claimIndex = (template: KubeObject): readonly string[] => {
  const claim = claimOf(template);
  return claim ? [claim.id] : [];
};

export interface WatchedResources {
  /**
   * Asks discovery what there is now, begins to watch what is new and lets go of what has been gone for a while. Throws
   * when the API server does not answer.
   */
  readonly look: () => Promise<void>;
  readonly source: (id: string) => TemplateSource | undefined;
  readonly sources: () => readonly TemplateSource[];
}

export interface WatchedOptions {
  readonly mapper: RestMapper;
  readonly templates: TemplateReader;
  readonly skippedApis: readonly SkippedApi[];
  readonly clock: Clock;
  /** Hears of every object of every watched resource. */
  readonly onChange: (source: TemplateSource, change: Change<KubeObject>) => void;
}

/** The end of its objects is still told after that of their definition. */
const goneMs = 10_000;

export const resourceId = ({ group, version, resource }: ResourceRef): string => `${group}/${version}/${resource}`;

export function watchedResources(options: WatchedOptions): WatchedResources {
  const { mapper, templates, skippedApis, clock, onChange } = options;
  const sources = new Map<string, TemplateSource>();
  /** Since when, of those that are watched and not served. */
  const gone = new Map<string, number>();

  /** An API whose server does not answer is not gone. */
  const letGo = async () => {
    const served = new Set((await mapper.resources()).map(resourceId));
    const silent = new Set(mapper.unavailable());
    const now = clock.monotonic();
    for (const [id, { ref }] of sources) {
      if (served.has(id) || silent.has(apiVersionOf(ref))) {
        gone.delete(id);
        continue;
      }
      const since = gone.get(id) ?? now;
      gone.set(id, since);
      if (now - since < goneMs) continue;
      gone.delete(id);
      sources.delete(id);
      templates.letGo(ref);
    }
  };

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
      await letGo();
    },
    source: (id) => sources.get(id),
    sources: () => [...sources.values()],
  };
}
