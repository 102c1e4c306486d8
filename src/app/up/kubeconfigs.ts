/** The kubeconfigs an installation writes: karmada.config for the control plane and its host, members.config for members. */

import type { ContextToWrite } from '#client/kubeconfig/write.ts';
import { mergeIntoKubeconfig } from '#client/kubeconfig.ts';
import type { Disk } from '#world/disk/disk.ts';
import { diskFault } from '#world/disk/fault.ts';
import type { ClusterIdentity } from './identity.ts';

const controlPlaneFile = 'karmada.config';
const membersFile = 'members.config';

export interface Reachable {
  readonly name: string;
  readonly url: string;
  readonly identity: ClusterIdentity;
}

const context = ({ name, url, identity }: Reachable): ContextToWrite => ({
  name,
  server: url,
  certificateAuthority: identity.authority.cert,
  clientCertificate: identity.admin.cert,
  clientKey: identity.admin.key,
});

export interface KubeconfigOptions {
  readonly disk: Disk;
  readonly folder: string;
  /** Entries of ours carry it, and only those are ever replaced. */
  readonly owner: string;
}

/** Throws KubeconfigError where a context of that name is somebody else's; nothing is written then. */
export async function writeKubeconfigs(
  { disk, folder, owner }: KubeconfigOptions,
  controlPlane: readonly Reachable[],
  members: readonly Reachable[],
): Promise<void> {
  const files = [
    [controlPlaneFile, controlPlane],
    [membersFile, members],
  ] as const;
  const texts = await Promise.all(
    files.map(async ([name, clusters]) => {
      const path = `${folder}/${name}`;
      const existing = await disk.readText(path);
      return { path, existing, text: mergeIntoKubeconfig(existing, clusters.map(context), { owner, path }) };
    }),
  );
  try {
    await disk.makeDirectory(folder);
    for (const { path, existing, text } of texts) if (text !== existing) await disk.write(path, text);
  } catch (error) {
    const fault = diskFault(error);
    throw fault ? new Error(`the folder ${folder} for kubeconfigs cannot be used: ${fault}`) : error;
  }
}
