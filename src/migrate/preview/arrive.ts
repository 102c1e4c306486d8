/** What a template meets in a cluster it comes to: where an object is there already, the member is asked by a dry run. */
import type { Binding } from '#apis/work/binding.ts';
import { manifestsOf } from '#apis/work/work.ts';
import type { Manifests } from '#flow/3-render/plan/manifests.ts';
import { render } from '#flow/3-render/plan.ts';
import { isManaged, isPlace, mayAdopt } from '#flow/4-execute/plan.ts';
import type { Interpreter } from '#interpreter/interpreter.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import { gvkOf } from '#kube/meta/kind.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';
import { foreseeWrites, type WriteTarget } from '../plan/foresee.ts';
import type { Source } from '../plan/inventory.ts';
import { writesOf } from '../plan/write.ts';
import { type ClusterOutcome, someId } from './model.ts';

export interface Arrival {
  /** Throws where there is no way to it. */
  readonly member: (name: string) => Promise<Source>;
  readonly interpreter: Interpreter;
  readonly template: UnstructuredObject;
  readonly kind: KindDefinition;
  /** With the clusters it would have, and what would be rendered of it. */
  readonly binding: Binding;
  readonly manifests: Manifests;
}

export async function arrive(arrival: Arrival, outcome: ClusterOutcome): Promise<ClusterOutcome> {
  const { cluster } = outcome;
  const { namespace, name } = arrival.template.metadata;
  try {
    const { client, mapper } = await arrival.member(cluster);
    const resource = await mapper.find(gvkOf(arrival.template));
    if (!resource) return noting(outcome, `${cluster} does not serve ${arrival.template.kind}`);
    const found = await client.resource(resource).get({ name: name!, ...(namespace ? { namespace } : {}) });
    const { apiVersion, kind } = arrival.template;
    const live = { ...found, apiVersion, kind } as UnstructuredObject;
    if (isManaged(live) || isPlace(live)) return outcome;
    return await takeOver(arrival, outcome, { client, resource, live });
  } catch (error) {
    if (isReason(error, 'NotFound')) return outcome;
    const why = error instanceof Error ? error.message : String(error);
    return noting(outcome, `what is there could not be looked at: ${why}`);
  }
}

const noting = (outcome: ClusterOutcome, note: string): ClusterOutcome => ({
  ...outcome,
  notes: [...(outcome.notes ?? []), note],
});

/** The very write that execution would do with the Work that rendering would make. */
async function takeOver(
  { interpreter, template, kind, binding, manifests }: Arrival,
  outcome: ClusterOutcome,
  found: Pick<WriteTarget, 'client' | 'resource' | 'live'>,
): Promise<ClusterOutcome> {
  const { cluster } = outcome;
  const content = manifests.rendered.get(cluster);
  if (!content) return outcome;
  const rendered = new Map([[cluster, content]]);
  const [work] = render({ binding, template, rendered, existing: [], newId: () => someId }).write;
  if (!work) return outcome;
  const next = writesOf({ cluster, live: found.live, kind, interpreter, work });
  if (!mayAdopt(manifestsOf(work)[0] as UnstructuredObject))
    return { ...outcome, conflict: `${cluster} has one of its own, and conflictResolution is Abort` };
  const { verdict } = await foreseeWrites({ ...found, cluster, kind }, next);
  const taken = noting(outcome, 'there is one already, which is taken over');
  if (verdict.is === 'change') return { ...taken, fields: verdict.fields };
  if (verdict.is === 'blocked') return { ...outcome, conflict: verdict.reason };
  if (verdict.is !== 'restart') return taken;
  const fields = verdict.fields.map(({ path }) => path);
  const restarts = fields.filter((path) => path !== '.spec.replicas');
  return {
    ...taken,
    fields,
    ...(restarts.length > 0 ? { restarts } : {}),
    ...(fields.length > restarts.length ? { stops: true } : {}),
  };
}
