/** Whether an object is under management, and if not, what it waits for. Pure. */
import type { Binding } from '#apis/work/binding.ts';
import { findCondition } from '#kube/conditions/conditions.ts';
import type { Condition } from '#kube/meta/object.ts';
import type { ObjectEvidence } from '../evidence/evidence.ts';
import { identityOf } from '../plan/identity.ts';

export type BindingsByTemplate = ReadonlyMap<string, Binding>;

export const bindingsByTemplate = (bindings: readonly Binding[]): BindingsByTemplate =>
  new Map(
    bindings.map((binding) => {
      const { apiVersion, kind, namespace, name } = binding.spec.resource;
      return [identityOf(apiVersion, kind, namespace, name), binding];
    }),
  );

const conditionOf = ({ status }: Binding, type: string) =>
  findCondition(status?.conditions as readonly Condition[] | undefined, type);

/** What keeps it from being managed; undefined where nothing does. */
export function whyUnmanaged(
  object: ObjectEvidence,
  cluster: string,
  bindings: BindingsByTemplate,
): string | undefined {
  const binding = bindings.get(identityOf(object.apiVersion, object.kind, object.namespace, object.name));
  if (!binding) return 'has no template that a policy claims in the control plane';
  const scheduled = conditionOf(binding, 'Scheduled');
  if (scheduled?.status !== 'True')
    return `is not scheduled: ${scheduled?.message ?? 'the scheduler has not looked at it yet'}`;
  const item = binding.status?.aggregatedStatus?.find(({ clusterName }) => clusterName === cluster);
  if (!item) return `has no status from ${cluster} yet`;
  if (!item.applied) return `is not applied in ${cluster}: ${item.appliedMessage ?? 'no reason is given'}`;
  return object.managed ? undefined : `is applied, but carries no mark of it in ${cluster}`;
}
