/** Evidence in the folder of its plan: as it was before anything was written, and when it was last verified. */
import type { Disk } from '#world/disk/disk.ts';
import type { Evidence } from './evidence.ts';

export type Moment = 'before' | 'after';

const pathOf = (folder: string, moment: Moment) => `${folder}/evidence/${moment}.json`;

/** Identities and hashes: for people and version control as the rest of the folder. */
const mode = 0o644;

export async function writeEvidence(disk: Disk, folder: string, moment: Moment, evidence: Evidence): Promise<void> {
  await disk.makeDirectory(`${folder}/evidence`);
  await disk.write(pathOf(folder, moment), `${JSON.stringify(evidence, undefined, 1)}\n`, { mode });
}

/** Undefined where none was taken. Throws with the file's name for what is no evidence. */
export async function readEvidence(disk: Disk, folder: string, moment: Moment): Promise<Evidence | undefined> {
  const path = pathOf(folder, moment);
  const text = await disk.readText(path);
  if (text === undefined) return undefined;
  try {
    const found = JSON.parse(text) as Partial<Evidence>;
    if (Array.isArray(found.objects)) return found as Evidence;
  } catch {
    // Told below, like any other content.
  }
  throw new Error(`${path} is no evidence any more: it was changed or cut short; take it from version control again`);
}
