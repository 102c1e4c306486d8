/** A write of a resource that something is allocated for: taken before validation, given back when the write fails. */
import type { KubeObject } from '#kube/meta/object.ts';
import type { StatusCause } from '#kube/status/status.ts';
import type { Registry, Scope } from '../context.ts';

/** `rest`: the remaining steps, with the object as the guard has completed it. */
export async function guarded<T>(
  registry: Registry,
  scope: Scope,
  object: KubeObject,
  old: KubeObject | undefined,
  rest: (object: KubeObject) => Promise<T>,
): Promise<T> {
  const guard = registry.guards.get(scope.served.storageResource);
  if (!guard) return rest(object);
  const completed = guard.before(object, old, scope.dryRun);
  try {
    return await rest(completed);
  } catch (error) {
    guard.undo(completed, old);
    throw error;
  }
}

/** What the resource's guard finds wrong; undefined where it does not look. */
export function guardCauses(
  registry: Registry,
  { served }: Scope,
  object: KubeObject,
  old: KubeObject | undefined,
  subresource: string,
): Promise<readonly StatusCause[]> | undefined {
  return registry.guards.get(served.storageResource)?.validate?.(object, old, subresource);
}
