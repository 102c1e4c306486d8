/** The manifests of data/host: one file for each part, the workload first and what belongs to it after. */
import type { KubeObject } from '#kube/meta/object.ts';
import { parseYamlDocuments } from '#kube/yaml/yaml.ts';
import type { Disk } from '#world/disk/disk.ts';
import { programRoot } from '#world/process/root.ts';

/** Throws when the installation lacks the file. */
export async function manifestsOf(disk: Disk, part: string): Promise<readonly KubeObject[]> {
  const path = `${programRoot()}/data/host/${part}.yaml`;
  const text = await disk.readText(path);
  if (text === undefined) throw new Error(`${path} is missing: the program is not whole; install it again`);
  return parseYamlDocuments(text) as unknown as readonly KubeObject[];
}
