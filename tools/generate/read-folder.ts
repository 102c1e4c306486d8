/** Reads the facts from a folder where a kube-apiserver's answers were kept (`kubernetes-v1.35.3/`). */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ApiResource, Facts, OpenApiSchema, TableColumn } from './facts.ts';

interface Discovery {
  readonly groups: { readonly groups: readonly DiscoveredGroup[] };
  readonly resources: Readonly<Record<string, { readonly resources: readonly ApiResource[] }>>;
}

interface DiscoveredGroup {
  readonly name: string;
  readonly versions: readonly { readonly version: string }[];
  readonly preferredVersion: { readonly version: string };
}

export function readFolder(folder: string): Facts {
  const read = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const discovery = read('discovery.json') as Discovery;
  const version = /v\d+\.\d+\.\d+/.exec(basename(folder))?.[0];
  if (!version) throw new Error(`the folder's name does not say which Kubernetes it is of: ${folder}`);
  return {
    version,
    schemas: read('schemas.json') as Readonly<Record<string, OpenApiSchema>>,
    groups: [{ name: '', versions: ['v1'] }, ...discovery.groups.groups.map(groupOf)],
    resources: Object.fromEntries(
      Object.entries(discovery.resources).map(([path, list]) => [path, list.resources] as const),
    ),
    columns: read('table-columns.json') as Readonly<Record<string, readonly TableColumn[]>>,
    bootstrapRbac: read('bootstrap-rbac.json'),
  };
}

function groupOf(group: DiscoveredGroup): { name: string; versions: readonly string[] } {
  const preferred = group.preferredVersion.version;
  const others = group.versions.map((each) => each.version).filter((version) => version !== preferred);
  return { name: group.name, versions: [preferred, ...others] };
}
