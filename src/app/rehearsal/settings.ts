/** What the components of a rehearsal run with: the real ones' flags, as far as they matter to a copy. Pure. */
import type { RehearsedComponent, RehearsedFlags } from '#migrate/rehearse/sandbox.ts';
import { type ComponentSettings, parseComponentFlags } from '../components/flags.ts';

export type RehearsedSettings = Pick<ComponentSettings, RehearsedComponent>;

/** Bindings a second: simulated time costs nothing, looking at it does. */
const evictedPerSecond = 100;

/** Throws Error in the component's words for flags that it does not understand. */
export function settingsOf(flags: RehearsedFlags, evicts: boolean): RehearsedSettings {
  const of = <Name extends RehearsedComponent>(name: Name): ComponentSettings[Name] => {
    const parsed = parseComponentFlags(name, flags[name]);
    if ('error' in parsed) throw new Error(`${name}: ${parsed.error}`);
    return parsed.settings;
  };
  const manager = of('karmada-controller-manager');
  const purgeMode = manager.taintEviction?.purgeMode ?? 'Gracefully';
  const taintEviction = { purgeMode, perSecond: evictedPerSecond };
  // Estimators beside the control plane are not there; what they would answer is asked of the copies themselves.
  const { estimator: _, ...scheduler } = of('karmada-scheduler');
  return {
    'karmada-controller-manager': evicts || manager.taintEviction ? { ...manager, taintEviction } : manager,
    'karmada-scheduler': scheduler,
  };
}
