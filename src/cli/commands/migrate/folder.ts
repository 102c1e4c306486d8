/** A plan's folder, as it is now; and what the control plane knows of one that is lost. */
import { basename, resolve } from 'node:path';
import type { ApplyOptions } from '#migrate/apply/options.ts';
import { readPlan, readPolicies, readTemplates } from '#migrate/directory/directory.ts';
import { planFile } from '#migrate/directory/files.ts';
import { isAdopted, type MigrationPlan, type PlannedObject, referenceOf } from '#migrate/model.ts';
import type { Source } from '#migrate/reading/inventory.ts';
import { rebuiltPlan } from '#migrate/record/rebuild.ts';
import { readRecord } from '#migrate/record/store.ts';
import { sha256 } from '#world/certificates/digest.ts';
import { parseTimestamp } from '#world/clock/clock.ts';
import type { Disk } from '#world/disk/disk.ts';
import type { Call } from '../../command.ts';
import { CommandError } from '../../failure.ts';

export type FolderContent = Pick<ApplyOptions, 'plan' | 'hash' | 'templateOf' | 'policies'>;

export async function readFolder({ around: { disk } }: Call, folder: string): Promise<FolderContent> {
  const plan = await readPlan(disk, folder);
  const objects = plan.objects.filter(isAdopted);
  const templates = await readTemplates(disk, folder, objects);
  const byReference = new Map(objects.map((object, i) => [referenceOf(object), templates[i]!]));
  return {
    plan,
    hash: sha256((await disk.readText(`${folder}/${planFile}`)) ?? '').toString('hex'),
    templateOf: (object: PlannedObject) => byReference.get(referenceOf(object))!,
    policies: await readPolicies(disk, folder, plan),
  };
}

/** The name of the plan in a folder; of a folder that is lost the last part of its path, as plans are named. */
export async function planNameOf({ disk }: Pick<Call['around'], 'disk'>, given: string): Promise<string> {
  return (await hasPlan(disk, given)) ? (await readPlan(disk, resolve(given))).metadata.name : basename(given);
}

/** For a name that neither the folder nor the control plane knows anything of. */
export const unknownMigration = (given: string): CommandError =>
  new CommandError(
    `there is no folder ${given} with a plan, and no migration of that name in the control plane; flotilla migrate list names them`,
  );

export const hasPlan = async (disk: Disk, given: string): Promise<boolean> =>
  (await disk.readText(`${resolve(given)}/${planFile}`)) !== undefined;

/**
 * To go back by: the folder's plan, else what the control plane has of it by its record. One that was made anew since
 * the migration began is as old as that: what the earlier one made is the plan's too.
 */
export async function planToUndo({ around: { disk } }: Call, given: string, control: Source): Promise<MigrationPlan> {
  const isThere = await hasPlan(disk, given);
  const record = await readRecord(control.client, await planNameOf({ disk }, given));
  if (!record && !isThere) throw unknownMigration(given);
  if (!record || !isThere) return record ? rebuiltPlan(control, record) : readPlan(disk, resolve(given));
  const plan = await readPlan(disk, resolve(given));
  const { creationTimestamp: made } = plan.metadata;
  const creationTimestamp = parseTimestamp(record.startedAt) < parseTimestamp(made) ? record.startedAt : made;
  return { ...plan, metadata: { ...plan.metadata, creationTimestamp } };
}
