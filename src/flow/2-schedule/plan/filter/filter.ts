/** Which clusters may hold a template, and how many were refused for what (compatibility.md section 4, filter plugins). */
import type { FleetCluster } from '../fleet.ts';
import type { Filter } from '../plugin.ts';
import { enabledPlugins } from '../plugins.ts';
import type { AffinityTerm, Scheduling } from '../scheduling.ts';
import type { PluginName } from '../settings.ts';

export interface Filtered {
  readonly fit: readonly FleetCluster[];
  /** Reason -> number of clusters refused for it. */
  readonly refused: ReadonlyMap<string, number>;
}

interface NamedFilter {
  readonly plugin: PluginName;
  readonly filter: Filter;
}

function filtersFor(scheduling: Scheduling, term: AffinityTerm): readonly NamedFilter[] {
  const measure = scheduling.input.meter?.plugin;
  return enabledPlugins(scheduling.input.settings).flatMap(({ name, filter }) => {
    const prepared = filter?.(scheduling, term);
    if (!prepared) return [];
    const measured: Filter = measure ? (cluster) => measure(name, 'Filter', () => prepared(cluster)) : prepared;
    return [{ plugin: name, filter: measured }];
  });
}

/** Clusters being deleted are dropped before the filters and counted in no reason, as the reference does. */
export function filterClusters(scheduling: Scheduling, term: AffinityTerm): Filtered {
  const filters = filtersFor(scheduling, term);
  const fit: FleetCluster[] = [];
  const refused = new Map<string, number>();
  for (const cluster of scheduling.input.fleet.clusters) {
    if (cluster.leaving) continue;
    let why: string | undefined;
    for (const { filter } of filters) {
      why = filter(cluster);
      if (why !== undefined) break;
    }
    if (why === undefined) fit.push(cluster);
    else refused.set(why, (refused.get(why) ?? 0) + 1);
  }
  return { fit, refused };
}

export interface Refusal {
  readonly plugin: PluginName;
  readonly reason: string;
}

/** All that refuse a cluster, not the first alone; asked for each cluster in turn, so filters are prepared once. */
export function refusals(scheduling: Scheduling, term: AffinityTerm): (cluster: FleetCluster) => readonly Refusal[] {
  const filters = filtersFor(scheduling, term);
  return (cluster) =>
    filters.flatMap(({ plugin, filter }) => {
      const reason = filter(cluster);
      return reason === undefined ? [] : [{ plugin, reason }];
    });
}

/** `0/2 clusters are available: 1 cluster(s) did not match …, 1 ….` */
export function fitErrorMessage(total: number, refused: ReadonlyMap<string, number>): string {
  const reasons = [...refused].map(([reason, count]) => `${count} ${reason}`).sort();
  return `0/${total} clusters are available: ${reasons.length > 0 ? reasons.join(', ') : 'no cluster exists'}.`;
}
