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

function servedVersion(apiVersion: string, rows: readonly DiscoveryRow[]): ServedVersion {
  const subresources = rows.flatMap((row) => row.subresources ?? []).filter((row) => row.apiVersion === undefined);
  return {
    apiVersion,
    components: rows.map(({ component }) => component),
    others: [...new Set(subresources.map(({ kind }) => kind))],
  };
}

const discoveryOf = (root: string) =>
  JSON.parse(readFileSync(join(root, 'data/kubernetes/discovery.json'), 'utf8')) as DiscoveryTable;

/** Path from the repository's root -> content; undefined where the sources of this release are not in Go's module cache. */
export function protobufFiles(root: string, cache: string): ReadonlyMap<string, string> | undefined {
  const { version, groups } = discoveryOf(root);
  const folders = protobufFolders(cache, version);
  if (!folders) return undefined;
  const served = Object.entries(groups).flatMap(([group, versions]) =>
    Object.entries(versions).map(([name, rows]) => servedVersion(group === '' ? name : `${group}/${name}`, rows)),
  );
  return new Map([['data/kubernetes/protobuf.json', jsonLines(protobufTable(folders, served), 2)]]);
}
