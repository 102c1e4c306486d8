/** The registry of plugins: what each of their names does. */
import { apiEnablement } from './filter/api-enablement.ts';
import { clusterAffinity } from './filter/cluster-affinity.ts';
import { clusterEviction } from './filter/cluster-eviction.ts';
import { spreadConstraint } from './filter/spread-constraint.ts';
import { taintToleration } from './filter/taint-toleration.ts';
import { workloadAffinity, workloadAntiAffinity } from './filter/workload-affinity.ts';
import type { Plugin } from './plugin.ts';
import { clusterLocality } from './score/cluster-locality.ts';
import { type PluginName, pluginNames, type SchedulingSettings } from './settings.ts';

const registry: Readonly<Record<PluginName, Plugin>> = {
  APIEnablement: apiEnablement,
  TaintToleration: taintToleration,
  ClusterAffinity: clusterAffinity,
  SpreadConstraint: spreadConstraint,
  ClusterEviction: clusterEviction,
  WorkloadAffinity: workloadAffinity,
  WorkloadAntiAffinity: workloadAntiAffinity,
  ClusterLocality: clusterLocality,
};

export interface NamedPlugin extends Plugin {
  readonly name: PluginName;
}

const all: readonly NamedPlugin[] = pluginNames.map((name) => ({ name, ...registry[name] }));

/** In the order they are asked: the first that refuses a cluster gives the reason. */
export const enabledPlugins = ({ plugins }: SchedulingSettings): readonly NamedPlugin[] =>
  plugins.size === all.length ? all : all.filter(({ name }) => plugins.has(name));
