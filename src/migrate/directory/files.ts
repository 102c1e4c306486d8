/**
 * A plan as a folder that people read, review and commit: README.md, plan.yaml, the templates by wave, namespace and kind, the
 * policies by wave. The data of Secrets is in none of them. Pure.
 */
import type { Policy } from '#apis/policy/matching.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { toYaml } from '#kube/yaml/yaml.ts';
import type { MigrationPlan, PlannedObject } from '../model.ts';
import { type ReadmeContent, readmeOf } from '../review/readme.ts';
import { isSecret, withoutSecretData } from './secret-data.ts';

export const planFile = 'plan.yaml';
export const readmeFile = 'README.md';

export interface PlanFile {
  /** With `/` between folders. */
  readonly path: string;
  readonly text: string;
}

export interface PlanContent extends ReadmeContent {
  /** By position in `plan.objects`. */
  readonly templates: readonly (UnstructuredObject | undefined)[];
  readonly policies: readonly { readonly wave: number; readonly policy: Policy }[];
}

/** Cluster-wide objects have a folder beside those of the namespaces; no namespace may begin like it. */
const clusterWide = '_cluster';

const folderOf = (wave: number, plan: MigrationPlan): string =>
  `${String(wave).padStart(2, '0')}-${plan.waves[wave - 1]!.title}`;

function templateFile(object: PlannedObject, plan: MigrationPlan): string | undefined {
  if (object.wave === undefined) return undefined;
  const kind = object.apiVersion.includes('/') ? `${object.kind}.${object.apiVersion.split('/')[0]}` : object.kind;
  return `templates/${folderOf(object.wave, plan)}/${object.namespace ?? clusterWide}/${kind.toLowerCase()}.yaml`;
}

const secretNote = (secret: UnstructuredObject, cluster: string): string =>
  `# Secret ${secret.metadata.name}: its data (${Object.keys((secret.data ?? {}) as object).join(', ') || 'none'}) is read from ${cluster} when the plan is applied.\n`;

const documentOf = (template: UnstructuredObject, cluster: string): string =>
  isSecret(template) ? secretNote(template, cluster) + toYaml(withoutSecretData(template)) : toYaml(template);

const documents = (texts: readonly string[]): string => texts.join('---\n');

/** plan.yaml comes last: a folder without it is no plan. */
export function filesOf({ plan, templates, policies, unread = [] }: PlanContent): readonly PlanFile[] {
  const cluster = plan.spec.from.cluster;
  const texts = new Map<string, string[]>();
  const add = (path: string, text: string) => {
    const list = texts.get(path);
    if (list) list.push(text);
    else texts.set(path, [text]);
  };
  const objects = plan.objects.map((object, i): PlannedObject => {
    const path = templateFile(object, plan);
    if (path === undefined) return object;
    add(path, documentOf(templates[i]!, cluster));
    return { ...object, file: path };
  });
  for (const { wave, policy } of policies) add(`policies/${folderOf(wave, plan)}.yaml`, toYaml(policy));
  const files = [...texts].map(([path, parts]) => ({ path, text: documents(parts) }));
  const readme = { path: readmeFile, text: readmeOf({ plan, unread }) };
  return [...files, readme, { path: planFile, text: toYaml({ ...plan, objects }) }];
}
