/** Read one object. */
import type { ApiResponse } from '#kube/request/request.ts';
import { notFound } from '#kube/status/errors.ts';
import { answer, type Registry, type Scope } from '../context.ts';
import { after, readable } from '../kinds/remote.ts';
import { fromStorage } from '../kinds/served.ts';
import { parseRevision, requireReached } from './revision.ts';

/** Throws NotFound, or Timeout for a resourceVersion that has not been reached. */
export function get(registry: Registry, scope: Scope): ApiResponse | Promise<ApiResponse> {
  const stored = registry.storage.get(scope);
  return after(stored && readable(scope.served, [stored]), () => getNow(registry, scope));
}

/** The same of what needs not to be converted elsewhere, or has been. */
export function getNow(registry: Registry, scope: Scope): ApiResponse {
  const wanted = parseRevision(scope.request.options.resourceVersion);
  if (wanted !== undefined) requireReached(wanted, registry.storage.revision());
  const stored = registry.storage.get(scope);
  if (!stored) throw notFound(scope.served.definition, scope.name);
  return answer(registry, scope, fromStorage(scope.served, stored));
}
