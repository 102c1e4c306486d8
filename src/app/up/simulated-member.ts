/** A simulated member cluster: its API server, and everything that makes it a cluster. */
import { builtinKinds } from '#apis/kubernetes/kinds.ts';
import { metricsKinds } from '#apis/metrics/usage.ts';
import type { ApiClient } from '#client/api-client.ts';
import type { UserInfo } from '#kube/request/request.ts';
import { type Member, startMember } from '#member/member.ts';
import { memberNetwork } from '#member/network.ts';
import type { NodeShape } from '#member/nodes.ts';
import { answersLater } from '#member/usage.ts';
import type { Log } from '#runtime/telemetry/log.ts';
import { createMetrics } from '#runtime/telemetry/metrics.ts';
import type { Store } from '#server/storage/store.ts';
import type { StageSet } from '#workloads/pods/life/stages.ts';
import type { World } from '#world/world.ts';
import { type ClusterServer, type ClusterServerOptions, startClusterServer } from './cluster-server.ts';
import type { ClusterIdentity } from './identity.ts';

export interface SimulatedMemberOptions extends Pick<ClusterServerOptions, 'admission'> {
  readonly name: string;
  /** Its place among the members; decides its address ranges. */
  readonly index: number;
  readonly store: Store;
  readonly world: World;
  readonly identity: ClusterIdentity;
  readonly log: Log;
  readonly port: number;
  readonly stages: StageSet;
  /** An ordinary member's when absent. */
  readonly nodes?: readonly NodeShape[];
  /** Its controllers read nothing before this has come, and are not waited for; they are when it is absent. */
  readonly after?: Promise<void>;
}

export interface SimulatedMember {
  readonly name: string;
  readonly server: ClusterServer;
  readonly client: (user: UserInfo, userAgent: string) => ApiClient;
  readonly stop: () => Promise<void>;
}

export async function startSimulatedMember(options: SimulatedMemberOptions): Promise<SimulatedMember> {
  const { name, index, store, world, identity, log, port, stages, nodes, admission, after } = options;
  const metrics = createMetrics();
  let member: Member | undefined;
  const server = await startClusterServer({
    name,
    store,
    world,
    identity,
    metrics,
    port,
    portRequired: false,
    kinds: [...builtinKinds(), ...metricsKinds],
    serviceCidr: memberNetwork(index).serviceCidr,
    ...(admission ? { admission } : {}),
    nodes: () => member!.nodes(),
    answered: answersLater(() => member!.usage),
    onError: (error) => log.error('Request failed', error, { server: name }),
    inside: (handler) => {
      member = startMember({
        name,
        index,
        handler,
        world,
        log,
        metrics,
        stages,
        after,
        ...(nodes ? { nodes } : {}),
        rootCertificate: identity.authority.cert,
        authority: identity.authority,
      });
      return member.handler;
    },
  });
  const started = member!;
  if (!after) await started.started;
  return {
    name,
    server,
    client: started.client,
    stop: async () => {
      await started.stop();
      await server.stop();
    },
  };
}
