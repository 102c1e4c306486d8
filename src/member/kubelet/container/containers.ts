/** What is kept of running containers while their Pods live: their files, and what they have said of their own accord. */
import type { Container, Pod, Service } from '#apis/kubernetes/types.ts';
import type { Clock } from '#world/clock/clock.ts';
import { gunzipBytes, gzipBytes } from '#world/network/compress.ts';
import type { Machine } from '../shell/process.ts';
import { programs } from '../shell/programs/programs.ts';
import { type Environment, environmentOf, hostnameOf } from './environment.ts';
import { type FileTree, type FolderNode, fileTree, folder } from './files.ts';
import type { ObjectLookup } from './lookup.ts';
import type { ContainerRun } from './runs.ts';
import { systemFiles } from './system-files.ts';
import { mountVolumes } from './volumes.ts';

export interface RunningContainer {
  readonly machine: Machine;
  readonly env: Environment;
  readonly cwd: string;
}

export interface ContainersOptions {
  readonly clock: Clock;
  readonly lookupFor: (node: string) => ObjectLookup;
  readonly servicesIn: (namespace: string) => readonly Service[];
  readonly fetchFor: (pod: Pod) => Machine['fetch'];
}

export interface Containers {
  /** As a process started in it now finds it: volumes are as their objects are. */
  readonly enter: (pod: Pod, container: Container, run: ContainerRun) => Promise<RunningContainer>;
  /** A file tree that nobody else sees, for telling a container's past. */
  readonly apart: (pod: Pod, container: Container, run: ContainerRun) => Promise<RunningContainer>;
  readonly forget: (pod: Pod) => void;
}

/** Containers somebody has been in: the one left longest ago gives way, and loses what was written into it. */
const mostTrees = 200;

export function createContainers({ clock, lookupFor, servicesIn, fetchFor }: ContainersOptions): Containers {
  const trees = new Map<string, FileTree>();
  const volumes = new Map<string, FolderNode>();
  const names = [...programs.keys()];

  const sharedOf = (pod: Pod) => (volume: string) => {
    const key = `${pod.metadata.uid}/${volume}`;
    const known = volumes.get(key) ?? folder({}, false, clock.now());
    volumes.set(key, known);
    return known;
  };
  const makeTree = (pod: Pod, container: Container, run: ContainerRun): FileTree => {
    const readOnly = container.securityContext?.readOnlyRootFilesystem === true;
    return fileTree(systemFiles(pod, run.image, names, run.startedAt), clock.now, readOnly);
  };
  const treeOf = (pod: Pod, container: Container, run: ContainerRun): FileTree => {
    const tree = trees.get(run.id) ?? makeTree(pod, container, run);
    trees.delete(run.id);
    trees.set(run.id, tree);
    if (trees.size > mostTrees) trees.delete(trees.keys().next().value!);
    return tree;
  };
  const inside = async (
    pod: Pod,
    container: Container,
    run: ContainerRun,
    files: FileTree,
  ): Promise<RunningContainer> => {
    const lookup = lookupFor(pod.spec.nodeName ?? '');
    await mountVolumes(files, pod, container, lookup, sharedOf(pod));
    const env = await environmentOf(pod, container, servicesIn(pod.metadata.namespace ?? ''), lookup);
    const cwd = container.workingDir ?? '/';
    if (!files.find(cwd)) files.mount(cwd, folder({}, false, run.startedAt));
    return { machine: machineOf(pod, container, run, files), env, cwd };
  };
  const machineOf = (pod: Pod, container: Container, run: ContainerRun, files: FileTree): Machine => {
    const security = { ...pod.spec.securityContext, ...container.securityContext };
    const id = security.runAsUser ?? 0;
    return {
      files,
      clock,
      hostname: hostnameOf(pod),
      user: { name: id === 0 ? 'root' : String(id), id, group: security.runAsGroup ?? 0 },
      command: [...(container.command ?? []), ...(container.args ?? [])].join(' ') || `(${run.image})`,
      startedAt: run.startedAt,
      fetch: fetchFor(pod),
      gzip: gzipBytes,
      gunzip: gunzipBytes,
    };
  };
  return {
    enter: (pod, container, run) => inside(pod, container, run, treeOf(pod, container, run)),
    apart: (pod, container, run) => inside(pod, container, run, makeTree(pod, container, run)),
    forget: ({ metadata: { uid = '' } }) => {
      for (const id of trees.keys()) if (id.includes(uid)) trees.delete(id);
      for (const key of volumes.keys()) if (key.startsWith(`${uid}/`)) volumes.delete(key);
    },
  };
}
