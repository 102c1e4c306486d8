/** Discovery documents from kinds: the separate ones (APIGroupList, APIResourceList) and the aggregated one. */
import type { KindDefinition } from '#kube/kind/definition.ts';
import type { JsonObject } from '#kube/meta/object.ts';
import { sha256 } from '#world/certificates/digest.ts';
import { compareVersions } from '../registry/kinds/versions.ts';
import { compareGroups } from './order.ts';
import { type Connects, type DiscoveredSubresource, subresourcesOf } from './subresources.ts';

export interface ServedVersion {
  readonly version: string;
  /** In order of name. */
  readonly kinds: readonly KindDefinition[];
}

export interface ServedGroup {
  readonly group: string;
  /** Most preferred first. */
  readonly versions: readonly ServedVersion[];
}

const byName = (left: KindDefinition, right: KindDefinition) => (left.resource < right.resource ? -1 : 1);

export function servedGroups(kinds: readonly KindDefinition[]): readonly ServedGroup[] {
  const groups = new Map<string, Map<string, KindDefinition[]>>();
  for (const kind of kinds) {
    const versions = groups.get(kind.group) ?? new Map<string, KindDefinition[]>();
    groups.set(kind.group, versions);
    versions.set(kind.version, [...(versions.get(kind.version) ?? []), kind]);
  }
  return [...groups.keys()].sort(compareGroups).map((group) => ({
    group,
    versions: [...groups.get(group)!.entries()]
      .map(([version, members]) => ({ version, kinds: members.sort(byName) }))
      .sort((left, right) => compareVersions(left.version, right.version)),
  }));
}

const groupVersionText = (group: string, version: string) => (group === '' ? version : `${group}/${version}`);

const optional = (field: string, values: readonly string[]) => (values.length > 0 ? { [field]: values } : {});

/** Names the stored form: the same for all versions of a kind that are stored as one. */
function storageVersionHash({ group, version, kind }: KindDefinition): string {
  return sha256(`${group}/${version}/${kind}`).subarray(0, 8).toString('base64');
}

/** `storage`: the kind in the version that is stored. */
function resourceEntries(kind: KindDefinition, storage: KindDefinition, connects: Connects): JsonObject[] {
  const own: JsonObject = {
    name: kind.resource,
    singularName: kind.singular,
    namespaced: kind.namespaced,
    kind: kind.kind,
    verbs: kind.verbs,
    ...optional('shortNames', kind.shortNames),
    ...optional('categories', kind.categories),
    ...(kind.stored === false ? {} : { storageVersionHash: storageVersionHash(storage) }),
  };
  const below = subresourcesOf(kind, connects).map((subresource) => ({
    name: `${kind.resource}/${subresource.name}`,
    singularName: '',
    namespaced: kind.namespaced,
    ...(subresource.foreign ? { group: subresource.kind.group, version: subresource.kind.version } : {}),
    kind: subresource.kind.kind,
    verbs: subresource.verbs,
  }));
  return [own, ...below];
}

/** `/api/v1`, `/apis/{group}/{version}`. */
export function resourceList(
  { group, versions }: ServedGroup,
  version: string,
  connects: Connects,
): JsonObject | undefined {
  const served = versions.find((candidate) => candidate.version === version);
  if (!served) return undefined;
  const storageOf = (kind: KindDefinition) => {
    for (const { kinds } of versions) {
      const found = kinds.find(({ resource }) => resource === kind.resource);
      if (found) return found;
    }
    return kind;
  };
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: groupVersionText(group, version),
    resources: served.kinds.flatMap((kind) => resourceEntries(kind, storageOf(kind), connects)),
  };
}

const versionEntry = (group: string, version: string) => ({ groupVersion: groupVersionText(group, version), version });

/** `/apis/{group}`. */
export function apiGroup({ group, versions }: ServedGroup): JsonObject {
  const entries = versions.map(({ version }) => versionEntry(group, version));
  return { kind: 'APIGroup', apiVersion: 'v1', ...groupBody(group, entries) };
}

const groupBody = (name: string, versions: readonly JsonObject[]) => ({
  name,
  versions,
  preferredVersion: versions[0],
});

/** `/apis`. */
export function groupList(groups: readonly ServedGroup[]): JsonObject {
  const listed = groups.filter(({ group }) => group !== '');
  return {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: listed.map(({ group, versions }) =>
      groupBody(
        group,
        versions.map(({ version }) => versionEntry(group, version)),
      ),
    ),
  };
}

/** `/api`. */
export function coreVersions(groups: readonly ServedGroup[], serverAddress: string): JsonObject {
  const core = groups.find(({ group }) => group === '');
  return {
    kind: 'APIVersions',
    versions: core?.versions.map(({ version }) => version) ?? [],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }],
  };
}

const subresourceEntry = ({ name, kind, verbs }: DiscoveredSubresource): JsonObject => ({
  subresource: name,
  responseKind: { ...kind },
  verbs,
});

function aggregatedResource(kind: KindDefinition, connects: Connects): JsonObject {
  const subresources = subresourcesOf(kind, connects).map(subresourceEntry);
  return {
    resource: kind.resource,
    responseKind: { group: kind.group, version: kind.version, kind: kind.kind },
    scope: kind.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: kind.singular,
    verbs: kind.verbs,
    ...optional('shortNames', kind.shortNames),
    ...optional('categories', kind.categories),
    ...(subresources.length > 0 ? { subresources } : {}),
  };
}

/** APIGroupDiscoveryList of the groups given: the core group for `/api`, the others for `/apis`. */
export function aggregatedList(groups: readonly ServedGroup[], apiVersion: string, connects: Connects): JsonObject {
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion,
    metadata: {},
    items: groups.map(({ group, versions }) => ({
      metadata: { ...(group === '' ? {} : { name: group }), creationTimestamp: null },
      versions: versions.map(({ version, kinds }) => ({
        version,
        resources: kinds.map((kind) => aggregatedResource(kind, connects)),
        freshness: 'Current',
      })),
    })),
  };
}
