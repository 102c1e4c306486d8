/** Connections to the members, kept by their Cluster objects: made when one appears, replaced when its access changes. */
import { type Cluster, ClusterKind } from '#apis/cluster/cluster.ts';
import type { ApiClient } from '#client/api-client.ts';
import { informerFactory } from '#client/informer/factory.ts';
import type { InformerFactory } from '#client/informer/informer.ts';
import { kindFinder } from '#client/kinds.ts';
import { restMapper } from '#client/mapper/mapper.ts';
import type { Member, Members } from '#client/members.ts';
import { syncedOnly } from '#client/unsynced.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import type { GroupVersionKind } from '#kube/meta/kind.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { Random } from '#world/random/random.ts';

/** How a cluster is reached; undefined while what is needed (a Secret) is not there yet. */
export type Connect = (cluster: Cluster) => Promise<ApiClient | undefined>;

export interface MembersOptions {
  readonly informers: InformerFactory;
  readonly connect: Connect;
  readonly kindOf: (gvk: GroupVersionKind) => KindDefinition | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly onError: (cluster: string, error: unknown) => void;
}

export interface MemberRegistry extends Members {
  readonly stop: () => void;
}

/** What of a Cluster decides how it is reached. */
const accessOf = ({ spec }: Cluster) => ({
  endpoint: spec.apiEndpoint,
  secret: spec.secretRef,
  insecure: spec.insecureSkipTLSVerification,
  proxy: spec.proxyURL,
});

/** A cluster that could not be reached for want of a Secret is tried again. */
const retryMs = 2_000;

function memberOver(name: string, client: ApiClient, { kindOf, clock, random }: MembersOptions): Member {
  const informers = informerFactory(client, { clock, random });
  return {
    name,
    client,
    informers,
    mapper: restMapper(client, { clock }),
    kindOf: kindFinder({
      informers,
      known: kindOf,
      // A member that will not show its definitions gets by with deduced types.
      ready: (definitions) => (definitions.lastError() ? definitions : syncedOnly(name, definitions)),
    }),
  };
}

export function memberRegistry(options: MembersOptions): MemberRegistry {
  const { informers, connect, clock, onError } = options;
  const members = new Map<string, Member>();
  const access = new Map<string, unknown>();
  const handlers = new Set<(cluster: string) => void>();
  let stopped = false;

  const drop = (name: string) => {
    const member = members.get(name);
    if (!member) return;
    members.delete(name);
    member.informers.stop();
    member.client.close();
  };

  const dial = async (cluster: Cluster): Promise<void> => {
    const name = cluster.metadata.name!;
    const client = await connect(cluster);
    if (stopped) return client?.close();
    if (!client) {
      clock.after(retryMs, () => void open(name));
      return;
    }
    drop(name);
    members.set(name, memberOver(name, client, options));
    for (const handler of handlers) handler(name);
  };

  const open = async (name: string): Promise<void> => {
    const cluster = clusters.get(name);
    if (!cluster || stopped) return;
    try {
      await dial(cluster);
    } catch (error) {
      onError(name, error);
      clock.after(retryMs, () => void open(name));
    }
  };

  const clusters = informers.informer<Cluster>(ClusterKind);
  const unsubscribe = clusters.onChange((change) => {
    const name = change.object.metadata.name!;
    if (change.type === 'deleted') {
      access.delete(name);
      drop(name);
      for (const handler of handlers) handler(name);
      return;
    }
    const wanted = accessOf(change.object);
    if (deepEqual(access.get(name), wanted)) return;
    access.set(name, wanted);
    void open(name);
  });

  return {
    get: (cluster) => members.get(cluster),
    onChange: (handler) => {
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
    stop: () => {
      stopped = true;
      unsubscribe();
      for (const name of Array.from(members.keys())) drop(name);
    },
  };
}
