/**
 * What a component's Pod would run: its command as a program of this process, with the settings its flags mean, or with
 * what such a program prints before it ends. Pure.
 */
import type { Pod } from '#apis/kubernetes/types.ts';
import { systemNamespace } from '#apis/names/objects.ts';
import { type ComponentSettings, parseComponentFlags } from '../components/flags.ts';
import { isRunnable, type RunnableName } from './components.ts';

type PodLike = Pick<Pod, 'metadata' | 'spec'>;

export interface ComponentProcess {
  readonly component: RunnableName;
  /** Flags that are accepted and mean nothing any more. */
  readonly warnings: readonly string[];
  /** What it prints before it ends; absent when it runs. */
  readonly failure?: string;
}

/** Which component's Pod this is, by its `app` label as the Deployment's selector has it. */
export function componentOf({ metadata }: Pick<Pod, 'metadata'>): RunnableName | undefined {
  const app = metadata.labels?.app;
  return metadata.namespace === systemNamespace && isRunnable(app) ? app : undefined;
}

/** Undefined for Pods that are no component's. */
export function processOf(pod: PodLike): ComponentProcess | undefined {
  const component = componentOf(pod);
  if (!component) return undefined;
  const [program = '', ...args] = commandLine(component, pod);
  if (nameOf(program) !== component) return { component, warnings: [], failure: noSuchProgram(program) };
  const parsed = parseComponentFlags(component, args);
  if ('error' in parsed) return { component, warnings: [], failure: parsed.error };
  return { component, warnings: parsed.warnings };
}

/** Of a Pod whose process does not fail. */
export function settingsOf<Name extends RunnableName>(component: Name, pod: PodLike): ComponentSettings[Name] {
  const parsed = parseComponentFlags(component, commandLine(component, pod).slice(1));
  if ('error' in parsed) throw new Error(`${component} does not understand its flags: ${parsed.error}`);
  return parsed.settings;
}

/** The container of the component's name, else the first. */
function commandLine(component: RunnableName, { spec }: PodLike): readonly string[] {
  const { command = [], args = [] } = spec.containers.find(({ name }) => name === component) ?? spec.containers[0]!;
  return [...command, ...args];
}

/** `/bin/karmada-scheduler` and `karmada-scheduler` are the same program. */
const nameOf = (program: string): string => program.slice(program.lastIndexOf('/') + 1);

/** As container runtimes say it. */
const noSuchProgram = (program: string): string =>
  `exec: ${JSON.stringify(program)}: no such file or directory: there is only this component's own program here`;
