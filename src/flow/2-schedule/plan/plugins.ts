/** The registry of plugins, in the order they are asked: the first that refuses a cluster gives the reason. */
import { apiEnablement } from './filter/api-enablement.ts';
import { clusterAffinity } from './filter/cluster-affinity.ts';
import { clusterEviction } from './filter/cluster-eviction.ts';
import { spreadConstraint } from './filter/spread-constraint.ts';
import { taintToleration } from './filter/taint-toleration.ts';
import { workloadAffinity, workloadAntiAffinity } from './filter/workload-affinity.ts';
import type { Plugin } from './plugin.ts';
import { clusterLocality } from './score/cluster-locality.ts';
import type { SchedulingSettings } from './settings.ts';

const registry: readonly Plugin[] = [
  apiEnablement,
  taintToleration,
  clusterAffinity,
  spreadConstraint,
  clusterEviction,
  workloadAffinity,
  workloadAntiAffinity,
  clusterLocality,
];

export const enabledPlugins = ({ plugins }: SchedulingSettings): readonly Plugin[] =>
  plugins.size === registry.length ? registry : registry.filter(({ name }) => plugins.has(name));
