/** Discovery and table columns as one compact table: resources by group version, with their component and subresources. */
import { type ApiResource, type Facts, groupVersionPath, type TableColumn } from './facts.ts';

/** What is left out is the ordinary: the eight verbs, namespaced, no short names, the lower-case kind as singular. */
export interface ResourceRow {
  readonly name: string;
  readonly kind: string;
  readonly component: string;
  readonly cluster?: true;
  readonly singular?: string;
  readonly verbs?: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  /** [name, type, priority, format], ends left out when 0 and ''. */
  readonly columns?: readonly (readonly (string | number)[])[];
  readonly subresources?: readonly SubresourceRow[];
}

export interface SubresourceRow {
  readonly name: string;
  readonly kind: string;
  /** Of another group version: `policy/v1`. */
  readonly apiVersion?: string;
  readonly verbs: readonly string[];
}

export interface DiscoveryTable {
  readonly version: string;
  /** Preferred version first. */
  readonly groups: Readonly<Record<string, Readonly<Record<string, readonly ResourceRow[]>>>>;
}

const ordinaryVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

export function discoveryTable(facts: Facts): DiscoveryTable {
  const components = componentsByKind(facts);
  const groups: Record<string, Record<string, readonly ResourceRow[]>> = {};
  for (const { name, versions } of facts.groups) {
    const byVersion: Record<string, readonly ResourceRow[]> = {};
    groups[name] = byVersion;
    for (const version of versions) byVersion[version] = rowsOf(facts, name, version, components);
  }
  return { version: facts.version, groups };
}

/** `apps/v1/Deployment` -> component name. */
function componentsByKind(facts: Facts): ReadonlyMap<string, string> {
  const components = new Map<string, string>();
  for (const [name, schema] of Object.entries(facts.schemas)) {
    const kinds = (schema['x-kubernetes-group-version-kind'] ?? []) as readonly Record<string, string>[];
    for (const { group, version, kind } of kinds) components.set(`${group}/${version}/${kind}`, name);
  }
  return components;
}

function rowsOf(facts: Facts, group: string, version: string, components: ReadonlyMap<string, string>): ResourceRow[] {
  const path = groupVersionPath(group, version);
  const all = facts.resources[path] ?? [];
  return all
    .filter((resource) => !resource.name.includes('/'))
    .map((resource) => {
      const component = components.get(`${group}/${version}/${resource.kind}`);
      if (!component) throw new Error(`no schema for ${group}/${version} ${resource.kind}`);
      const subresources = all.filter((each) => each.name.startsWith(`${resource.name}/`)).map(subresourceRow);
      return {
        ...resourceRow(resource, component, facts.columns[`${path}/${resource.name}`]),
        ...(subresources.length > 0 ? { subresources } : {}),
      };
    });
}

function resourceRow(
  resource: ApiResource,
  component: string,
  columns: readonly TableColumn[] | undefined,
): ResourceRow {
  const { name, kind, singularName, namespaced, verbs, shortNames, categories } = resource;
  return {
    name,
    kind,
    component,
    ...(namespaced ? {} : { cluster: true }),
    ...(singularName === kind.toLowerCase() ? {} : { singular: singularName }),
    ...(verbs.join() === ordinaryVerbs.join() ? {} : { verbs }),
    ...(shortNames ? { shortNames } : {}),
    ...(categories ? { categories } : {}),
    ...(columns ? { columns: columns.map(columnRow) } : {}),
  };
}

function columnRow({ name, type, priority = 0, format = '' }: TableColumn): readonly (string | number)[] {
  if (format !== '') return [name, type, priority, format];
  return priority === 0 ? [name, type] : [name, type, priority];
}

function subresourceRow({ name, kind, group, version, verbs }: ApiResource): SubresourceRow {
  const apiVersion = version === undefined ? {} : { apiVersion: group ? `${group}/${version}` : version };
  return { name: name.slice(name.indexOf('/') + 1), kind, ...apiVersion, verbs };
}
