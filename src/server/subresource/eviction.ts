/** pods/eviction: a delete that asks first. Disruption budgets are not looked at here. */
import type { KubeObject } from '#kube/meta/object.ts';
import type { ApiResponse, DeleteOptions } from '#kube/request/request.ts';
import { badRequest } from '#kube/status/errors.ts';
import type { Registry, Scope } from '../registry/context.ts';
import { remove } from '../registry/delete/delete.ts';
import { admitSent } from '../registry/write/admit.ts';
import { success } from './success.ts';

interface Eviction {
  readonly metadata?: { readonly name?: string };
  readonly deleteOptions?: DeleteOptions;
}

const evictionKind = { group: 'policy', version: 'v1', kind: 'Eviction' };

/** Throws BadRequest, NotFound or Conflict. */
export async function evict(registry: Registry, scope: Scope): Promise<ApiResponse> {
  const { metadata, deleteOptions = {} } = (scope.request.body ?? {}) as Eviction;
  if (metadata?.name !== undefined && metadata.name !== scope.name) {
    throw badRequest('name in URL does not match name in Eviction object');
  }
  const sent = { metadata: { name: scope.name }, ...(scope.request.body as object | undefined) } as KubeObject;
  await admitSent(registry, scope, 'CREATE', evictionKind, sent);
  const request = { ...scope.request, body: deleteOptions };
  return success(await remove(registry, { ...scope, request }, {}, true));
}
