/**
 * Kubeconfig files as values: read, merged as client-go merges KUBECONFIG lists, resolved to what a client needs, and
 * written into without touching what is not ours. Text in, text out: who calls has the files.
 */
import type { JsonObject } from '#kube/meta/object.ts';
import { parseYaml } from '#kube/yaml/yaml.ts';
import { type ClusterAccess, clusterAccess } from './kubeconfig/access.ts';
import { type KubeconfigEntry, KubeconfigError, readEntries, textField } from './kubeconfig/entries.ts';

export type { ClusterAccess } from './kubeconfig/access.ts';
export { KubeconfigError } from './kubeconfig/entries.ts';
export { mergeIntoKubeconfig, removeFromKubeconfig } from './kubeconfig/write.ts';

export interface Kubeconfig {
  readonly currentContext?: string;
  readonly contexts: ReadonlyMap<string, KubeconfigEntry>;
  readonly clusters: ReadonlyMap<string, KubeconfigEntry>;
  readonly users: ReadonlyMap<string, KubeconfigEntry>;
}

/** `path` is where the text came from: relative paths in it begin there, and errors name it. An empty text is an empty kubeconfig. */
export function parseKubeconfig(text: string, path: string): Kubeconfig {
  const document = parseDocument(text, path);
  const current = textField(document, 'current-context', path);
  return {
    ...(current ? { currentContext: current } : {}),
    contexts: readEntries(document, 'contexts', 'context', path),
    clusters: readEntries(document, 'clusters', 'cluster', path),
    users: readEntries(document, 'users', 'user', path),
  };
}

/** The mapping a kubeconfig is. Throws KubeconfigError on anything else. */
function parseDocument(text: string, path: string): JsonObject {
  let document: unknown;
  try {
    document = parseYaml(text);
  } catch (error) {
    throw new KubeconfigError(path, `it is not YAML: ${(error as Error).message}`);
  }
  if (document === null || document === undefined) return {};
  if (typeof document !== 'object' || Array.isArray(document)) throw new KubeconfigError(path, 'it is not a mapping');
  const { kind } = document as JsonObject;
  if (kind !== undefined && kind !== 'Config')
    throw new KubeconfigError(path, `its kind is ${JSON.stringify(kind)}, not Config`);
  return document as JsonObject;
}

/** As client-go: the first file that names something decides it; the first current-context that is set counts. */
export function mergeKubeconfigs(configs: readonly Kubeconfig[]): Kubeconfig {
  const first = (pick: (config: Kubeconfig) => ReadonlyMap<string, KubeconfigEntry>) =>
    new Map([...configs].reverse().flatMap((config) => [...pick(config)]));
  const currentContext = configs.find((config) => config.currentContext)?.currentContext;
  return {
    ...(currentContext ? { currentContext } : {}),
    contexts: first((config) => config.contexts),
    clusters: first((config) => config.clusters),
    users: first((config) => config.users),
  };
}

/** The files of a KUBECONFIG value, empty parts left out; duplicates once. */
export function kubeconfigPaths(list: string, separator = ':'): readonly string[] {
  return [...new Set(list.split(separator).filter((path) => path !== ''))];
}

export interface ResolvedContext {
  readonly name: string;
  /** Of the context; `default` when it names none. */
  readonly namespace: string;
  readonly access: ClusterAccess;
}

/** What it takes to talk to a context's cluster; without a name, to the current context's. Throws KubeconfigError. */
export function resolveContext(config: Kubeconfig, name = config.currentContext): ResolvedContext {
  if (!name) throw new KubeconfigError('kubeconfig', 'no context is chosen: give --context or set current-context');
  const context = config.contexts.get(name);
  if (!context) {
    const known = [...config.contexts.keys()].join(', ') || 'none';
    throw new KubeconfigError('kubeconfig', `context "${name}" does not exist; there are: ${known}`);
  }
  const clusterName = textField(context.fields, 'cluster', context.file) ?? '';
  const userName = textField(context.fields, 'user', context.file) ?? '';
  const cluster = config.clusters.get(clusterName);
  const user = config.users.get(userName);
  if (!cluster)
    throw new KubeconfigError(context.file, `context "${name}" names cluster "${clusterName}", which does not exist`);
  if (userName && !user)
    throw new KubeconfigError(context.file, `context "${name}" names user "${userName}", which does not exist`);
  return {
    name,
    namespace: textField(context.fields, 'namespace', context.file) || 'default',
    access: clusterAccess(cluster, user),
  };
}
