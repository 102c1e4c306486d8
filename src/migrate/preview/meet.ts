/**
 * What a template meets in a cluster that it comes to or is changed in: where an object is there, the member is asked by
 * a dry run of the very writes that execution would do. What is rendered is one thing, what others have set another.
 */
import { ControllerRevisions, Secrets } from '#apis/kubernetes/types.ts';
import type { Binding } from '#apis/work/binding.ts';
import { manifestsOf, type Work } from '#apis/work/work.ts';
import type { Manifests } from '#flow/3-render/plan/manifests.ts';
import { render } from '#flow/3-render/plan.ts';
import type { Deferred } from '#flow/4-execute/plan/applied.ts';
import { deferredIn, isSecret, journalName } from '#flow/4-execute/plan/journal.ts';
import { fieldManager } from '#flow/4-execute/plan/managers.ts';
import { isManaged, isPlace, mayAdopt } from '#flow/4-execute/plan.ts';
import type { Interpreter } from '#interpreter/interpreter.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import { gvkOf, type ResourceRef } from '#kube/meta/kind.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { isReason, StatusError } from '#kube/status/status.ts';
import type { Verdict } from '../model.ts';
import { foreseeWrites, type WriteTarget } from '../plan/foresee.ts';
import { creationOf, writesOf } from '../plan/write.ts';
import type { Source } from '../reading/inventory.ts';
import { type ClusterOutcome, someId } from './model.ts';

export interface Meeting {
  readonly control: Source;
  /** Throws where there is no way to it. */
  readonly member: (name: string) => Promise<Source>;
  readonly interpreter: Interpreter;
  readonly template: UnstructuredObject;
  readonly kind: KindDefinition;
  /** With the clusters it would have, and what would be rendered of it. */
  readonly binding: Binding;
  readonly manifests: Manifests;
}

type Found = Pick<WriteTarget, 'client' | 'resource' | 'live'>;

/** The outcome as rendering tells it, and as it is once the member was asked. */
export async function meet(meeting: Meeting, outcome: ClusterOutcome): Promise<ClusterOutcome> {
  const { cluster } = outcome;
  const { apiVersion, kind, metadata } = meeting.template;
  try {
    const { client, mapper } = await meeting.member(cluster);
    const resource = await mapper.find(gvkOf(meeting.template));
    if (!resource) return noting(outcome, `${cluster} does not serve ${kind}`);
    const work = workFor(meeting, cluster);
    if (!work) return outcome;
    const found = await orNone(client.resource(resource).get(nameOf(metadata)));
    if (!found) return outcome.is === 'comes' ? await make(meeting, outcome, { client, resource }, work) : outcome;
    const live = { ...found, apiVersion, kind } as UnstructuredObject;
    if (!isManaged(live))
      return isPlace(live) ? outcome : await takeOver(meeting, outcome, { client, resource, live }, work);
    return outcome.is === 'changes' ? await rewrite(meeting, outcome, { client, resource, live }, work) : outcome;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return noting(outcome, `what is there could not be looked at: ${why}`);
  }
}

const nameOf = ({ namespace, name }: UnstructuredObject['metadata']) => ({
  ...(namespace ? { namespace } : {}),
  name: name!,
});

async function orNone<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  }
}

/** Whether the member takes it: its admission, its classes and quotas may not. */
async function make(
  { kind }: Meeting,
  outcome: ClusterOutcome,
  { client, resource }: Omit<Found, 'live'>,
  work: Work,
): Promise<ClusterOutcome> {
  const { cluster } = outcome;
  try {
    await client.resource(resource).create(creationOf(work, cluster, kind), { fieldManager, dryRun: true });
    return outcome;
  } catch (error) {
    // Its namespace comes with it.
    if (isReason(error, 'NotFound')) return outcome;
    if (!(error instanceof StatusError)) throw error;
    return { ...outcome, conflict: `${cluster} would refuse it: ${error.message}` };
  }
}

const noting = (outcome: ClusterOutcome, note: string): ClusterOutcome => ({
  ...outcome,
  notes: [...(outcome.notes ?? []), note],
});

/** As rendering would make it; undefined where there is nothing to render. */
function workFor({ binding, template, manifests }: Meeting, cluster: string): Work | undefined {
  const content = manifests.rendered.get(cluster);
  if (!content) return undefined;
  return render({ binding, template, rendered: new Map([[cluster, content]]), existing: [], newId: () => someId })
    .write[0];
}

async function takeOver(
  { interpreter, kind }: Meeting,
  outcome: ClusterOutcome,
  found: Found,
  work: Work,
): Promise<ClusterOutcome> {
  const { cluster } = outcome;
  if (!mayAdopt(manifestsOf(work)[0] as UnstructuredObject))
    return { ...outcome, conflict: `${cluster} has one of its own, and conflictResolution is Abort` };
  const next = writesOf({ cluster, live: found.live, kind, interpreter, work });
  const { verdict } = await foreseeWrites({ ...found, cluster, kind }, next);
  if (verdict.is === 'blocked') return { ...outcome, conflict: verdict.reason };
  const { fields: _fields, restarts: _restarts, stops: _stops, ...bare } = outcome;
  return { ...noting(bare, 'there is one already, which is taken over'), ...changesIn(verdict) };
}

const isMetadata = (path: string): boolean => path.startsWith('.metadata.');

/** Ours already: what of the rendered changes reaches it, and what else would change with the same write. */
async function rewrite(meeting: Meeting, outcome: ClusterOutcome, found: Found, work: Work): Promise<ClusterOutcome> {
  const { cluster, fields: rendered = [] } = outcome;
  const { interpreter, kind } = meeting;
  const deferred = await deferredOf(meeting, work);
  const next = writesOf({ cluster, live: found.live, kind, interpreter, work, deferred });
  const { verdict } = await foreseeWrites({ ...found, cluster, kind }, next);
  if (verdict.is === 'blocked') return { ...outcome, conflict: verdict.reason };
  const { restarts: _restarts, stops: _stops, fields: _fields, ...bare } = outcome;
  const changes = changesIn(verdict);
  const fields = [...rendered.filter(isMetadata), ...(changes.fields ?? [])].sort();
  const left = rendered.filter((path) => !fields.includes(path));
  return {
    ...(left.length > 0 ? noting(bare, `stays as it is there: ${left.join(', ')}`) : bare),
    ...changes,
    ...(fields.length > 0 ? { fields } : {}),
  };
}

function changesIn(verdict: Verdict): Pick<ClusterOutcome, 'fields' | 'restarts' | 'stops'> {
  if (verdict.is === 'change') return { fields: verdict.fields };
  if (verdict.is !== 'restart') return {};
  const fields = verdict.fields.map(({ path }) => path);
  const restarts = fields.filter((path) => path !== '.spec.replicas');
  return {
    fields,
    ...(restarts.length > 0 ? { restarts } : {}),
    ...(fields.length > restarts.length ? { stops: true } : {}),
  };
}

/** What people had set in it before it was adopted, from its journal; nothing where it was made by us. */
async function deferredOf({ control, template }: Meeting, { metadata }: Work): Promise<readonly Deferred[]> {
  const journals: ResourceRef = isSecret(template) ? Secrets : ControllerRevisions;
  const key = { namespace: metadata.namespace!, name: journalName(metadata, 0) };
  const journal = await orNone(control.client.resource(journals).get(key));
  return journal ? deferredIn(journal) : [];
}
