/** What there is in a running cluster that could become a template, read page by page. */
import type { ApiClient } from '#client/api-client.ts';
import { listAll } from '#client/list-all.ts';
import type { DiscoveredResource, RestMapper } from '#client/mapper/mapper.ts';
import { isTemplateResource } from '#flow/1-detect/plan/propagated.ts';
import { apiVersionOf } from '#kube/meta/kind.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';
import { eachLimited } from '#runtime/each.ts';
import type { PlanScope } from '../model.ts';
import { isOwnResource } from './selection.ts';

export interface Source {
  readonly client: ApiClient;
  readonly mapper: RestMapper;
}

/** A few megabytes each. */
const listsAtATime = 8;

/** Resources that can hold templates, those asked for where some are. Throws NotFound in kubectl's words. */
async function resourcesOf(
  { mapper }: Source,
  { kinds, namespaces }: PlanScope,
): Promise<readonly DiscoveredResource[]> {
  const wanted = kinds && (await Promise.all(kinds.map((kind) => mapper.resolve(kind))));
  const all =
    wanted ?? (await mapper.preferred()).filter((each) => isTemplateResource(each, []) && !isOwnResource(each));
  // Of one namespace's own things the cluster-wide ones are no part; the namespace itself is.
  return namespaces ? all.filter((each) => each.namespaced || isNamespaces(each)) : all;
}

const isNamespaces = ({ group, resource }: DiscoveredResource) => group === '' && resource === 'namespaces';

export async function list(
  { client }: Source,
  resource: DiscoveredResource,
  namespace: string | undefined,
  labelSelector: string | undefined,
): Promise<readonly UnstructuredObject[]> {
  const found = await listAll(client, resource, {
    ...(namespace ? { namespace } : {}),
    ...(labelSelector ? { labelSelector } : {}),
  });
  const kind = { apiVersion: apiVersionOf(resource), kind: resource.kind };
  // Items of a list do not say their kind.
  return found.map((item) => ({ ...item, ...kind }) as UnstructuredObject);
}

/** Answers that say something of one resource, and nothing of the cluster. */
const refusals = ['Forbidden', 'MethodNotAllowed', 'ServiceUnavailable', 'NotFound'] as const;
export const isUnreadable = (error: unknown): boolean => refusals.some((reason) => isReason(error, reason));

/** A resource that may not be listed (no rights, an API server behind that is gone) is told, and the others go on. */
export interface Inventory {
  readonly objects: readonly UnstructuredObject[];
  readonly unread: readonly { readonly resource: string; readonly why: string }[];
}

export async function takeInventory(
  source: Source,
  scope: PlanScope,
  told: (read: number) => void,
): Promise<Inventory> {
  const resources = await resourcesOf(source, scope);
  const unread: { readonly resource: string; readonly why: string }[] = [];
  let read = 0;
  const tasks = resources.flatMap((resource) =>
    (resource.namespaced && scope.namespaces ? scope.namespaces : [undefined]).map((namespace) => ({
      resource,
      namespace,
    })),
  );
  const lists = await eachLimited(tasks, listsAtATime, async ({ resource, namespace }) => {
    try {
      const found = await list(source, resource, namespace, scope.labelSelector);
      read += found.length;
      told(read);
      return isNamespaces(resource) && scope.namespaces
        ? found.filter(({ metadata }) => scope.namespaces!.includes(metadata.name!))
        : found;
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      unread.push({ resource: `${resource.resource}.${resource.group}`, why: (error as Error).message });
      return [];
    }
  });
  return { objects: lists.flat(), unread };
}
