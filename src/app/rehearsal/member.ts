/** A simulated member that goes on from a snapshot: the real nodes, and Pods that run already. */
import { builtinKinds } from '#apis/kubernetes/kinds.ts';
import type { ApiHandler } from '#kube/request/request.ts';
import { type Member, startMember } from '#member/member.ts';
import { loadStages } from '#member/stages.ts';
import type { ClusterSnapshot } from '#migrate/rehearse/sandbox.ts';
import { silentLog } from '#runtime/telemetry/log.ts';
import { createMetrics } from '#runtime/telemetry/metrics.ts';
import { systemDisk } from '#world/disk/system.ts';
import { programRoot } from '#world/process/root.ts';
import type { World } from '#world/world.ts';
import { nodeNames, nodesOfPods, serviceRange } from './restore.ts';
import type { ServerUnderRehearsal } from './server.ts';
import { startServer } from './server.ts';

export interface LoadedMember {
  readonly name: string;
  readonly handler: ApiHandler;
  readonly setUp: (up: boolean) => void;
  readonly stop: () => Promise<void>;
}

export async function startLoadedMember(
  { cluster, resources }: ClusterSnapshot,
  index: number,
  { store, world }: Pick<ServerUnderRehearsal, 'store'> & { readonly world: World },
): Promise<LoadedMember> {
  const nodes = nodeNames(resources);
  const stray = nodesOfPods(resources).find((node) => !nodes.includes(node));
  if (stray !== undefined) {
    throw new Error(
      `${cluster} has Pods on node ${stray}, which could not be read; a rehearsal needs the right to list nodes`,
    );
  }
  const serviceCidr = serviceRange(resources);
  const server = await startServer({
    name: cluster,
    store,
    world,
    // Without metrics: what real Pods use is not known here, and an autoscaler that is told nothing changes nothing.
    kinds: builtinKinds(),
    // Tokens of accounts are no part of it: new Pods do not wait for them.
    disabledAdmission: ['ServiceAccount'],
    ...(serviceCidr ? { serviceCidr } : {}),
  });
  const stages = await loadStages(systemDisk, `${programRoot()}/data/stages`, 'instant');
  const member: Member = startMember({
    name: cluster,
    index,
    handler: server.handler,
    world,
    stages,
    log: silentLog,
    metrics: createMetrics(),
    // The snapshot's are there already; a cluster without any gets ordinary ones.
    ...(nodes.length > 0 ? { nodes: [] } : {}),
  });
  await member.started;
  return {
    name: cluster,
    handler: member.handler,
    setUp: (up) => {
      member.faults.setApi(up ? {} : { unreachable: true });
      for (const node of nodes) member.faults.setNode(node, up);
    },
    stop: async () => {
      await member.stop();
      server.stop();
    },
  };
}
