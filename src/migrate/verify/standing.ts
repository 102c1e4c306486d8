/** Whether an object is where it should be by now, by the record of its migration, and if not, what it waits for. Pure. */
import type { Binding } from '#apis/work/binding.ts';
import { findCondition } from '#kube/conditions/conditions.ts';
import type { Condition } from '#kube/meta/object.ts';
import type { ObjectEvidence } from '../evidence/evidence.ts';
import type { Times } from '../evidence/pods.ts';
import { type PlannedObject, referenceOf } from '../model.ts';
import { identityOf } from '../reading/identity.ts';
import { type MigrationRecord, stateOf, type WaveState } from '../record/record.ts';

export type BindingsByTemplate = ReadonlyMap<string, Binding>;

export const bindingsByTemplate = (bindings: readonly Binding[]): BindingsByTemplate =>
  new Map(
    bindings.map((binding) => {
      const { apiVersion, kind, namespace, name } = binding.spec.resource;
      return [identityOf(apiVersion, kind, namespace, name), binding];
    }),
  );

/** What is to have become of an object. `open`: its wave is not through; it may be either. */
export type Expected = 'managed' | 'open' | 'left-out' | 'free';

/** Without a record all of it is to be managed. */
export function expectationOf(record: MigrationRecord | undefined): (object: PlannedObject) => Expected {
  if (!record) return () => 'managed';
  const waves = new Map(record.waves.map(({ number, state }) => [number, state]));
  const rolledBack = new Set(
    (record.objects ?? []).flatMap(({ object, is }) => (is === 'rolled-back' ? [object] : [])),
  );
  const allowed = new Set(record.allowedRestarts);
  return (object) => {
    const reference = referenceOf(object);
    const state = waves.get(object.wave ?? 0);
    if (rolledBack.has(reference) || state === 'rolled-back') return 'free';
    if (object.verdict.is === 'restart' && !allowed.has(reference)) return 'left-out';
    return state === 'applied' ? 'managed' : 'open';
  };
}

/** How far the migration is; without a record it is taken to be done. */
export const stateIn = (record: MigrationRecord | undefined): WaveState => (record ? stateOf(record) : 'applied');

/** When apply and a rollback had ended; of neither while something may still be done. */
export function timesOf(record: MigrationRecord | undefined): Times {
  const state = record && stateOf(record);
  if (!record || (state !== 'applied' && state !== 'rolled-back')) return {};
  const last = record.waves.reduce((latest, { since }) => (since > latest ? since : latest), '');
  if (state === 'rolled-back') return { ...(record.finishedAt ? { endedAt: record.finishedAt } : {}), backAt: last };
  return { endedAt: record.finishedAt !== undefined && record.finishedAt > last ? record.finishedAt : last };
}

const conditionOf = ({ status }: Binding, type: string) =>
  findCondition(status?.conditions as readonly Condition[] | undefined, type);

/** What keeps it from being managed in a cluster; undefined where nothing does. `object`: as it is there. */
export function whyUnmanaged(
  planned: Pick<PlannedObject, 'apiVersion' | 'kind' | 'namespace' | 'name'>,
  object: Pick<ObjectEvidence, 'managed'> | undefined,
  cluster: string,
  bindings: BindingsByTemplate,
): string | undefined {
  const binding = bindings.get(identityOf(planned.apiVersion, planned.kind, planned.namespace, planned.name));
  if (!binding) return 'has no template that a policy claims in the control plane';
  const scheduled = conditionOf(binding, 'Scheduled');
  if (scheduled?.status !== 'True')
    return `is not scheduled: ${scheduled?.message ?? 'the scheduler has not looked at it yet'}`;
  const item = binding.status?.aggregatedStatus?.find(({ clusterName }) => clusterName === cluster);
  if (!item) return `has no status from ${cluster} yet`;
  if (!item.applied) return `is not applied in ${cluster}: ${item.appliedMessage ?? 'no reason is given'}`;
  if (!object) return `is applied, and is not there any more in ${cluster}`;
  return object.managed ? undefined : `is applied, but carries no mark of it in ${cluster}`;
}

/** What is the matter with a copy in another cluster, there being no evidence of how it was. */
export function whyUnwell(
  planned: Pick<PlannedObject, 'apiVersion' | 'kind' | 'namespace' | 'name'>,
  cluster: string,
  bindings: BindingsByTemplate,
): string | undefined {
  const binding = bindings.get(identityOf(planned.apiVersion, planned.kind, planned.namespace, planned.name));
  const item = binding?.status?.aggregatedStatus?.find(({ clusterName }) => clusterName === cluster);
  return item?.health === 'Unhealthy' ? `is not healthy in ${cluster}` : undefined;
}
