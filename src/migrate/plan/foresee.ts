/**
 * What a member would hold after all that execution would write to an object: writes that only change owners are
 * reckoned here, and the one that changes the object is asked of the member by a dry run.
 */
import type { ApiClient } from '#client/api-client.ts';
import type { DiscoveredResource } from '#client/mapper/mapper.ts';
import { fieldManager } from '#flow/4-execute/plan/managers.ts';
import { inapplicable } from '#flow/4-execute/plan/means.ts';
import type { WritePlan } from '#flow/4-execute/plan.ts';
import { serverSideApply } from '#kube/apply/apply.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { applyJsonPatch } from '#kube/patch/json.ts';
import { isReason, StatusError } from '#kube/status/status.ts';
import type { Verdict } from '../model.ts';
import { verdictOf } from './verdict.ts';
import type { NextWrite } from './write.ts';

/** One object in a member, and how it is written to. */
export interface WriteTarget {
  readonly cluster: string;
  readonly client: ApiClient;
  readonly resource: DiscoveredResource;
  readonly live: UnstructuredObject;
  readonly kind: KindDefinition;
}

export interface Foreseen {
  readonly verdict: Verdict;
  /** As the member would hold it; absent where nothing but who owns its fields would change, or nothing is written. */
  readonly answer?: UnstructuredObject;
}

/** Release, claim, a try of an apply, and the write: each once. */
const mostWrites = 5;
/** An object that is written to all the time, by its status most often, is looked at again so often. */
const mostLooks = 4;

export async function foreseeWrites(target: WriteTarget, next: NextWrite): Promise<Foreseen> {
  const { cluster, client, resource, live } = target;
  for (let looked = live, look = 1; ; look++) {
    try {
      return await foreseeFrom({ ...target, live: looked }, next);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      if (!isReason(error, 'Conflict') || look === mostLooks)
        return { verdict: { is: 'blocked', reason: `${cluster} would refuse the write: ${error.message}` } };
      const { namespace, name, uid } = live.metadata;
      const found = await client.resource(resource).get({ ...(namespace ? { namespace } : {}), name: name! });
      if (found.metadata.uid !== uid) throw error;
      looked = { ...found, apiVersion: live.apiVersion, kind: live.kind } as UnstructuredObject;
    }
  }
}

/** Throws what the member says of the write. */
async function foreseeFrom(target: WriteTarget, next: NextWrite): Promise<Foreseen> {
  const { live, kind } = target;
  let now = live;
  let refused: string | undefined;
  for (let write = 0; write < mostWrites; write++) {
    const plan = await next(now, refused);
    if (plan.action === 'refuse') return { verdict: { is: 'blocked', reason: plan.why } };
    if (plan.action === 'release' || plan.action === 'claim') {
      now = applyJsonPatch(now, plan.patch);
      continue;
    }
    if (plan.action !== 'apply' && plan.action !== 'update') break;
    try {
      const answer = await dryRun(target, plan, now);
      return { verdict: verdictOf({ live, answer, kind }), answer };
    } catch (error) {
      const why = plan.action === 'apply' && refused === undefined ? inapplicable(error) : undefined;
      if (why === undefined) throw error;
      refused = why;
    }
  }
  return { verdict: { is: 'adopt' } };
}

/** Of `now`, which the member does not have yet where its owners have changed: then by an update to what would come of it. */
async function dryRun(
  { client, resource, live, kind }: WriteTarget,
  plan: Extract<WritePlan, { readonly action: 'apply' | 'update' }>,
  now: UnstructuredObject,
): Promise<UnstructuredObject> {
  const target = client.resource(resource);
  const options = { fieldManager, dryRun: true };
  const update = async (object: UnstructuredObject) => (await target.update(object, options)) as UnstructuredObject;
  if (plan.action === 'update') return update(plan.object);
  const config = {
    ...plan.config,
    metadata: { ...plan.config.metadata, uid: live.metadata.uid },
  } as UnstructuredObject;
  if (now === live) return (await target.apply(config, { ...options, force: true })) as UnstructuredObject;
  const { object } = serverSideApply({
    schema: kind.schema,
    live: now,
    config,
    manager: fieldManager,
    force: true,
    apiVersion: live.apiVersion,
    // Only an entry of managedFields tells it, and nobody sees that one.
    now: 0,
  });
  return update(object as UnstructuredObject);
}
