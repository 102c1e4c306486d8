/** Discovery documents from kinds: the separate ones (APIGroupList, APIResourceList) and the aggregated one. */
import type { KindDefinition } from '#kube/kind/definition.ts';
import type { GroupVersionKind } from '#kube/meta/kind.ts';
import type { JsonObject } from '#kube/meta/object.ts';
import { sha256 } from '#world/certificates/digest.ts';
import { compareVersions } from '../registry/kinds/versions.ts';
import type { ForeignVersion, ServedGroup } from './groups.ts';
import { type DiscoveredSubresource, subresourcesOf } from './subresources.ts';

const groupVersionText = (group: string, version: string) => (group === '' ? version : `${group}/${version}`);

const optional = (field: string, values: readonly string[]) => (values.length > 0 ? { [field]: values } : {});

/** Kinds that are stored in a version that is not served, or in another group. */
const storedElsewhere: Readonly<Record<string, string>> = {
  'apiextensions.k8s.io/CustomResourceDefinition': 'apiextensions.k8s.io/v1beta1/CustomResourceDefinition',
  'events.k8s.io/Event': '/v1/Event',
  'storage.k8s.io/VolumeAttributesClass': 'storage.k8s.io/v1beta1/VolumeAttributesClass',
};

/** Names the stored form: the same for all versions of a kind that are stored as one. */
function storageVersionHash({
  group,
  version: highest,
  kind,
  storageVersion: version = highest,
}: KindDefinition): string {
  return sha256(storedElsewhere[`${group}/${kind}`] ?? `${group}/${version}/${kind}`)
    .subarray(0, 8)
    .toString('base64');
}

/** `storage`: the kind in the version that is stored. */
function resourceEntries(kind: KindDefinition, storage: KindDefinition): JsonObject[] {
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
  const below = subresourcesOf(kind).map((subresource) => ({
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
export function resourceList({ group, versions }: ServedGroup, version: string): JsonObject | undefined {
  const served = versions.find((candidate) => candidate.version === version);
  if (!served) return undefined;
  const byAge = [...versions].sort((left, right) => compareVersions(left.version, right.version));
  const storageOf = (kind: KindDefinition) => {
    for (const { kinds } of byAge) {
      const found = kinds.find(({ resource }) => resource === kind.resource);
      if (found) return found;
    }
    return kind;
  };
  return {
    kind: 'APIResourceList',
    // The core group is older than versions of lists.
    ...(group === '' ? {} : { apiVersion: 'v1' }),
    groupVersion: groupVersionText(group, version),
    resources: served.kinds.flatMap((kind) => resourceEntries(kind, storageOf(kind))),
  };
}

const versionEntry = (group: string, version: string) => ({ groupVersion: groupVersionText(group, version), version });

const groupBody = ({ group, versions }: ServedGroup) => {
  const entries = versions.map(({ version }) => versionEntry(group, version));
  return { name: group, versions: entries, preferredVersion: entries[0]! };
};

/** `/apis/{group}`. */
export const apiGroup = (group: ServedGroup): JsonObject => ({
  kind: 'APIGroup',
  apiVersion: 'v1',
  ...groupBody(group),
});

/** `/apis`. */
export const groupList = (groups: readonly ServedGroup[]): JsonObject => ({
  kind: 'APIGroupList',
  apiVersion: 'v1',
  groups: groups.filter(({ group }) => group !== '').map(groupBody),
});

/** `/api`. */
export function coreVersions(groups: readonly ServedGroup[], serverAddress: string): JsonObject {
  const core = groups.find(({ group }) => group === '');
  return {
    kind: 'APIVersions',
    versions: core?.versions.map(({ version }) => version) ?? [],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }],
  };
}

/** Built-in kinds leave unsaid what is said of the group version. */
const responseKind = ({ group, version, kind }: GroupVersionKind, unsaid: boolean): JsonObject =>
  unsaid ? { group: '', version: '', kind } : { group, version, kind };

const subresourceEntry =
  (native: boolean) =>
  ({ name, kind, foreign, verbs }: DiscoveredSubresource): JsonObject => ({
    subresource: name,
    responseKind: responseKind(kind, native && !foreign),
    verbs,
  });

function aggregatedResource(kind: KindDefinition): JsonObject {
  const native = kind.native !== undefined;
  const subresources = subresourcesOf(kind).map(subresourceEntry(native));
  return {
    resource: kind.resource,
    responseKind: responseKind(kind, native),
    scope: kind.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: kind.singular,
    verbs: kind.verbs,
    ...optional('shortNames', kind.shortNames),
    ...optional('categories', kind.categories),
    ...(subresources.length > 0 ? { subresources } : {}),
  };
}

const foreignVersion = ({ version, resources, stale }: ForeignVersion): JsonObject => ({
  version,
  ...(resources && resources.length > 0 ? { resources } : {}),
  freshness: stale ? 'Stale' : 'Current',
});

/** APIGroupDiscoveryList of the groups given: the core group for `/api`, the others for `/apis`. */
export function aggregatedList(groups: readonly ServedGroup[]): JsonObject {
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups.map(({ group, versions }) => ({
      metadata: group === '' ? {} : { name: group },
      versions: versions.map(({ version, kinds, foreign }) =>
        foreign ? foreignVersion(foreign) : { version, resources: kinds.map(aggregatedResource), freshness: 'Current' },
      ),
    })),
  };
}
