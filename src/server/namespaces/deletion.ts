/**
 * Deleting a namespace begins its termination; what is in it goes first (the namespace controller sees to that). What
 * every cluster is born with beside its namespaces stays.
 */
import type { JsonObject, KubeObject } from '#kube/meta/object.ts';
import type { DeleteOptions } from '#kube/request/request.ts';
import { forbidden } from '#kube/status/errors.ts';
import { timestamp } from '#world/clock/clock.ts';
import { fieldsOf } from '../registry/context.ts';
import { hasSpecFinalizers, withDependentFinalizers } from '../registry/delete/plan.ts';
import type { ServedKind } from '../registry/kinds/served.ts';
import { withMetadata } from '../registry/metadata.ts';
import { systemPriorityClasses } from './names.ts';

/** The namespace as marked; undefined when nothing holds it any longer and the common rules may delete it. */
export function namespaceDeletion(
  object: KubeObject,
  options: DeleteOptions,
  now: number,
  served: ServedKind,
): KubeObject | undefined {
  if (!hasSpecFinalizers(object)) return undefined;
  if (object.metadata.deletionTimestamp !== undefined) return object;
  const { status } = fieldsOf(object) as { readonly status?: JsonObject };
  const marked = withMetadata(withDependentFinalizers(served, object, options), { deletionTimestamp: timestamp(now) });
  return { ...marked, status: { ...status, phase: 'Terminating' } } as KubeObject;
}

/** Throws Forbidden for the classes that the system itself goes by. */
export function priorityClassDeletion({ metadata: { name = '' } }: KubeObject): undefined {
  if (!systemPriorityClasses.has(name)) return undefined;
  const resource = { group: 'scheduling.k8s.io', resource: 'priorityclasses' };
  throw forbidden(resource, name, 'this is a system priority class and cannot be deleted');
}
