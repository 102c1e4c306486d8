/**
 * Works that ended while their cluster was away. A cluster that comes back is first found wanted again or not, by its
 * taints and by the scheduler; what is wanted there again was never to be deleted, whatever was decided meanwhile.
 */
import type { Cluster } from '#apis/cluster/cluster.ts';
import { type Binding, bindingIdOf, bindingKeyOf, bindingKindFor } from '#apis/work/binding.ts';
import type { Work } from '#apis/work/work.ts';
import type { ApiClient, TypedResource } from '#client/api-client.ts';
import { findCondition } from '#kube/conditions/conditions.ts';
import { parseTime } from '#kube/meta/time.ts';
import { isReason } from '#kube/status/status.ts';

/**
 * From its turning Ready: taints go with that very change, and a placement takes a scheduler seconds at most. Who has
 * just been started waits as long: the others may have been away with it, and have decided nothing yet.
 */
const settlingMs = 10_000;

/**
 * Milliseconds to leave the Work alone; undefined for one that ended while its cluster was there. `started`: since when
 * Works are looked at here, in milliseconds since 1970 as `now`.
 */
export function settlesInMs(
  work: Work,
  cluster: Cluster | undefined,
  now: number,
  started: number,
): number | undefined {
  const since = parseTime(findCondition(cluster?.status?.conditions, 'Ready')?.lastTransitionTime ?? '');
  // Times have whole seconds.
  if (Number.isNaN(since) || parseTime(work.metadata.deletionTimestamp!) >= since) return undefined;
  return Math.max(0, Math.max(since, started) + settlingMs - now);
}

/** Does the binding that the Work was of place its template in the cluster now? As the API server has it. */
export async function isWantedAgain(client: ApiClient, work: Work, cluster: string): Promise<boolean> {
  const key = bindingKeyOf(work);
  if (key === undefined) return false;
  const [name = '', namespace] = key.split('/').reverse();
  try {
    const resource = client.resource<Binding>(bindingKindFor(namespace) as TypedResource<Binding>);
    const binding = await resource.get({ ...(namespace ? { namespace } : {}), name });
    if (binding.metadata.deletionTimestamp || bindingIdOf(binding) !== bindingIdOf(work)) return false;
    const { clusters = [], requiredBy = [] } = binding.spec;
    return [...clusters, ...requiredBy.flatMap((each) => each.clusters ?? [])].some((each) => each.name === cluster);
  } catch (error) {
    if (isReason(error, 'NotFound')) return false;
    throw error;
  }
}
