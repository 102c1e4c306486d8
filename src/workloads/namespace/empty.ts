/** Deletes all that a namespace holds, of every resource the API server serves, and says what is left. */
import type { ApiClient, ResourceClient } from '#client/api-client.ts';
import { nameOf } from '#client/cached.ts';
import type { DiscoveredResource, RestMapper } from '#client/mapper/mapper.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';
import type { Clock } from '#world/clock/clock.ts';
import { breathe } from '#world/clock/turns.ts';
import type { Emptying } from './conditions.ts';

export interface EmptyOptions {
  readonly client: ApiClient;
  readonly mapper: RestMapper;
  readonly clock: Clock;
}

const background = { propagationPolicy: 'Background' } as const;

/** Reads live: what a cache does not show yet must not be left behind. Throws StatusError when discovery fails. */
export async function emptyNamespace({ client, mapper, clock }: EmptyOptions, namespace: string): Promise<Emptying> {
  const failures: string[] = [];
  const remaining = new Map<string, number>();
  const finalizers = new Map<string, number>();
  for (const ref of await mapper.preferred()) {
    if (!ref.namespaced || !ref.verbs.includes('delete') || !ref.verbs.includes('list')) continue;
    await breathe(clock);
    try {
      const left = await emptied(client.resource<KubeObject>(ref), ref, namespace);
      if (left.length > 0) remaining.set(`${ref.resource}.${ref.group}`, left.length);
      for (const finalizer of left.flatMap(({ metadata }) => metadata.finalizers ?? [])) {
        finalizers.set(finalizer, (finalizers.get(finalizer) ?? 0) + 1);
      }
    } catch (error) {
      // Its definition has just gone, and its objects with it.
      if (!isReason(error, 'NotFound'))
        failures.push(`${ref.resource}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { undiscovered: mapper.unavailable(), failures, remaining, finalizers };
}

/** What still is there after all of it was asked to go. */
async function emptied(
  resource: ResourceClient<KubeObject>,
  { verbs }: DiscoveredResource,
  namespace: string,
): Promise<readonly KubeObject[]> {
  const { items } = await resource.list({ namespace });
  const staying = items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  if (staying.length === 0) return items;
  if (verbs.includes('deletecollection')) await resource.deleteCollection({ namespace }, background);
  else {
    for (const object of staying) {
      await resource.delete(nameOf(object), background).catch((error: unknown) => {
        if (!isReason(error, 'NotFound')) throw error;
      });
    }
  }
  return (await resource.list({ namespace })).items;
}
