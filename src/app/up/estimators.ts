/** The accurate estimators of simulated members, in this process: each begins when it is first asked. */
import { informerFactory } from '#client/informer/factory.ts';
import type { InformerFactory } from '#client/informer/informer.ts';
import { createEstimator } from '#fleet/estimator/estimator.ts';
import type { EstimatorService } from '#fleet/estimator/service.ts';
import type { Metrics } from '#runtime/telemetry/metrics.ts';
import type { Disk } from '#world/disk/disk.ts';
import type { World } from '#world/world.ts';
import { estimatorDoor, type InProcessEstimators } from '../components/estimators.ts';
import { adminUser } from './cluster-server.ts';
import type { SimulatedMember } from './simulated-member.ts';

/** The simulated members of this process. */
export interface MembersHere {
  readonly get: (cluster: string) => Pick<SimulatedMember, 'client'> | undefined;
}

export interface EstimatorsOptions {
  readonly disk: Pick<Disk, 'readText'>;
  readonly world: World;
  readonly metrics: Metrics;
}

interface Begun {
  readonly estimator: EstimatorService;
  readonly informers: InformerFactory;
}

/** What a scheduler in this process asks: simulated members by a call, others over gRPC. */
export const estimatorsOf = (members: MembersHere, options: EstimatorsOptions) =>
  estimatorDoor({ disk: options.disk, inProcess: simulated(members, options) });

const simulated =
  (members: MembersHere, { world, metrics }: EstimatorsOptions): InProcessEstimators =>
  (gates) => {
    const begun = new Map<string, Begun>();
    return {
      of: (cluster) => {
        const known = begun.get(cluster);
        if (known) return known.estimator;
        const client = members.get(cluster)?.client(adminUser, 'karmada-scheduler-estimator');
        if (!client) return undefined;
        const informers = informerFactory(client, world);
        const estimator = createEstimator({ cluster, informers, gates, clock: world.clock, metrics });
        begun.set(cluster, { estimator, informers });
        return estimator;
      },
      end: () => {
        for (const { informers } of begun.values()) informers.stop();
        begun.clear();
      },
    };
  };
