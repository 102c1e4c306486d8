/** What an administrator sets of the scheduler: which plugins take part, and the features that are off by default. */

/** Every plugin by the name compatible configurations know it by, in the order they are asked. */
export const pluginNames = [
  'APIEnablement',
  'TaintToleration',
  'ClusterAffinity',
  'SpreadConstraint',
  'ClusterEviction',
  'WorkloadAffinity',
  'WorkloadAntiAffinity',
  'ClusterLocality',
] as const;
export type PluginName = (typeof pluginNames)[number];

export interface SchedulingSettings {
  readonly plugins: ReadonlySet<PluginName>;
  /** `--enable-empty-workload-propagation`: clusters that are selected and get no replicas are targets all the same. */
  readonly emptyWorkloads: boolean;
  /** Feature gates, by their names. */
  readonly gates: {
    readonly CustomizedClusterResourceModeling: boolean;
    readonly MultiplePodTemplatesScheduling: boolean;
    readonly WorkloadAffinity: boolean;
  };
}

/** The flags' and gates' defaults. */
export const defaultSettings: SchedulingSettings = {
  plugins: new Set(pluginNames),
  emptyWorkloads: false,
  gates: {
    CustomizedClusterResourceModeling: true,
    MultiplePodTemplatesScheduling: false,
    WorkloadAffinity: false,
  },
};

const isPlugin = (name: string): name is PluginName => (pluginNames as readonly string[]).includes(name);

/**
 * `--plugins`: `*` is all of them, a name one, `-Name` all but that one; a name with a minus counts only after
 * something that adds, as in the reference. Throws RangeError on a name that no plugin has.
 */
export function parsePlugins(list: readonly string[]): ReadonlySet<PluginName> {
  const enabled = new Set<PluginName>(list.includes('*') ? pluginNames : []);
  for (const item of list) {
    if (item === '*') continue;
    const name = item.replace(/^-+/, '');
    if (!isPlugin(name)) {
      throw new RangeError(`unknown scheduler plugin "${name}"; plugins are ${pluginNames.join(', ')}`);
    }
    if (name === item) enabled.add(name);
    else enabled.delete(name);
  }
  return enabled;
}
