/** SpreadConstraint: who is spread by provider, region or zone goes only where there is one. */
import type { Cluster } from '#apis/cluster/cluster.ts';
import type { Plugin } from '../plugin.ts';

/** What a cluster must have to be in a group, and what it is called where it lacks it. */
const properties: Readonly<Record<string, { readonly called: string; readonly has: (cluster: Cluster) => boolean }>> = {
  provider: { called: 'provider', has: ({ spec }) => Boolean(spec.provider) },
  region: { called: 'region', has: ({ spec }) => Boolean(spec.region) },
  zone: { called: 'zones', has: ({ spec }) => (spec.zones ?? []).length > 0 },
};

export const spreadConstraint: Plugin = {
  filter: ({ placement }) => {
    const needed = (placement.spreadConstraints ?? []).flatMap(({ spreadByField }) => {
      const property = properties[spreadByField ?? ''];
      return property ? [property] : [];
    });
    if (needed.length === 0) return undefined;
    return ({ cluster }) => {
      const lacking = needed.find(({ has }) => !has(cluster));
      return lacking && `cluster(s) did not have ${lacking.called} property`;
    };
  },
};
