/** A simulated member cluster: its API server, and everything that makes it a cluster. */
import { builtinKinds } from '#apis/kubernetes/kinds.ts';
import type { ApiClient } from '#client/api-client.ts';
import type { UserInfo } from '#kube/request/request.ts';
import type { Log } from '#runtime/telemetry/log.ts';
import { createMetrics } from '#runtime/telemetry/metrics.ts';
import type { Store } from '#server/storage/store.ts';
import type { World } from '#world/world.ts';
import { type ClusterServer, startClusterServer } from './cluster-server.ts';
import type { ClusterIdentity } from './identity.ts';

export interface SimulatedMemberOptions {
  readonly name: string;
  /** Its place among the members; decides its address ranges. */
  readonly index: number;
  readonly store: Store;
  readonly world: World;
  readonly identity: ClusterIdentity;
  readonly log: Log;
  readonly port: number;
}

export interface SimulatedMember {
  readonly name: string;
  readonly server: ClusterServer;
  readonly client: (user: UserInfo, userAgent: string) => ApiClient;
  readonly stop: () => Promise<void>;
}

/** member1 has the services 10.11.0.0/16, member2 10.12.0.0/16, and so on, up to the end of 10.0.0.0/8's second byte. */
const firstServiceRange = 11;
const mostRanges = 200;

export async function startSimulatedMember(options: SimulatedMemberOptions): Promise<SimulatedMember> {
  const { name, index, store, world, identity, log, port } = options;
  const metrics = createMetrics();
  const server = await startClusterServer({
    name,
    store,
    world,
    identity,
    metrics,
    port,
    portRequired: false,
    kinds: builtinKinds(),
    serviceCidr: `10.${firstServiceRange + (index % mostRanges)}.0.0/16`,
    onError: (error) => log.error('Request failed', error, { server: name }),
  });
  return { name, server, client: server.client, stop: server.stop };
}
