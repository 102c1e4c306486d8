/** Which kubeconfig files count, read and merged; and which context is meant when none is named. */
import { join } from 'node:path';
import {
  type Kubeconfig,
  KubeconfigError,
  kubeconfigPaths,
  mergeKubeconfigs,
  parseKubeconfig,
} from '#client/kubeconfig.ts';
import { diskFault } from '#world/disk/fault.ts';
import type { Flags } from '#world/process/flags.ts';
import { CommandError } from '../failure.ts';
import type { Surroundings } from '../surroundings.ts';

/** The control plane's context, meant where nothing else is said. */
export const controlPlaneContext = 'karmada-apiserver';

/** In the user's kubeconfig folder, in this order: what the user has says which context is current. */
const defaultFiles = ['config', 'karmada.config', 'members.config'];

const kubeconfigFolder = ({ home }: Surroundings) => join(home, '.kube');

/** Throws KubeconfigError for what cannot be read, CommandError when there is none at all. */
export async function loadKubeconfig(around: Surroundings, flags: Flags): Promise<Kubeconfig> {
  const asked = flags.text('kubeconfig');
  if (asked !== '') return withContexts(await readFile(around, asked, true), [asked]);
  const listed = kubeconfigPaths(around.environment.KUBECONFIG ?? '');
  const paths = listed.length > 0 ? listed : defaultFiles.map((name) => join(kubeconfigFolder(around), name));
  return withContexts(mergeKubeconfigs(await Promise.all(paths.map((path) => readFile(around, path, false)))), paths);
}

function withContexts(config: Kubeconfig, paths: readonly string[]): Kubeconfig {
  if (config.contexts.size > 0) return config;
  throw new CommandError(
    `no cluster is configured in ${paths.join(', ')}: run "flotilla up", which writes one, or give --kubeconfig`,
  );
}

/** One file by itself, as `--cluster-kubeconfig` names it. */
export const readKubeconfig = (around: Surroundings, path: string): Promise<Kubeconfig> => readFile(around, path, true);

async function readFile({ disk }: Surroundings, path: string, required: boolean): Promise<Kubeconfig> {
  let text: string | undefined;
  try {
    text = await disk.readText(path);
  } catch (error) {
    throw new KubeconfigError(path, diskFault(error) ?? (error as Error).message);
  }
  if (text === undefined && required) throw new CommandError(`stat ${path}: no such file or directory`);
  return parseKubeconfig(text ?? '', path);
}

/** The context's name, which is certain to exist. */
export function chooseContext(config: Kubeconfig, asked: string): string {
  const name =
    asked || (config.contexts.has(controlPlaneContext) ? controlPlaneContext : (config.currentContext ?? ''));
  if (config.contexts.has(name)) return name;
  const known = [...config.contexts.keys()].join(', ');
  if (name === '')
    throw new CommandError(`no context is chosen: give --context, one of ${known}, or set current-context`);
  throw new CommandError(`no context exists with the name: "${name}"${known ? `; there are: ${known}` : ''}`);
}
