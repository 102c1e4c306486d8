/** The OpenAPI documents of what is served, by path: what v3.ts writes apart, and v2.ts as one. */
import type { KindDefinition } from '../kind/definition.ts';
import {
  byGroupVersion,
  type DocumentParts,
  generalDocuments,
  groupDocument,
  groupsWithDocument,
  versionDocument,
} from './documents.ts';

export { schemaFromOpenApi } from './read.ts';

/** Keys are `api`, `api/v1`, `apis/apps`, `apis/apps/v1`, `version`, … */
export function openApiParts(
  kinds: readonly KindDefinition[],
  versionOf: (members: readonly KindDefinition[]) => DocumentParts = versionDocument,
): ReadonlyMap<string, DocumentParts> {
  return new Map([
    ...generalDocuments,
    ...groupsWithDocument(kinds).map((group) => [`apis/${group}`, groupParts(group)] as const),
    ...[...byGroupVersion(kinds)].map(([path, members]) => [path, versionOf(members)] as const),
  ]);
}

/** One value for each group, so that whoever caches by it finds it again. */
const groups = new Map<string, DocumentParts>();

function groupParts(group: string): DocumentParts {
  const parts = groups.get(group) ?? groupDocument(group);
  groups.set(group, parts);
  return parts;
}
