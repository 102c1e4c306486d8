/** An APIResourceList as aggregated discovery would have it, for API servers that have only the former. */
import type { JsonObject, JsonValue } from '#kube/meta/object.ts';

interface Listed {
  readonly name: string;
  readonly singularName?: string;
  readonly namespaced?: boolean;
  readonly group?: string;
  readonly version?: string;
  readonly kind: string;
  readonly verbs?: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

export function aggregatedFrom(group: string, version: string, resources: readonly JsonValue[]): readonly JsonObject[] {
  const listed = resources as unknown as readonly Listed[];
  const kindOf = (each: Listed) => ({ group: each.group || group, version: each.version || version, kind: each.kind });
  const below = (name: string) =>
    listed
      .filter((each) => each.name.startsWith(`${name}/`))
      .map((each) => ({
        subresource: each.name.slice(name.length + 1),
        responseKind: kindOf(each),
        verbs: each.verbs ?? [],
      }));
  return listed
    .filter(({ name }) => !name.includes('/'))
    .map((each) => {
      const subresources = below(each.name);
      return {
        resource: each.name,
        responseKind: kindOf(each),
        scope: each.namespaced ? 'Namespaced' : 'Cluster',
        singularResource: each.singularName ?? '',
        verbs: each.verbs ?? [],
        ...(each.shortNames ? { shortNames: each.shortNames } : {}),
        ...(each.categories ? { categories: each.categories } : {}),
        ...(subresources.length > 0 ? { subresources } : {}),
      };
    });
}
