/** Finds a set of stages by name in the folder that holds them. */

import { readStages } from '#workloads/pods/life/read-stages.ts';
import type { StageSet } from '#workloads/pods/life/stages.ts';
import type { Disk } from '#world/disk/disk.ts';

/** `name` is that of a file in `folder` without `.yaml`. Throws RangeError when there is none, or it is none. */
export async function loadStages(disk: Disk, folder: string, name: string): Promise<StageSet> {
  const text = await disk.readText(`${folder}/${name}.yaml`);
  if (text !== undefined) return readStages(name, text);
  const files = (await disk.list(folder)) ?? [];
  const known = files.filter((file) => file.endsWith('.yaml')).map((file) => file.slice(0, -'.yaml'.length));
  throw new RangeError(`no stages are called "${name}"; there are: ${known.join(', ') || 'none'}`);
}
