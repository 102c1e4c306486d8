/** Evidence of every cluster of a plan; one that nobody here can look into is told, and the others go on. */
import { isReason, type StatusReason } from '#kube/status/status.ts';
import { type Clock, timestamp } from '#world/clock/clock.ts';
import { isAdopted, type MigrationPlan } from '../model.ts';
import { staysHome } from '../plan/placing.ts';
import type { Source } from '../reading/inventory.ts';
import type { Evidence, EvidenceSet, Unseen } from './evidence.ts';
import type { EvidenceKey } from './key.ts';
import { takeEvidence } from './take.ts';

export interface TakeAllOptions {
  readonly plan: MigrationPlan;
  /** Undefined for a cluster that nobody here can reach. */
  readonly member: (cluster: string) => Promise<Source | undefined>;
  readonly clock: Clock;
  readonly key: EvidenceKey;
  readonly progress?: (cluster: string, done: number, total: number) => void;
}

/** A cluster that answers so is no help now. */
const away: readonly StatusReason[] = ['ServiceUnavailable', 'Timeout', 'Unauthorized', 'Forbidden'];
export const isAway = (error: unknown): boolean => away.some((reason) => isReason(error, reason));

/** The running one first. */
const clustersOf = ({ spec }: MigrationPlan): readonly string[] => [...new Set([spec.from.cluster, ...spec.to])];

export async function takeAllEvidence(options: TakeAllOptions): Promise<EvidenceSet> {
  const { plan, clock, key } = options;
  const takenAt = timestamp(clock.now());
  const clusters: Evidence[] = [];
  const unseen: Unseen[] = [];
  for (const cluster of clustersOf(plan)) {
    const taken = await takeOne(options, cluster);
    if ('why' in taken) unseen.push(taken);
    else clusters.push(taken);
  }
  return { plan: plan.metadata.name, key: key.id, takenAt, clusters, unseen };
}

async function takeOne(
  { plan, member, clock, key, progress }: TakeAllOptions,
  cluster: string,
): Promise<Evidence | Unseen> {
  const adopted = plan.objects.filter(isAdopted);
  const objects = cluster === plan.spec.from.cluster ? adopted : adopted.filter((object) => !staysHome(object));
  try {
    const source = await member(cluster);
    if (!source) return { cluster, why: 'nobody here can reach it' };
    return await takeEvidence({
      source: { ...source, cluster },
      objects,
      clock,
      key,
      progress: (done, total) => progress?.(cluster, done, total),
    });
  } catch (error) {
    if (!isAway(error)) throw error;
    return { cluster, why: (error as Error).message };
  }
}
