/**
 * What a component's Pod would run: its command as a program of this process, with the settings its flags mean, or with
 * what such a program prints before it ends. Pure.
 */
import type { Pod } from '#apis/kubernetes/types.ts';
import { systemNamespace } from '#apis/names/objects.ts';
import { type ComponentSettings, parseComponentFlags } from '../components/flags.ts';
import { isRunnable, type RunnableName } from './components.ts';

export type ComponentProcess =
  | {
      readonly component: RunnableName;
      readonly settings: ComponentSettings[RunnableName];
      /** Flags that are accepted and mean nothing any more. */
      readonly warnings: readonly string[];
      readonly failure?: undefined;
    }
  | {
      readonly component: RunnableName;
      readonly settings?: undefined;
      readonly warnings?: undefined;
      /** What it prints before it ends. */
      readonly failure: string;
    };

/** Which component's Pod this is, by its `app` label as the Deployment's selector has it. */
export function componentOf({ metadata }: Pick<Pod, 'metadata'>): RunnableName | undefined {
  const app = metadata.labels?.app;
  return metadata.namespace === systemNamespace && isRunnable(app) ? app : undefined;
}

/** Undefined for Pods that are no component's. */
export function processOf(pod: Pick<Pod, 'metadata' | 'spec'>): ComponentProcess | undefined {
  const component = componentOf(pod);
  if (!component) return undefined;
  const { containers } = pod.spec;
  const { command = [], args = [] } = containers.find(({ name }) => name === component) ?? containers[0]!;
  const [program = '', ...rest] = [...command, ...args];
  if (nameOf(program) !== component) return { component, failure: noSuchProgram(program) };
  const parsed = parseComponentFlags(component, rest);
  if ('error' in parsed) return { component, failure: parsed.error };
  return { component, settings: parsed.settings, warnings: parsed.warnings };
}

/** `/bin/karmada-scheduler` and `karmada-scheduler` are the same program. */
const nameOf = (program: string): string => program.slice(program.lastIndexOf('/') + 1);

/** As container runtimes say it. */
const noSuchProgram = (program: string): string =>
  `exec: ${JSON.stringify(program)}: no such file or directory: there is only this component's own program here`;
