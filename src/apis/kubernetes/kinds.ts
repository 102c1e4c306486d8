/** The built-in kinds as definitions a server can serve; a kind's schema is decoded when it is first asked for. */
import { resourceVerbs } from '#apis/define.ts';
import { nativeBehaviour } from '#apis/kubernetes/native/index.ts';
import type { Column, KindDefinition, ScaleSubresource, Subresource } from '#kube/kind/definition.ts';
import { parseApiVersion } from '#kube/meta/kind.ts';
import type { Schema } from '#kube/schema/schema.ts';
import { builtinComponent, builtinResources, type ResourceRow, type SubresourceRow } from './tables.ts';

/** The selector path leads to a LabelSelector (a plain map in ReplicationControllers), which Scale writes as text. */
const scale: ScaleSubresource = {
  specReplicasPath: '.spec.replicas',
  statusReplicasPath: '.status.replicas',
  labelSelectorPath: '.spec.selector',
};

let definitions: readonly KindDefinition[] | undefined;
let byName: ReadonlyMap<string, KindDefinition> | undefined;

/** Every kind that has a resource of its own, in discovery's order: core first, of each group the preferred version first. */
export function builtinKinds(): readonly KindDefinition[] {
  definitions ??= Object.entries(builtinResources).flatMap(([group, versions]) =>
    Object.entries(versions).flatMap(([version, rows]) => rows.map((row) => definitionOf(group, version, row))),
  );
  return definitions;
}

export function builtinKind(group: string, version: string, kind: string): KindDefinition | undefined {
  byName ??= new Map(builtinKinds().map((each) => [`${each.group}/${each.version}/${each.kind}`, each]));
  return byName.get(`${group}/${version}/${kind}`);
}

function definitionOf(group: string, version: string, row: ResourceRow): KindDefinition {
  const { name, kind, component, verbs = resourceVerbs } = row;
  return {
    group,
    version,
    kind,
    resource: name,
    namespaced: row.cluster !== true,
    listKind: `${kind}List`,
    singular: row.singular ?? kind.toLowerCase(),
    shortNames: row.shortNames ?? [],
    categories: row.categories ?? [],
    verbs,
    get schema(): Schema {
      return builtinComponent(component);
    },
    columns: (row.columns ?? []).map(columnOf),
    subresources: subresourcesOf(row.subresources ?? []),
    // What cannot be updated is an answer, not an object.
    stored: verbs.includes('update'),
    protobuf: true,
    native: nativeBehaviour(group, kind),
  };
}

function columnOf([name, type, priority = 0, format]: readonly [string, string, number?, string?]): Column {
  return { name, type, priority, ...(format === undefined ? {} : { format }) };
}

function subresourcesOf(rows: readonly SubresourceRow[]): KindDefinition['subresources'] {
  const others = rows.filter(({ name }) => name !== 'status' && name !== 'scale').map(subresourceOf);
  return {
    ...(rows.some(({ name }) => name === 'status') ? { status: true } : {}),
    ...(rows.some(({ name }) => name === 'scale') ? { scale } : {}),
    ...(others.length > 0 ? { others } : {}),
  };
}

function subresourceOf({ name, kind, apiVersion, verbs }: SubresourceRow): Subresource {
  return { name, kind, verbs, ...(apiVersion === undefined ? {} : parseApiVersion(apiVersion)) };
}
