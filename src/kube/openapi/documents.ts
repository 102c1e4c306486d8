/** Which operations and components make up the document of a path: `apis/apps/v1`, `apis/apps`, `version`. */
import type { KindDefinition } from '../kind/definition.ts';
import {
  coreVersionsPath,
  groupPath,
  groupsPath,
  issuerPath,
  keysPath,
  resourcesPath,
  versionPath,
} from './general-operations.ts';
import { rootOf } from './names.ts';
import { operationsOf, type PathOperations } from './operations.ts';

/** What one document is made of, whichever form it is written in. */
export interface DocumentParts {
  readonly paths: readonly PathOperations[];
  /** Kinds whose components are in it. */
  readonly kinds: readonly KindDefinition[];
}

const general: readonly (readonly [string, PathOperations])[] = [
  ['.well-known/openid-configuration', issuerPath],
  ['api', coreVersionsPath],
  ['apis', groupsPath],
  ['openid/v1/jwks', keysPath],
  ['version', versionPath],
];

/** Documents that are there whatever is served. */
export const generalDocuments: ReadonlyMap<string, DocumentParts> = new Map(
  general.map(([path, each]) => [path, { paths: [each], kinds: [] }]),
);

/** Custom groups have none. */
export const groupDocument = (group: string): DocumentParts => ({ paths: [groupPath(group)], kinds: [] });

/** All of one group version; never empty. */
export function versionDocument(kinds: readonly KindDefinition[]): DocumentParts {
  const [{ group, version }] = kinds as readonly [KindDefinition, ...KindDefinition[]];
  const native = kinds.some((kind) => kind.native !== undefined);
  return {
    paths: [...(native ? [resourcesPath(group, version)] : []), ...kinds.flatMap(operationsOf)],
    kinds,
  };
}

/** Group versions in the order they are met: `api/v1`, `apis/apps/v1`. */
export function byGroupVersion(kinds: readonly KindDefinition[]): ReadonlyMap<string, readonly KindDefinition[]> {
  const found = new Map<string, KindDefinition[]>();
  for (const kind of kinds) {
    const path = rootOf(kind.group, kind.version).slice(1);
    const members = found.get(path);
    if (members) members.push(kind);
    else found.set(path, [kind]);
  }
  return found;
}

/** Built-in groups, but for the core. */
export const groupsWithDocument = (kinds: readonly KindDefinition[]): readonly string[] => [
  ...new Set(kinds.filter(({ group, native }) => group !== '' && native !== undefined).map(({ group }) => group)),
];
