/**
 * Evidence in the folder of its plan: as it was before anything was written, and when it was last verified. Each file
 * is sealed with the control plane's key, so that one that was edited is told.
 */
import type { Disk } from '#world/disk/disk.ts';
import type { EvidenceSet } from './evidence.ts';
import type { EvidenceKey } from './key.ts';

export type Moment = 'before' | 'after';

/** Another format is read by the release that wrote it. */
const format = 2;

export const evidencePath = (folder: string, moment: Moment): string => `${folder}/evidence/${moment}.json`;

/** Identities and hashes: for people and version control as the rest of the folder. */
const mode = 0o644;

/** Raised for a file that is no evidence, or not the evidence that was taken. */
class NoEvidence extends Error {
  override readonly name = 'NoEvidence';
}

const head = ({ plan, key, takenAt, unseen }: EvidenceSet): string =>
  JSON.stringify({ format, plan, key, takenAt, unseen });

/** Seals what stands in the lines, however they were read. */
function sealFor(set: EvidenceSet, lines: readonly (readonly string[])[], key: EvidenceKey): string {
  const clusters = set.clusters.map(({ cluster, takenAt }, i) => [JSON.stringify({ cluster, takenAt }), ...lines[i]!]);
  return key.seal([head(set), ...clusters.flat()].join('\n'));
}

const linesOf = ({ clusters }: EvidenceSet): readonly (readonly string[])[] =>
  clusters.map(({ objects }) => objects.map((object) => JSON.stringify(object)));

/** A line for each object, so that version control shows what differs. Answers the text that is in the file now. */
export async function writeEvidence(
  disk: Disk,
  folder: string,
  moment: Moment,
  set: EvidenceSet,
  key: EvidenceKey,
): Promise<string> {
  const lines = linesOf(set);
  const clusters = set.clusters.map(
    ({ cluster, takenAt }, i) =>
      `{"cluster":${JSON.stringify(cluster)},"takenAt":${JSON.stringify(takenAt)},"objects":[\n${lines[i]!.join(',\n')}\n]}`,
  );
  const text = `${head(set).slice(0, -1)},"seal":"${sealFor(set, lines, key)}","clusters":[\n${clusters.join(',\n')}\n]}\n`;
  await disk.makeDirectory(`${folder}/evidence`);
  await disk.write(evidencePath(folder, moment), text, { mode });
  return text;
}

export interface StoredEvidence {
  readonly set: EvidenceSet;
  readonly text: string;
}

type Stored = Partial<EvidenceSet> & { readonly format?: number; readonly seal?: string; readonly objects?: unknown };

function parsed(text: string): Stored | undefined {
  try {
    return JSON.parse(text) as Stored;
  } catch {
    return undefined;
  }
}

export const hasEvidence = async (disk: Disk, folder: string, moment: Moment): Promise<boolean> =>
  (await disk.readText(evidencePath(folder, moment))) !== undefined;

/** Undefined where none was taken. Throws NoEvidence with the file's name and what to do. */
export async function readEvidence(
  disk: Disk,
  folder: string,
  moment: Moment,
  key: EvidenceKey,
): Promise<StoredEvidence | undefined> {
  const path = evidencePath(folder, moment);
  const text = await disk.readText(path);
  if (text === undefined) return undefined;
  const found = parsed(text);
  if (found?.format === undefined && Array.isArray(found?.objects)) {
    throw new NoEvidence(
      `${path} was written by an earlier release, without hashes of fields: verify with that release, or roll back and apply again`,
    );
  }
  if (found?.format !== undefined && found.format !== format) {
    throw new NoEvidence(`${path} is evidence of format ${found.format}, and this release reads format ${format}`);
  }
  if (!Array.isArray(found?.clusters) || !Array.isArray(found.unseen)) {
    throw new NoEvidence(`${path} is no evidence any more: it was changed or cut short; ${mend}`);
  }
  const { format: _, seal, ...rest } = found;
  const set = rest as EvidenceSet;
  if (set.key !== key.id) {
    throw new NoEvidence(`${path} was taken with the key of another control plane; name that one with --context`);
  }
  if (seal !== sealFor(set, linesOf(set), key)) {
    throw new NoEvidence(`${path} is not what was taken: it was changed by hand; ${mend}`);
  }
  return { set, text };
}

const mend = 'take it from version control or a backup again';
