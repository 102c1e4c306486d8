/** A plan's folder: written whole, read back and checked before anything is done by it. */
import type { Policy } from '#apis/policy/matching.ts';
import { keyFor } from '#kube/meta/key.ts';
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import { parseYaml, parseYamlDocuments } from '#kube/yaml/yaml.ts';
import { eachLimited } from '#runtime/each.ts';
import type { Disk } from '#world/disk/disk.ts';
import { type MigrationPlan, type PlannedObject, planApiVersion, titleOf } from '../model.ts';
import { isReadme } from '../review/readme.ts';
import { filesOf, type PlanContent, planFile, readmeFile } from './files.ts';

/** Raised for a folder that is no plan, or one that was changed so that it is none any more. */
class NotAPlan extends Error {
  override readonly name = 'NotAPlan';
}

const writtenAtATime = 16;
/** For people and version control: what the files hold is no secret. */
const mode = 0o644;

/** `replace`: a plan that is there already is made anew; otherwise it is refused. */
export async function writePlan(disk: Disk, folder: string, content: PlanContent, replace: boolean): Promise<void> {
  try {
    await write(disk, folder, content, replace);
  } catch (error) {
    const why = unwritable[(error as NodeJS.ErrnoException).code ?? ''];
    if (why === undefined) throw error;
    throw new NotAPlan(`the plan cannot be written to ${folder}: ${why}; choose another folder with --out`);
  }
}

/** By the disk's codes. */
const unwritable: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EEXIST: 'a file is in the way',
  ENOENT: 'it cannot be made there',
  ENOSPC: 'no space is left on the disk',
  ENOTDIR: 'a file is in the way',
  EPERM: 'permission denied',
  EROFS: 'it can only be read',
};

async function write(disk: Disk, folder: string, content: PlanContent, replace: boolean): Promise<void> {
  const there = await disk.readText(`${folder}/${planFile}`);
  if (there !== undefined && !replace) {
    throw new NotAPlan(`${folder} holds a plan already; choose another folder with --out, or replace it with --force`);
  }
  if (there !== undefined) {
    await disk.remove(`${folder}/${planFile}`);
    await disk.remove(`${folder}/templates`);
    await disk.remove(`${folder}/policies`);
  }
  const page = await disk.readText(`${folder}/${readmeFile}`);
  const isOthers = page !== undefined && !isReadme(page);
  const files = filesOf(content).filter(({ path }) => path !== readmeFile || !isOthers);
  const folders = new Set(files.map(({ path }) => path.split('/').slice(0, -1).join('/')));
  for (const each of folders) await disk.makeDirectory(each === '' ? folder : `${folder}/${each}`);
  const [last, ...others] = [...files].reverse();
  await eachLimited(others, writtenAtATime, ({ path, text }) => disk.write(`${folder}/${path}`, text, { mode }));
  await disk.write(`${folder}/${last!.path}`, last!.text, { mode });
}

export async function readPlan(disk: Disk, folder: string): Promise<MigrationPlan> {
  const text = await disk.readText(`${folder}/${planFile}`);
  if (text === undefined) {
    throw new NotAPlan(
      `${folder} holds no plan (no ${planFile}); make one with flotilla migrate plan --from CLUSTER --out ${folder}`,
    );
  }
  const plan = parsed(`${folder}/${planFile}`, () => parseYaml(text)) as unknown as MigrationPlan | null;
  if (plan?.kind !== 'MigrationPlan' || plan.apiVersion !== planApiVersion) {
    throw new NotAPlan(`${folder}/${planFile} is not a MigrationPlan of ${planApiVersion}`);
  }
  return plan;
}

/** People edit these files, and there are many. */
function parsed<T>(path: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new NotAPlan(`${path}: ${(error as Error).message}`);
  }
}

const identity = ({ apiVersion, kind, metadata }: KubeObject): string =>
  `${apiVersion}/${kind}/${keyFor(metadata.namespace, metadata.name!)}`;

async function documentsIn(disk: Disk, folder: string, path: string): Promise<readonly UnstructuredObject[]> {
  const text = await disk.readText(`${folder}/${path}`);
  if (text === undefined) throw new NotAPlan(`${folder}/${path} is missing; make the plan anew`);
  const found = parsed(`${folder}/${path}`, () => parseYamlDocuments(text)).filter((each) => each !== null);
  return found as unknown as readonly UnstructuredObject[];
}

/** The templates of some objects of the plan, as their files have them now; a Secret's is without its data. */
export async function readTemplates(
  disk: Disk,
  folder: string,
  objects: readonly PlannedObject[],
): Promise<readonly UnstructuredObject[]> {
  const paths = [...new Set(objects.map(({ file }) => file!))];
  const found = new Map<string, UnstructuredObject>();
  for (const path of paths) for (const each of await documentsIn(disk, folder, path)) found.set(identity(each), each);
  return objects.map((object) => {
    const template = found.get(`${object.apiVersion}/${object.kind}/${keyFor(object.namespace, object.name)}`);
    if (!template) throw new NotAPlan(`${folder}/${object.file} no longer has ${titleOf(object)}; make the plan anew`);
    return template;
  });
}

/** All policies, by wave. */
export async function readPolicies(
  disk: Disk,
  folder: string,
  plan: MigrationPlan,
): Promise<ReadonlyMap<number, readonly Policy[]>> {
  const names = (await disk.list(`${folder}/policies`)) ?? [];
  const byWave = new Map<number, readonly Policy[]>();
  for (const name of names) {
    const wave = Number.parseInt(name, 10);
    if (!plan.waves.some(({ number }) => number === wave)) continue;
    byWave.set(wave, (await documentsIn(disk, folder, `policies/${name}`)) as unknown as readonly Policy[]);
  }
  return byWave;
}
