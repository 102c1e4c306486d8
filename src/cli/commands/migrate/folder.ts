/** A plan's folder, as it is now. */
import type { ApplyOptions } from '#migrate/apply/options.ts';
import { readPlan, readPolicies, readTemplates } from '#migrate/directory/directory.ts';
import { planFile } from '#migrate/directory/files.ts';
import { isAdopted, type PlannedObject, referenceOf } from '#migrate/model.ts';
import { sha256 } from '#world/certificates/digest.ts';
import type { Call } from '../../command.ts';

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
