/** What the components of a control plane run with: as it was given, as their Deployments in karmada-host show it, else the defaults. */
import { Deployments } from '#apis/kubernetes/types.ts';
import { systemNamespace } from '#apis/names/objects.ts';
import { StatusError } from '#kube/status/status.ts';
import type { RehearsedComponent, RehearsedFlags } from '#migrate/rehearse/sandbox.ts';
import { assumedFlags, type SchedulerFlags } from '#migrate/why/schedule.ts';
import type { Call } from '../command.ts';
import { CommandError } from '../failure.ts';
import { openCluster } from './cluster.ts';
import type { Session } from './session.ts';

/** The context of the cluster in which the components run, as the reference's set-up names it. */
const hostContext = 'karmada-host';

const flagNames: Readonly<Record<RehearsedComponent, string>> = {
  'karmada-controller-manager': 'controller-manager-flags',
  'karmada-scheduler': 'scheduler-flags',
};
const components = Object.keys(flagNames) as RehearsedComponent[];

export interface KnownFlags {
  readonly flags: RehearsedFlags;
  /** In words: what was assumed. */
  readonly notes: readonly string[];
}

/** Throws CommandError for given flags that a component does not understand. */
export async function rehearsedFlags(call: Call, controlPlane: Session): Promise<KnownFlags> {
  const { parseComponentFlags } = await import('#app/components/flags.ts');
  const notes: string[] = [];
  const of = async (name: RehearsedComponent): Promise<readonly string[]> => {
    const given = call.flags.text(flagNames[name]).split(/\s+/).filter(Boolean);
    if (given.length > 0) {
      const parsed = parseComponentFlags(name, given);
      if ('error' in parsed) throw new CommandError(`--${flagNames[name]}: ${parsed.error}`);
      return given;
    }
    const shown = await flagsShown(call, controlPlane, name);
    const error = shown && parseComponentFlags(name, shown);
    if (shown && error && !('error' in error)) return shown;
    const why =
      error && 'error' in error ? `its flags cannot be used here (${error.error})` : 'its flags cannot be read';
    notes.push(`${name}: ${why}; the rehearsal runs it with the defaults, or with --${flagNames[name]}`);
    return [];
  };
  const [manager, scheduler] = await Promise.all(components.map(of));
  return { flags: { 'karmada-controller-manager': manager!, 'karmada-scheduler': scheduler! }, notes };
}

/** Of karmada-scheduler, for who works its verdicts out; the defaults where they cannot be read, and it is said why. */
export async function schedulerFlagsShown(call: Call, controlPlane: Session): Promise<SchedulerFlags> {
  const name = 'karmada-scheduler';
  const shown = await flagsShown(call, controlPlane, name);
  const where = `its Deployment in ${systemNamespace} of ${hostContext}`;
  if (!shown) return { ...assumedFlags, taken: `${assumedFlags.taken} (${where} cannot be read)` };
  const { parseComponentFlags } = await import('#app/components/flags.ts');
  const parsed = parseComponentFlags(name, shown);
  if ('error' in parsed)
    return { ...assumedFlags, taken: `${assumedFlags.taken} (${where} has what is not understood: ${parsed.error})` };
  const { plugins, emptyWorkloads, gates, schedulerName } = parsed.settings;
  return {
    settings: { plugins, emptyWorkloads, gates },
    schedulerName,
    taken: `flags and gates of ${name} as ${where} has them`,
  };
}

/** Undefined where nobody shows them: there is no such context, nobody answers, or it has no such Deployment. */
async function flagsShown(
  call: Call,
  controlPlane: Session,
  name: RehearsedComponent,
): Promise<readonly string[] | undefined> {
  try {
    const { client } = await openCluster(call, controlPlane, hostContext);
    const deployment = await client.resource(Deployments).get({ namespace: systemNamespace, name });
    const { containers } = deployment.spec.template.spec;
    const { command = [], args = [] } = containers.find((each) => each.name === name) ?? containers[0] ?? {};
    return [...command, ...args].filter((word) => word.startsWith('-'));
  } catch (error) {
    if (error instanceof CommandError || error instanceof StatusError) return undefined;
    throw error;
  }
}
