/** The generated table of protobuf messages, for the kinds that the table of discovery says are served. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonLines } from '../write.ts';
import { protobufFolders } from './go-modules.ts';
import { protobufTable, type ServedVersion } from './table.ts';

interface DiscoveryRow {
  readonly component: string;
  readonly subresources?: readonly { readonly kind: string; readonly apiVersion?: string }[];
}

interface DiscoveryTable {
  readonly version: string;
  readonly groups: Readonly<Record<string, Readonly<Record<string, readonly DiscoveryRow[]>>>>;
}

function servedVersions({ groups }: DiscoveryTable): readonly ServedVersion[] {
  const versions = Object.entries(groups).flatMap(([group, byVersion]) =>
    Object.entries(byVersion).map(([version, rows]) => ({
      apiVersion: group === '' ? version : `${group}/${version}`,
      rows,
    })),
  );
  const subresources = versions.flatMap(({ apiVersion, rows }) =>
    rows.flatMap((row) => (row.subresources ?? []).map((subresource) => ({ apiVersion, ...subresource }))),
  );
  return versions.map(({ apiVersion, rows }) => ({
    apiVersion,
    components: rows.map(({ component }) => component),
    others: [...new Set(subresources.filter((each) => each.apiVersion === apiVersion).map(({ kind }) => kind))],
  }));
}

const discoveryOf = (root: string) =>
  JSON.parse(readFileSync(join(root, 'data/kubernetes/discovery.json'), 'utf8')) as DiscoveryTable;

/** Path from the repository's root -> content; undefined where the sources of this release are not in Go's module cache. */
export function protobufFiles(root: string, cache: string): ReadonlyMap<string, string> | undefined {
  const discovery = discoveryOf(root);
  const folders = protobufFolders(cache, discovery.version);
  if (!folders) return undefined;
  return new Map([['data/kubernetes/protobuf.json', jsonLines(protobufTable(folders, servedVersions(discovery)), 2)]]);
}
